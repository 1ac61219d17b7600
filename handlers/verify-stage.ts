// Calls each route's live URL until it answers as expected several times in a row, or no longer answers after a removal.
import { GetDeploymentCommand, GetStageCommand } from '@aws-sdk/client-api-gateway';
import { firstOf } from '../core/brief.ts';
import { isNotFound, ServiceProxyError } from '../core/errors.ts';
import type { RouteResult } from '../core/execution.ts';
import { invokeUrl, type Plan, type RoutePlan, routeKey, type TestRequest } from '../core/plan.ts';
import { allow, type Clients, type HttpResponse, type Step } from '../core/step.ts';
import { holdLocks } from './locks.ts';
import { apiGateway, ledger } from './permissions.ts';
import { restApiOf } from './resources.ts';
import { serve } from './serve.ts';
import { skippedResults } from './skipped.ts';

/** The data plane follows a deployment with a delay and not everywhere at once: one good answer proves little. */
const goodAnswersInARow = 3;

function call(
  clients: Clients,
  plan: Plan,
  restApiId: string,
  route: RoutePlan,
  request: TestRequest,
): Promise<HttpResponse> {
  const query = new URLSearchParams(request.query).toString();
  const url = invokeUrl(clients.settings, plan, restApiId, request.path) + (query ? `?${query}` : '');
  return clients.http(
    {
      method: route.httpMethod,
      url,
      headers: request.headers,
      ...(request.body !== undefined && { body: request.body }),
    },
    { sign: route.authorization.type === 'AWS_IAM' },
  );
}

/** For a route that must not be called: the stage points at a deployment that holds it. */
async function checkDeployed(
  { apigateway }: Clients,
  plan: Plan,
  restApiId: string,
  skipped: RoutePlan[],
): Promise<void> {
  const stage = await apigateway.send(new GetStageCommand({ restApiId, stageName: plan.stage.name }));
  const { apiSummary = {} } = await apigateway.send(
    new GetDeploymentCommand({ restApiId, deploymentId: stage.deploymentId, embed: ['apisummary'] }),
  );
  for (const { path, httpMethod } of skipped) {
    if (apiSummary[path]?.[httpMethod]) continue;
    throw new ServiceProxyError(
      'NotStabilized',
      `stage ${plan.stage.name} does not serve ${httpMethod} ${path} yet`,
    );
  }
}

async function verifyRoute(
  clients: Clients,
  plan: Plan,
  restApiId: string,
  route: RoutePlan,
): Promise<RouteResult> {
  const name = routeKey(route);
  if ('skip' in route.test) return { route: name, skipped: route.test.skip };
  const { request, expectStatus } = route.test;
  for (let answers = 0; answers < goodAnswersInARow; answers++) {
    const { status, body } = await call(clients, plan, restApiId, route, request);
    if (status === expectStatus) continue;
    throw new ServiceProxyError(
      'NotStabilized',
      `${name} on stage ${plan.stage.name} answered ${status}, expected ${expectStatus}: ${body.slice(0, 200)}`,
    );
  }
  return { route: name, status: expectStatus };
}

/** API Gateway answers a route it does not have with 403 and this error type. */
async function verifyGone(
  clients: Clients,
  plan: Plan,
  restApiId: string,
  route: RoutePlan,
): Promise<RouteResult> {
  const name = routeKey(route);
  const path = route.path.replace(/\{[^}]+\}/g, 'x');
  const { status } = await call(clients, plan, restApiId, route, { path, query: {}, headers: {} });
  if (status === 403 || status === 404) return { route: name, status };
  throw new ServiceProxyError('NotStabilized', `${name} on stage ${plan.stage.name} still answers ${status}`);
}

export const verifyStage: Step<'VerifyStage'> = {
  name: 'VerifyStage',
  permissions: [
    apiGateway(['GET'], '/restapis/*/stages/*', '/restapis/*/deployments/*'),
    allow(['execute-api:Invoke'], ['arn:{partition}:execute-api:{region}:{account}:*/*']),
    ledger('Query', 'PutItem', 'UpdateItem'),
  ],
  timeoutSeconds: 600,

  async run(running, clients) {
    const { plan } = running;
    const left = skippedResults(clients, 'VerifyStage', plan);
    if (left) return { routes: firstOf(left, 2400) };
    await holdLocks(clients, running);
    const restApiId = restApiOf(running) ?? '';
    const routes: RouteResult[] = [];
    if (plan.operation === 'remove') {
      // Where a route may not be called, or exists no more in the control plane either, its absence there is proof.
      for (const route of plan.routes) {
        const mayCall = !('skip' in route.test);
        routes.push(
          mayCall
            ? await verifyGone(clients, plan, restApiId, route)
            : { route: routeKey(route), skipped: route.test.skip },
        );
      }
      return { routes: firstOf(routes, 2400) };
    }
    const skipped = plan.routes.filter(({ test }) => 'skip' in test);
    if (skipped.length > 0) {
      try {
        await checkDeployed(clients, plan, restApiId, skipped);
      } catch (error) {
        if (!isNotFound(error)) throw error;
        throw new ServiceProxyError('NotStabilized', `stage ${plan.stage.name} is not there yet`);
      }
    }
    for (const route of plan.routes) routes.push(await verifyRoute(clients, plan, restApiId, route));
    return { routes: firstOf(routes, 2400) };
  },
};

export const handler = serve(verifyStage);
