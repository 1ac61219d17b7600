// Deletes what the new definition of a route replaced and no stage serves any more: roles, models, deployments.
import { DeleteModelCommand } from '@aws-sdk/client-api-gateway';
import { inBrief } from '../core/brief.ts';
import { isNotFound } from '../core/errors.ts';
import type { Execution } from '../core/execution.ts';
import type { Step } from '../core/step.ts';
import { deleteUnusedDeployments } from './deployments.ts';
import { rolesMade } from './ledger.ts';
import { holdLocks } from './locks.ts';
import { apiGateway, ledger } from './permissions.ts';
import { restApiOf } from './resources.ts';
import { deleteOwnedRole, deletesRoles } from './roles.ts';
import { serve } from './serve.ts';

/** The deployments that stages of ours serve: the ledger's, and this execution's own. */
function servingOf({ plan, outputs }: Execution): ReadonlySet<string> {
  const others = (plan.record?.stages ?? []).filter(({ name }) => name !== plan.stage.name);
  const own = outputs.CreateDeployment?.deploymentId;
  return new Set([...others.map(({ deploymentId }) => deploymentId), ...(own ? [own] : [])]);
}

export const deleteSuperseded: Step<'DeleteSuperseded'> = {
  name: 'DeleteSuperseded',
  permissions: [
    ...deletesRoles,
    apiGateway(['GET'], '/restapis/*/deployments'),
    apiGateway(['DELETE'], '/restapis/*/models/*', '/restapis/*/deployments/*'),
    ledger('Query', 'PutItem', 'UpdateItem'),
  ],
  timeoutSeconds: 300,

  async run(running, clients) {
    const { plan, made } = running;
    const { models } = plan.superseded;
    const used = new Set(plan.routes.map(({ role }) => role?.name));
    const unused = rolesMade(made).filter(name => !used.has(name));
    const roles = [...plan.superseded.roles, ...unused];
    const deleted: string[] = [];
    const isRedeployed = plan.stage.change === 'UPDATE' || plan.stage.change === 'DELETE';
    const goesWhole = plan.restApi.change === 'DELETE';
    if (goesWhole || (!isRedeployed && roles.length + models.length === 0)) return { deleted };
    await holdLocks(clients, running);
    const restApiId = restApiOf(running) ?? '';
    for (const name of roles) if (await deleteOwnedRole(clients, name)) deleted.push(`role ${name}`);
    for (const modelName of models) {
      try {
        await clients.apigateway.send(new DeleteModelCommand({ restApiId, modelName }));
        deleted.push(`model ${modelName}`);
      } catch (error) {
        if (!isNotFound(error)) throw error; // an earlier attempt deleted it
      }
    }
    if (isRedeployed)
      deleted.push(...(await deleteUnusedDeployments(clients, restApiId, servingOf(running))));
    return { deleted: inBrief(deleted) };
  },
};

export const handler = serve(deleteSuperseded);
