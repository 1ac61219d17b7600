// The walkthrough's console test of each route, before anything is live; waits until its role can be assumed.
import { TestInvokeMethodCommand } from '@aws-sdk/client-api-gateway';
import { firstOf } from '../core/brief.ts';
import { ServiceProxyError } from '../core/errors.ts';
import type { RouteResult } from '../core/execution.ts';
import { type Plan, type RoutePlan, routeKey } from '../core/plan.ts';
import { redact, secretsOfPlan } from '../core/redaction.ts';
import type { Clients, Step } from '../core/step.ts';
import { holdLocks } from './locks.ts';
import { apiGateway, ledger } from './permissions.ts';
import { idOf, resourceIds, restApiOf } from './resources.ts';
import { serve } from './serve.ts';
import { skippedResults } from './skipped.ts';
import { inTurns } from './turns.ts';

/** In the log of a method whose role is too new, or trusts somebody else; the method's status is then 500. */
const roleNotAssumable = /does not have permission to assume the provided role/i;
/** The target refused the role's credentials: a new role's policy spreads a little later than the role itself. */
const deniedToRole = /AccessDenied|is not authorized to perform|AuthorizationError/;

async function testRoute(
  clients: Clients,
  plan: Plan,
  route: RoutePlan,
  at: { restApiId: string; resourceId: string },
): Promise<RouteResult> {
  const name = routeKey(route);
  if ('skip' in route.test) return { route: name, skipped: route.test.skip };
  const { request, expectStatus } = route.test;
  const query = new URLSearchParams(request.query).toString();
  const {
    status,
    body = '',
    log = '',
  } = await clients.apigateway.send(
    new TestInvokeMethodCommand({
      ...at,
      httpMethod: route.httpMethod,
      pathWithQueryString: query ? `${request.path}?${query}` : request.path,
      headers: request.headers,
      ...(request.body !== undefined && { body: request.body }),
    }),
  );
  if (status === expectStatus) {
    return { route: name, status, body: redact(body, secretsOfPlan(plan)).slice(0, 1000) };
  }
  if (roleNotAssumable.test(log)) {
    // IAM answers before every region has the role.
    throw new ServiceProxyError(
      'NotStabilized',
      `${name}: role ${route.role?.name} is not assumable by API Gateway yet`,
    );
  }
  if (route.role?.change === 'CREATE' && deniedToRole.test(body + log)) {
    throw new ServiceProxyError(
      'NotStabilized',
      `${name}: role ${route.role.name} is still refused by ${route.service}`,
    );
  }
  throw new ServiceProxyError(
    'TestFailed',
    `TestInvokeMethod on ${name} (${route.service} ${route.action}) returned ${status}, expected ${expectStatus}: ${body.slice(0, 500)}`,
  );
}

export const testInvokeMethod: Step<'TestInvokeMethod'> = {
  name: 'TestInvokeMethod',
  permissions: [
    apiGateway(['POST'], '/restapis/*/resources/*'),
    ledger('Query', 'GetItem', 'PutItem', 'UpdateItem'),
  ],
  timeoutSeconds: 600,

  async run(running, clients) {
    const { plan } = running;
    const skipped = skippedResults(clients, 'TestInvokeMethod', plan);
    if (skipped) return { tests: firstOf(skipped, 4000) };
    await holdLocks(clients, running);
    const restApiId = restApiOf(running) ?? '';
    const ids = resourceIds(running);
    const tests = await inTurns<RoutePlan, RouteResult>(clients, running, {
      state: 'TestInvokeMethod',
      items: plan.routes,
      calls: ({ test }) => ('skip' in test ? 0 : 1),
      work: route => testRoute(clients, plan, route, { restApiId, resourceId: idOf(ids, route.path) }),
    });
    return { tests: firstOf(tests, 4000) };
  },
};

export const handler = serve(testInvokeMethod);
