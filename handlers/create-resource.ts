// Creates every missing resource on the paths, parents first.
import { CreateResourceCommand, DeleteResourceCommand } from '@aws-sdk/client-api-gateway';
import { isConflict, isNotFound, ServiceProxyError } from '../core/errors.ts';
import type { ExecutionIdentity } from '../core/execution.ts';
import { parentPath, pathPart } from '../core/path.ts';
import type { Plan } from '../core/plan.ts';
import type { Clients, Rollback, Step } from '../core/step.ts';
import { forgetMade, loadMade, recordIntent, recordMade } from './ledger.ts';
import { holdLocks } from './locks.ts';
import { apiGateway, ledgerRead, ledgerWrite } from './permissions.ts';
import { idOf, listResources, resourceIds, restApiOf } from './resources.ts';
import { serve } from './serve.ts';

async function createOne(
  clients: Clients,
  execution: ExecutionIdentity,
  restApiId: string,
  path: string,
  parentId: string,
  wasTried: boolean,
): Promise<string> {
  if (wasTried) {
    const existing = (await listResources(clients, restApiId)).find(resource => resource.path === path);
    if (existing?.id) return existing.id;
  }
  await recordIntent(clients, execution, `resource ${path}`);
  try {
    const created = await clients.apigateway.send(
      new CreateResourceCommand({ restApiId, parentId, pathPart: pathPart(path) }),
    );
    return created.id ?? '';
  } catch (error) {
    // A definite refusal: somebody outside this product made it since the plan. It is theirs.
    if (isConflict(error)) {
      await forgetMade(clients, execution.name, `resource ${path}`);
      throw new ServiceProxyError(
        'NotOwned',
        `resource ${path} was made by somebody else since the plan; start again`,
      );
    }
    throw error;
  }
}

/** Paths to delete: what this execution made or, for `remove`, what the plan says; leaves first. */
async function doomedPaths(clients: Clients, plan: Plan): Promise<string[]> {
  const change = plan.operation === 'remove' ? 'DELETE' : 'CREATE';
  const planned = plan.resources.filter(resource => resource.change === change).map(({ path }) => path);
  if (plan.operation === 'remove') return planned.reverse();
  const made = await loadMade(clients, plan.executionName);
  return planned.filter(path => made.has(`resource ${path}`)).reverse();
}

const rollback: Rollback = {
  name: 'DeleteResource',
  permissions: [
    apiGateway(['GET'], '/restapis/*/resources'),
    apiGateway(['DELETE'], '/restapis/*/resources/*'),
    ledgerRead,
    ledgerWrite,
  ],
  timeoutSeconds: 300,
  async run({ plan, outputs }, clients) {
    const rolledBack: string[] = [];
    // An API made by this execution goes whole, and one that is deleted takes its resources with it.
    if (plan.restApi.change === 'CREATE' || plan.restApi.change === 'DELETE') return { rolledBack };
    const restApiId = await restApiOf(clients, plan, outputs);
    const paths = await doomedPaths(clients, plan);
    if (restApiId === undefined || paths.length === 0) return { rolledBack };
    const existing = await listResources(clients, restApiId);
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
      if (resource?.id) {
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
    ledgerRead,
    ledgerWrite,
  ],
  timeoutSeconds: 300,

  async run(running, clients) {
    const { execution, plan, outputs } = running;
    await holdLocks(clients, running);
    const restApiId = await restApiOf(clients, plan, outputs);
    if (restApiId === undefined)
      throw new ServiceProxyError('Refused', 'there is no API to create resources in');
    const ids = new Map(await resourceIds(clients, plan, outputs));
    const made = await loadMade(clients, plan.executionName);
    const missing = plan.resources.filter(({ change }) => change === 'CREATE');
    for (const { path } of missing) {
      if (ids.has(path)) continue;
      const wasTried = made.has(`resource ${path}`);
      const id = await createOne(clients, execution, restApiId, path, idOf(ids, parentPath(path)), wasTried);
      await recordMade(clients, plan.executionName, `resource ${path}`, id);
      ids.set(path, id);
    }
    return { resources: missing.length };
  },

  rollback,
};

export const handler = serve(createResource);
export const rollbackHandler = serve(rollback);
