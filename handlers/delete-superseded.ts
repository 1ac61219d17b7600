// Deletes the roles and models that the new definition of a route replaced, and roles that turned out not to be needed.
import { DeleteModelCommand } from '@aws-sdk/client-api-gateway';
import { inBrief } from '../core/brief.ts';
import { isNotFound } from '../core/errors.ts';
import type { Step } from '../core/step.ts';
import { rolesMade } from './ledger.ts';
import { holdLocks } from './locks.ts';
import { apiGateway, ledgerRead, ledgerWrite } from './permissions.ts';
import { restApiOf } from './resources.ts';
import { deleteOwnedRole, deletesRoles } from './roles.ts';
import { serve } from './serve.ts';

export const deleteSuperseded: Step<'DeleteSuperseded'> = {
  name: 'DeleteSuperseded',
  permissions: [...deletesRoles, apiGateway(['DELETE'], '/restapis/*/models/*'), ledgerRead, ledgerWrite],
  timeoutSeconds: 300,

  async run(running, clients) {
    const { plan, made } = running;
    const { models } = plan.superseded;
    const used = new Set(plan.routes.map(({ role }) => role?.name));
    const unused = rolesMade(made).filter(name => !used.has(name));
    const roles = [...plan.superseded.roles, ...unused];
    const deleted: string[] = [];
    if (roles.length + models.length === 0) return { deleted };
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
    return { deleted: inBrief(deleted) };
  },
};

export const handler = serve(deleteSuperseded);
