// Creates the REST API where there is none, or prepares the one there is.
import {
  CreateRestApiCommand,
  DeleteRestApiCommand,
  GetRestApiCommand,
  type RestApi,
  UpdateRestApiCommand,
} from '@aws-sdk/client-api-gateway';
import { isNotFound, ServiceProxyError } from '../core/errors.ts';
import type { Execution } from '../core/execution.ts';
import { ownerTag, type Plan, routeKey } from '../core/plan.ts';
import type { Clients, Rollback, Step } from '../core/step.ts';
import { acquireLock, forgetMade, recordIntent, reserveRestApi } from './ledger.ts';
import { holdLocks, lockOfApi, retakeLocks } from './locks.ts';
import { checkSettled, makeOnce } from './making.ts';
import { apiGateway, ledger } from './permissions.ts';
import { apisMadeBy, resourcesLeft } from './resources.ts';
import { serve } from './serve.ts';
import { awaitTurn } from './turns.ts';

const thingOf = (plan: Plan) => `restApi ${plan.restApi.name}` as const;

const addOrRemove = (op: 'add' | 'remove', types: readonly string[]) =>
  types.map(type => ({ op, path: `/binaryMediaTypes/${type.replaceAll('~', '~0').replaceAll('/', '~1')}` }));

/** Deleting an API takes everything in it along: never where somebody else has put something into it. */
async function deleteApi(clients: Clients, plan: Plan, restApiId: string): Promise<boolean> {
  const ours = new Set<string>([
    '/',
    ...plan.resources.map(({ path }) => path),
    ...plan.routes.map(routeKey),
  ]);
  const found = (await resourcesLeft(clients, restApiId)).flatMap(({ path = '/', resourceMethods = {} }) => [
    path,
    ...Object.keys(resourceMethods).map(httpMethod => routeKey({ httpMethod, path })),
  ]);
  const foreign = found.filter(thing => !ours.has(thing));
  if (foreign.length > 0) {
    throw new ServiceProxyError(
      'NotOwned',
      `REST API ${plan.restApi.name} (${restApiId}) now holds what is not ours: ${foreign.join(', ')}`,
    );
  }
  try {
    await clients.apigateway.send(new DeleteRestApiCommand({ restApiId }));
    return true;
  } catch (error) {
    if (isNotFound(error)) return false; // an earlier attempt deleted it
    throw error;
  }
}

async function restoreMediaTypes(
  { apigateway }: Clients,
  restApiId: string,
  added: readonly string[],
): Promise<void> {
  try {
    const { binaryMediaTypes = [] } = await apigateway.send(new GetRestApiCommand({ restApiId }));
    const patchOperations = addOrRemove(
      'remove',
      added.filter(type => binaryMediaTypes.includes(type)),
    );
    if (patchOperations.length > 0)
      await apigateway.send(new UpdateRestApiCommand({ restApiId, patchOperations }));
  } catch (error) {
    if (!isNotFound(error)) throw error; // the whole API is gone
  }
}

async function deleteMade(clients: Clients, { plan, made }: Execution): Promise<string[]> {
  const thing = thingOf(plan);
  const id = made.get(thing)?.id;
  const ids =
    id === undefined ? (await apisMadeBy(clients, plan.executionName)).map(one => one.id ?? '') : [id];
  const deleted: string[] = [];
  for (const one of ids) if (await deleteApi(clients, plan, one)) deleted.push(one);
  if (deleted.length === 0) checkSettled(clients, made, thing);
  return deleted;
}

const rollback: Rollback = {
  name: 'DeleteRestApi',
  permissions: [
    apiGateway(['GET'], '/restapis', '/restapis/*'),
    apiGateway(['DELETE', 'PATCH'], '/restapis/*'),
    ledger('Query', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'),
  ],
  timeoutSeconds: 60,
  async run(running, clients) {
    const { plan, made } = running;
    const { restApi } = plan;
    if (restApi.change === 'KEEP') return { rolledBack: [] };
    const said = (id: string) => `REST API ${restApi.name} (${id})`;
    if (restApi.change === 'DELETE') {
      await retakeLocks(clients, running);
      return { rolledBack: (await deleteApi(clients, plan, restApi.id)) ? [said(restApi.id)] : [] };
    }
    if (!made.has(thingOf(plan))) return { rolledBack: [] };
    await retakeLocks(clients, running);
    const rolledBack =
      restApi.change === 'CREATE'
        ? (await deleteMade(clients, running)).map(said)
        : [`binary media types of REST API ${restApi.name}`];
    if (restApi.change === 'UPDATE')
      await restoreMediaTypes(clients, restApi.id, restApi.addBinaryMediaTypes);
    await forgetMade(clients, plan.executionName, thingOf(plan));
    return { rolledBack };
  },
};

async function makeApi(
  clients: Clients,
  running: Execution,
): Promise<{ restApiId: string; rootResourceId: string }> {
  const { execution, plan, made } = running;
  const { apigateway } = clients;
  if (!made.has(thingOf(plan)))
    await awaitTurn(clients, running, 'CreateRestApi', () => reserveRestApi(clients));
  const { name } = plan.restApi;
  const binaryMediaTypes = plan.restApi.change === 'CREATE' ? plan.restApi.binaryMediaTypes : [];
  const command = new CreateRestApiCommand({
    name,
    description: 'Service proxies made by service-proxy',
    // An import sets it: what has none could not be left as it was.
    version: '1.0',
    endpointConfiguration: { types: ['REGIONAL'] },
    tags: { ...plan.tags, [ownerTag]: plan.executionName },
    ...(binaryMediaTypes.length > 0 && { binaryMediaTypes: [...binaryMediaTypes] }),
  });
  let answer: RestApi | undefined;
  const restApiId = await makeOnce(clients, execution, made, {
    thing: thingOf(plan),
    find: async () => (await apisMadeBy(clients, plan.executionName))[0]?.id,
    async make() {
      answer = await apigateway.send(command);
      return answer.id;
    },
  });
  answer ??= await apigateway.send(new GetRestApiCommand({ restApiId }));
  return { restApiId, rootResourceId: answer.rootResourceId ?? '' };
}

export const createRestApi: Step<'CreateRestApi'> = {
  name: 'CreateRestApi',
  permissions: [
    apiGateway(['GET', 'POST'], '/restapis'),
    apiGateway(['GET', 'PATCH'], '/restapis/*'),
    apiGateway(['PUT'], '/tags/*'),
    ledger('Query', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'),
  ],
  timeoutSeconds: 60,

  async run(running, clients) {
    const { execution, plan } = running;
    const { restApi } = plan;
    await holdLocks(clients, running);
    if (restApi.change === 'CREATE') {
      const api = await makeApi(clients, running);
      await acquireLock(clients, lockOfApi(plan, api.restApiId), execution);
      return api;
    }
    if (restApi.change === 'UPDATE') {
      const patchOperations = addOrRemove('add', restApi.addBinaryMediaTypes);
      await recordIntent(clients, execution, thingOf(plan));
      await clients.apigateway.send(new UpdateRestApiCommand({ restApiId: restApi.id, patchOperations }));
    }
    return { restApiId: restApi.id, rootResourceId: restApi.rootResourceId };
  },

  rollback,
};

export const handler = serve(createRestApi);
export const rollbackHandler = serve(rollback);
