// Creates every missing resource on the paths, parents first.
import { CreateResourceCommand, DeleteResourceCommand } from '@aws-sdk/client-api-gateway';
import { isConflict, isNotFound, ServiceProxyError } from '../core/errors.ts';
import type { Made } from '../core/execution.ts';
import { parentPath, pathPart } from '../core/path.ts';
import type { Plan } from '../core/plan.ts';
import type { Clients, Rollback, Step } from '../core/step.ts';
import { forgetMade } from './ledger.ts';
import { holdLocks, retakeLocks } from './locks.ts';
import { checkSettled, makeOnce } from './making.ts';
import { apiGateway, ledger } from './permissions.ts';
import { idOf, listResources, resourceIds, resourcesLeft, restApiOf } from './resources.ts';
import { serve } from './serve.ts';
import { inTurns } from './turns.ts';

async function createOne(
  clients: Clients,
  restApiId: string,
  path: string,
  parentId: string,
): Promise<string | undefined> {
  try {
    const created = await clients.apigateway.send(
      new CreateResourceCommand({ restApiId, parentId, pathPart: pathPart(path) }),
    );
    return created.id;
  } catch (error) {
    // A definite refusal: somebody outside this product made it since the plan. It is theirs.
    if (!isConflict(error)) throw error;
    throw new ServiceProxyError(
      'NotOwned',
      `resource ${path} was made by somebody else since the plan; start again`,
    );
  }
}

/** Paths to delete: what this execution made or, for `remove`, what the plan says; leaves first. */
function doomedPaths(plan: Plan, made: Made): string[] {
  const change = plan.operation === 'remove' ? 'DELETE' : 'CREATE';
  const planned = plan.resources.filter(resource => resource.change === change).map(({ path }) => path);
  if (plan.operation === 'remove') return planned.reverse();
  return planned.filter(path => made.has(`resource ${path}`)).reverse();
}

const rollback: Rollback = {
  name: 'DeleteResource',
  permissions: [
    apiGateway(['GET'], '/restapis/*/resources'),
    apiGateway(['DELETE'], '/restapis/*/resources/*'),
    ledger('Query', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'),
  ],
  timeoutSeconds: 300,
  async run(running, clients) {
    const { plan, made } = running;
    const rolledBack: string[] = [];
    // An API made by this execution goes whole, and one that is deleted takes its resources with it.
    if (plan.restApi.change === 'CREATE' || plan.restApi.change === 'DELETE') return { rolledBack };
    const restApiId = restApiOf(running);
    const paths = doomedPaths(plan, made);
    if (restApiId === undefined || paths.length === 0) return { rolledBack };
    await retakeLocks(clients, running);
    const existing = await resourcesLeft(clients, restApiId);
    for (const path of paths) {
      const resource = existing.find(one => one.path === path);
      // DeleteResource takes everything below with it (recorded on AWS): never where somebody else's things are.
      const below = existing.filter(one => one.parentId === resource?.id && !paths.includes(one.path ?? ''));
      const methods = Object.keys(resource?.resourceMethods ?? {});
      if (resource && (below.length > 0 || methods.length > 0)) {
        throw new ServiceProxyError(
          'NotOwned',
          `resource ${path} now holds what is not ours: ${[...methods, ...below.map(one => one.path)].join(', ')}`,
        );
      }
      if (resource?.id === undefined) checkSettled(clients, made, `resource ${path}`);
      else {
        try {
          await clients.apigateway.send(new DeleteResourceCommand({ restApiId, resourceId: resource.id }));
          rolledBack.push(`resource ${path}`);
        } catch (error) {
          if (!isNotFound(error)) throw error; // an earlier attempt deleted it
        }
      }
      await forgetMade(clients, plan.executionName, `resource ${path}`);
    }
    return { rolledBack };
  },
};

export const createResource: Step<'CreateResource'> = {
  name: 'CreateResource',
  permissions: [
    apiGateway(['GET'], '/restapis/*/resources'),
    apiGateway(['POST'], '/restapis/*/resources/*'),
    ledger('Query', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'),
  ],
  timeoutSeconds: 300,

  async run(running, clients) {
    const { execution, plan, made } = running;
    await holdLocks(clients, running);
    const restApiId = restApiOf(running);
    if (restApiId === undefined)
      throw new ServiceProxyError('Refused', 'there is no API to create resources in');
    const ids = new Map(resourceIds(running));
    const missing = plan.resources.filter(({ change }) => change === 'CREATE');
    await inTurns(clients, running, {
      state: 'CreateResource',
      items: missing,
      // Of these API Gateway takes five a second, and no more at once.
      calls: () => 2,
      most: 5,
      work: async ({ path }) => {
        if (ids.has(path)) return;
        const id = await makeOnce(clients, execution, made, {
          thing: `resource ${path}`,
          find: async () => (await listResources(clients, restApiId)).find(one => one.path === path)?.id,
          make: () => createOne(clients, restApiId, path, idOf(ids, parentPath(path))),
        });
        ids.set(path, id);
      },
    });
    return { resources: missing.length };
  },

  rollback,
};

export const handler = serve(createResource);
export const rollbackHandler = serve(rollback);
