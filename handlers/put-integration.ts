// Puts each route's integration, which calls the target service with the route's role, and its responses.
import {
  DeleteIntegrationCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
} from '@aws-sdk/client-api-gateway';
import { isNotFound } from '../core/errors.ts';
import { type RoutePlan, routesToPut } from '../core/plan.ts';
import { allow, type Clients, type Rollback, type Step } from '../core/step.ts';
import { checkFence, loadMade } from './ledger.ts';
import { holdLocks } from './locks.ts';
import type { MethodTarget } from './method-definition.ts';
import { apiGateway, ledgerRead, ledgerWrite } from './permissions.ts';
import { idOf, listResources, resourceIds, restApiOf } from './resources.ts';
import { serve } from './serve.ts';

const rollback: Rollback = {
  name: 'DeleteIntegration',
  permissions: [
    apiGateway(['GET'], '/restapis/*/resources'),
    apiGateway(['DELETE'], '/restapis/*/resources/*'),
    ledgerRead,
  ],
  timeoutSeconds: 300,
  // The method that was there before is put back whole by DeleteMethod, which comes next.
  async run({ plan, outputs }, clients) {
    const rolledBack: string[] = [];
    if (plan.restApi.change === 'CREATE') return { rolledBack };
    const restApiId = await restApiOf(clients, plan, outputs);
    const made = await loadMade(clients, plan.executionName);
    const touched = plan.routes.filter(({ httpMethod, path }) => made.has(`method ${httpMethod} ${path}`));
    if (restApiId === undefined || touched.length === 0) return { rolledBack };
    const existing = await listResources(clients, restApiId);
    for (const { path, httpMethod } of touched) {
      const resource = existing.find(one => one.path === path);
      if (!resource?.id || !resource.resourceMethods?.[httpMethod]?.methodIntegration) continue;
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

export const putIntegration: Step<'PutIntegration'> = {
  name: 'PutIntegration',
  permissions: [
    apiGateway(['PUT'], '/restapis/*/resources/*'),
    allow(['iam:PassRole'], ['arn:{partition}:iam::{account}:role/service-proxy/*'], {
      StringEquals: { 'iam:PassedToService': 'apigateway.amazonaws.com' },
    }),
    ledgerRead,
    ledgerWrite,
  ],
  timeoutSeconds: 600,

  async run(running, clients) {
    const { plan, outputs } = running;
    await holdLocks(clients, running);
    const changed = routesToPut(plan);
    if (changed.length === 0) return { integrations: 0 };
    const restApiId = (await restApiOf(clients, plan, outputs)) ?? '';
    const ids = await resourceIds(clients, plan, outputs);
    for (const route of changed) {
      await checkFence(clients, running.execution);
      await putIntegrationOf(clients, route, {
        restApiId,
        resourceId: idOf(ids, route.path),
        httpMethod: route.httpMethod,
      });
    }
    return { integrations: changed.length };
  },

  rollback,
};

export const handler = serve(putIntegration);
export const rollbackHandler = serve(rollback);
