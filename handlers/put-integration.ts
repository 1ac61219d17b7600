// Puts each route's integration, which calls the target service with the route's role, and its responses.
import {
  DeleteIntegrationCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
} from '@aws-sdk/client-api-gateway';
import { isNotFound } from '../core/errors.ts';
import { type RoutePlan, routeKey, routesToPut } from '../core/plan.ts';
import { allow, type Clients, type Rollback, type Step } from '../core/step.ts';
import { importMethods, routesToImport } from './import-methods.ts';
import { checkFence } from './ledger.ts';
import { holdLocks, retakeLocks } from './locks.ts';
import { checkSettled } from './making.ts';
import type { MethodTarget } from './method-definition.ts';
import { isPlanned, putResponses, responsesOf } from './methods.ts';
import { apiGateway, ledger } from './permissions.ts';
import { idOf, resourceIds, resourcesLeft, restApiOf } from './resources.ts';
import { serve } from './serve.ts';
import { inTurns } from './turns.ts';

const rollback: Rollback = {
  name: 'DeleteIntegration',
  permissions: [
    apiGateway(['GET'], '/restapis/*/resources'),
    apiGateway(['DELETE'], '/restapis/*/resources/*'),
    ledger('Query', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'),
  ],
  timeoutSeconds: 300,
  // Where there was a method before, DeleteMethod puts it back whole: it comes next.
  async run(running, clients) {
    const { plan, made } = running;
    const rolledBack: string[] = [];
    if (plan.restApi.change === 'CREATE') return { rolledBack };
    const restApiId = restApiOf(running);
    // One that arrives late, or twice, would put everything back that is about to go.
    for (const thing of made.keys()) if (thing.startsWith('import ')) checkSettled(clients, made, thing);
    const touched = plan.routes.filter(
      route => !route.method.previous && made.has(`method ${routeKey(route)}`),
    );
    if (restApiId === undefined || touched.length === 0) return { rolledBack };
    await retakeLocks(clients, running);
    const existing = await resourcesLeft(clients, restApiId);
    for (const route of touched) {
      const { path, httpMethod } = route;
      const resource = existing.find(one => one.path === path);
      const method = resource?.resourceMethods?.[httpMethod];
      if (!resource?.id || !method?.methodIntegration || !isPlanned(method, route, plan)) continue;
      try {
        await clients.apigateway.send(
          new DeleteIntegrationCommand({ restApiId, resourceId: resource.id, httpMethod }),
        );
        rolledBack.push(`integration ${httpMethod} ${path}`);
      } catch (error) {
        if (!isNotFound(error)) throw error; // an earlier attempt deleted it
      }
    }
    return { rolledBack };
  },
};

async function putIntegrationOf(
  { apigateway }: Clients,
  route: RoutePlan,
  target: MethodTarget,
): Promise<void> {
  const { definition } = route.method;
  if (!definition) return;
  const { httpMethod, ...integration } = definition.integration;
  // PutIntegration replaces an integration and drops its responses: an attempt after the first starts clean.
  await apigateway.send(
    new PutIntegrationCommand({
      ...target,
      ...integration,
      integrationHttpMethod: httpMethod,
      ...(route.role && { credentials: route.role.arn }),
    }),
  );
  for (const response of definition.integrationResponses) {
    await apigateway.send(new PutIntegrationResponseCommand({ ...target, ...response }));
  }
}

const callsFor = ({ method }: RoutePlan) => 1 + (method.definition?.integrationResponses.length ?? 0);

export const putIntegration: Step<'PutIntegration'> = {
  name: 'PutIntegration',
  permissions: [
    apiGateway(['PUT', 'PATCH'], '/restapis/*/resources/*'),
    // The API itself: its id has ten characters.
    apiGateway(['GET', 'PUT'], '/restapis/??????????'),
    apiGateway(['GET'], '/restapis/*/resources'),
    allow(['iam:PassRole'], ['arn:{partition}:iam::{account}:role/service-proxy/*'], {
      StringEquals: { 'iam:PassedToService': 'apigateway.amazonaws.com' },
    }),
    ledger('Query', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'),
  ],
  timeoutSeconds: 600,

  async run(running, clients) {
    const { plan } = running;
    await holdLocks(clients, running);
    const changed = routesToPut(plan);
    if (changed.length === 0) return { integrations: 0 };
    const restApiId = restApiOf(running) ?? '';
    const ids = resourceIds(running);
    const toImport = new Set(routesToImport(clients, plan));
    const refused = new Set(await importMethods(clients, running, restApiId));
    await inTurns(clients, running, {
      state: 'PutIntegration',
      items: changed.filter(route => !toImport.has(route) || refused.has(route)),
      calls: route => callsFor(route) + (refused.has(route) ? responsesOf(route).length : 0),
      work: async route => {
        await checkFence(clients, running.execution);
        const { path, httpMethod } = route;
        const target = { restApiId, resourceId: idOf(ids, path), httpMethod };
        if (refused.has(route)) await putResponses(clients, route, target, true);
        await putIntegrationOf(clients, route, target);
      },
    });
    return { integrations: changed.length };
  },

  rollback,
};

export const handler = serve(putIntegration);
export const rollbackHandler = serve(rollback);
