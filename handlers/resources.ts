// The API of an execution and its resources as they are now: what several steps look up.
import {
  GetResourcesCommand,
  GetRestApisCommand,
  type Resource,
  type RestApi,
} from '@aws-sdk/client-api-gateway';
import { ifFound, ServiceProxyError } from '../core/errors.ts';
import type { Execution } from '../core/execution.ts';
import { ownerTag, plannedApiId } from '../core/plan.ts';
import type { Clients } from '../core/step.ts';
import { itemsOf } from './paging.ts';

/** All resources with their methods; a page holds at most 500, which is also more than an API may have. */
export async function listResources(
  { apigateway }: Pick<Clients, 'apigateway'>,
  restApiId: string,
): Promise<Resource[]> {
  const found: Resource[] = [];
  const ask = (page: object) =>
    apigateway.send(new GetResourcesCommand({ restApiId, embed: ['methods'], ...page }));
  for await (const resource of itemsOf(ask)) found.push(resource);
  return found;
}

/** As listResources; none where the whole API is gone. */
export async function resourcesLeft(
  clients: Pick<Clients, 'apigateway'>,
  restApiId: string,
): Promise<Resource[]> {
  return (await ifFound(listResources(clients, restApiId))) ?? [];
}

/** The API of this execution, in whichever direction: planned, made, or looked up as made. */
export const restApiOf = ({
  plan,
  outputs,
  made,
}: Pick<Execution, 'plan' | 'outputs' | 'made'>): string | undefined =>
  plannedApiId(plan) ?? outputs.CreateRestApi?.restApiId ?? made.get(`restApi ${plan.restApi.name}`)?.id;

/** Ids of the planned resources by path, from the plan and from what CreateResource recorded. */
export function resourceIds({ plan, outputs, made }: Execution): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  const root = outputs.CreateRestApi?.rootResourceId;
  if (root !== undefined) ids.set('/', root);
  for (const { path, id } of plan.resources) if (id !== undefined) ids.set(path, id);
  for (const [thing, { id }] of made) {
    if (thing.startsWith('resource ') && id !== undefined) ids.set(thing.slice('resource '.length), id);
  }
  return ids;
}

export function idOf(ids: ReadonlyMap<string, string>, path: string): string {
  const id = ids.get(path);
  if (id === undefined) throw new ServiceProxyError('Refused', `the ledger holds no resource id for ${path}`);
  return id;
}

/** API names are not unique and CreateRestApi takes no token: the owner's tag tells which ones an execution made. */
export async function apisMadeBy(
  { apigateway }: Pick<Clients, 'apigateway'>,
  executionName: string,
): Promise<RestApi[]> {
  const found: RestApi[] = [];
  for await (const api of itemsOf(page => apigateway.send(new GetRestApisCommand(page)))) {
    if (api.tags?.[ownerTag] === executionName) found.push(api);
  }
  return found;
}
