// Creates the REST API where there is none, or prepares the one there is.
import {
  CreateRestApiCommand,
  DeleteRestApiCommand,
  GetRestApisCommand,
  type RestApi,
  UpdateRestApiCommand,
} from '@aws-sdk/client-api-gateway';
import { isNotFound } from '../core/errors.ts';
import { ownerTag, type Plan } from '../core/plan.ts';
import type { Clients, Rollback, Step } from '../core/step.ts';
import { acquireLock, forgetMade, loadMade, recordIntent, recordMade } from './ledger.ts';
import { apiGateway, ledgerRead, ledgerWrite } from './permissions.ts';
import { serve } from './serve.ts';

const thingOf = (plan: Plan) => `restApi ${plan.restApi.name}` as const;

/** API names are not unique and CreateRestApi takes no token: the owner's tag tells which one is ours. */
async function findOurs({ apigateway }: Clients, plan: Plan): Promise<RestApi | undefined> {
  let position: string | undefined;
  do {
    const page = await apigateway.send(new GetRestApisCommand({ limit: 500, ...(position && { position }) }));
    const ours = page.items?.find(({ tags }) => tags?.[ownerTag] === plan.executionName);
    if (ours) return ours;
    position = page.position;
  } while (position);
  return undefined;
}

const addOrRemove = (op: 'add' | 'remove', types: readonly string[]) =>
  types.map(type => ({ op, path: `/binaryMediaTypes/${type.replaceAll('~', '~0').replaceAll('/', '~1')}` }));

const rollback: Rollback = {
  name: 'DeleteRestApi',
  permissions: [
    apiGateway(['GET'], '/restapis'),
    apiGateway(['DELETE', 'PATCH'], '/restapis/*'),
    ledgerRead,
    ledgerWrite,
  ],
  timeoutSeconds: 60,
  async run({ plan }, clients) {
    const { restApi } = plan;
    const { apigateway } = clients;
    if (restApi.change === 'UPDATE') {
      const patchOperations = addOrRemove('remove', restApi.addBinaryMediaTypes);
      await apigateway.send(new UpdateRestApiCommand({ restApiId: restApi.id, patchOperations }));
      return { rolledBack: [`binary media types of REST API ${restApi.name}`] };
    }
    if (restApi.change === 'KEEP') return { rolledBack: [] };
    const made = await loadMade(clients, plan.executionName);
    if (restApi.change === 'CREATE' && !made.has(thingOf(plan))) return { rolledBack: [] };
    const id =
      restApi.change === 'DELETE'
        ? restApi.id
        : (made.get(thingOf(plan))?.id ?? (await findOurs(clients, plan))?.id);
    if (id === undefined) return { rolledBack: [] };
    try {
      await apigateway.send(new DeleteRestApiCommand({ restApiId: id }));
    } catch (error) {
      if (!isNotFound(error)) throw error; // an earlier attempt deleted it
    }
    await forgetMade(clients, plan.executionName, thingOf(plan));
    return { rolledBack: [`REST API ${restApi.name} (${id})`] };
  },
};

export const createRestApi: Step<'CreateRestApi'> = {
  name: 'CreateRestApi',
  permissions: [
    apiGateway(['GET', 'POST'], '/restapis'),
    apiGateway(['PATCH'], '/restapis/*'),
    apiGateway(['PUT'], '/tags/*'),
    ledgerRead,
    ledgerWrite,
  ],
  timeoutSeconds: 60,

  async run({ execution, plan }, clients) {
    const { restApi } = plan;
    const { apigateway } = clients;
    if (restApi.change === 'UPDATE') {
      const patchOperations = addOrRemove('add', restApi.addBinaryMediaTypes);
      await apigateway.send(new UpdateRestApiCommand({ restApiId: restApi.id, patchOperations }));
    }
    if (restApi.change !== 'CREATE') return { restApiId: restApi.id, rootResourceId: restApi.rootResourceId };

    const made = await loadMade(clients, plan.executionName);
    // An earlier attempt may have made it without our seeing the answer.
    const earlier = made.has(thingOf(plan)) ? await findOurs(clients, plan) : undefined;
    await recordIntent(clients, execution, thingOf(plan));
    const { id = '', rootResourceId = '' } =
      earlier ??
      (await apigateway.send(
        new CreateRestApiCommand({
          name: restApi.name,
          description: 'Service proxies made by service-proxy',
          endpointConfiguration: { types: ['REGIONAL'] },
          tags: { ...plan.tags, [ownerTag]: plan.executionName },
          ...(restApi.binaryMediaTypes.length > 0 && { binaryMediaTypes: [...restApi.binaryMediaTypes] }),
        }),
      ));
    await recordMade(clients, plan.executionName, thingOf(plan), id);
    await acquireLock(clients, `api ${id}`, execution);
    return { restApiId: id, rootResourceId };
  },

  rollback,
};

export const handler = serve(createRestApi);
export const rollbackHandler = serve(rollback);
