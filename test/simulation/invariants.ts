// What must hold when everything has ended: the account against the snapshot, the ledger, and what the executions said.
import { isDeepStrictEqual } from 'node:util';
import type { Failed, Result } from '../../cli/outcome.ts';
import type { ApiRecord, RouteRecord } from '../../core/existing.ts';
import { gatewayResponseFor, isAsDefined, originsOf } from '../../core/gateway-responses.ts';
import { ownerTag } from '../../core/plan.ts';
import type {
  DeploymentDocument,
  GatewayResponseDocument,
  ResourceDocument,
  StageDocument,
} from '../../local/apigateway/model.ts';
import { type Content, type Difference, differences } from './content.ts';
import type { Ended, World } from './world.ts';

interface Role {
  readonly name: string;
  readonly path: string;
}

interface Tagged {
  readonly id: string;
  readonly tags?: Readonly<Record<string, string>>;
}

const of = <T>(content: Content, collection: string): [string, T][] =>
  [...content].flatMap(([key, document]): [string, T][] =>
    key.startsWith(`${collection} `) ? [[key.slice(collection.length + 1), document as T]] : [],
  );

/** What the ledger names, whatever its documents look like: every text in them. */
function textsIn(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value === 'string') found.add(value);
  else if (value && typeof value === 'object') {
    for (const [key, one] of Object.entries(value)) {
      found.add(key);
      textsIn(one, found);
    }
  }
  return found;
}

/** (b) Everything this product made, by tag, path or description, is in the ledger. */
function unrecorded(before: Content, after: Content): string[] {
  const ledger = textsIn([...after].filter(([key]) => key.startsWith('ledger ')));
  const apis = of<Tagged>(after, 'apigateway/restapis').filter(
    ([key, { tags }]) => tags?.[ownerTag] !== undefined && !ledger.has(key),
  );
  const roles = of<Role>(after, 'iam/roles').filter(
    ([key, { name, path }]) =>
      path === '/service-proxy/' && !ledger.has(name) && !before.has(`iam/roles ${key}`),
  );
  const serving = new Set(
    of<StageDocument>(after, 'apigateway/stages').map(([, { deploymentId }]) => deploymentId),
  );
  const deployments = of<DeploymentDocument>(after, 'apigateway/deployments').filter(
    ([, { id, description }]) =>
      description?.startsWith('service-proxy') && !serving.has(id) && !ledger.has(id),
  );
  const methods = of<ResourceDocument>(after, 'apigateway/resources').flatMap(
    ([key, { path, resourceMethods }]) => {
      const known =
        (before.get(`apigateway/resources ${key}`) as ResourceDocument | undefined)?.resourceMethods ?? {};
      return Object.keys(resourceMethods)
        .filter(one => !(one in known) && !ledger.has(path))
        .map(one => [`${one} ${path}`]);
    },
  );
  const responses = of<GatewayResponseDocument>(after, 'apigateway/gatewayresponses').filter(
    ([key, { responseType = '' }]) =>
      !before.has(`apigateway/gatewayresponses ${key}`) && !ledger.has(responseType),
  );
  return [...apis, ...roles, ...deployments, ...methods, ...responses].map(([key]) => String(key));
}

/** (b) What an API of ours answers by itself is what the recorded routes ask for, and recorded. */
function wrongErrors(after: Content): string[] {
  const recorded = of<ApiRecord & RouteRecord>(after, 'ledger');
  return recorded.flatMap(([key, { isOwned, restApiId, gatewayResponses = [] }]) => {
    if (!isOwned || !key.endsWith(' API')) return [];
    const routes = recorded.filter(([other]) => other.startsWith(`API#${restApiId} ROUTE#`));
    const origins = originsOf(routes.map(([, route]) => route));
    const wanted = origins.length > 0 ? gatewayResponseFor(origins) : undefined;
    const isThere = (type: string) =>
      isAsDefined(
        after.get(`apigateway/gatewayresponses ${restApiId}/${type}`) as GatewayResponseDocument | undefined,
        wanted,
      );
    const isRecorded = gatewayResponses.length === (wanted ? 2 : 0);
    return isRecorded && ['DEFAULT_4XX', 'DEFAULT_5XX'].every(isThere)
      ? []
      : [`gateway responses of ${restApiId}, for origins ${origins.join(', ') || 'none'}`];
  });
}

/** The names under which a person would look for what is left. What is in an API that was made goes with the API. */
function namesOf({ key, before, after }: Difference, apisBefore: Content): string[] {
  const document = (after ?? before) as Partial<
    Record<'path' | 'name' | 'id' | 'stageName' | 'responseType', string>
  >;
  const [collection, id = ''] = key.split(' ');
  const [restApiId = ''] = id.split('/');
  if (collection === 'iam/roles') return [document.name ?? id];
  if (collection === 'ledger') return ['record'];
  if (!apisBefore.has(`apigateway/restapis ${restApiId}`)) return [restApiId];
  if (collection === 'apigateway/resources') return [document.path ?? id];
  return [document.stageName, document.name, document.responseType, document.id].filter(
    one => one !== undefined,
  );
}

/** A resource of somebody else's may get a method of ours. */
function isOnlyAddedTo(before: unknown, after: unknown): boolean {
  const [was, is] = [before, after] as (ResourceDocument | undefined)[];
  if (!was?.resourceMethods || !is?.resourceMethods) return false;
  return Object.entries(was.resourceMethods).every(([httpMethod, method]) =>
    isDeepStrictEqual(is.resourceMethods[httpMethod], method),
  );
}

/** (c) What was there and is not ours is there unchanged. */
function touched(all: readonly Difference[], isForeign: (key: string) => boolean): string[] {
  return all
    .filter(
      ({ key, before, after }) => before !== undefined && isForeign(key) && !isOnlyAddedTo(before, after),
    )
    .map(({ key }) => key);
}

/** Of a world, what locks are looked at by. */
interface Timed extends Pick<World, 'table'> {
  readonly aws: { readonly clock: { now(): number } };
}

function locksLeft({ table, aws }: Timed): string[] {
  return [...table.items].flatMap(([key, item]) => {
    const [lock = '', place = ''] = key.split('\n');
    if (!lock.startsWith('LOCK#')) return [];
    if (place.startsWith('PLACE#')) {
      const { until } = JSON.parse(item.document?.S ?? '{}');
      return until < aws.clock.now() ? [] : [`${lock} still awaited by ${place}`];
    }
    return item.holder?.S === undefined ? [] : [`${lock} held by ${item.holder.S}`];
  });
}

export interface Expectation {
  readonly before: Content;
  readonly after: Content;
  /** Documents that are not ours, by key. */
  readonly isForeign: (key: string) => boolean;
}

export async function serves(
  world: World,
  result: { readonly status: Result['status']; readonly routes?: readonly object[] },
): Promise<string[]> {
  if (result.status !== 'SUCCEEDED') return [];
  const routes = result.routes as readonly { url: string; httpMethod: string; test?: { status?: number } }[];
  const problems: string[] = [];
  for (const { url, httpMethod, test } of routes) {
    if (test?.status === undefined) continue;
    const { status } = await world.aws.http({ method: httpMethod, url, headers: {} });
    if (status !== test.status) problems.push(`(a) SUCCEEDED, and ${httpMethod} ${url} answers ${status}`);
  }
  return problems;
}

/** For one execution that ran alone, and failed. */
export function afterFailure(
  world: Timed,
  result: { readonly status: 'SUCCEEDED' } | Pick<Failed, 'status' | 'notRolledBack'>,
  expected: Pick<Expectation, 'before' | 'after'>,
): string[] {
  if (result.status === 'SUCCEEDED') return [];
  const all = differences(expected.before, expected.after);
  const locks = locksLeft(world);
  if (result.status === 'FAILED') {
    return [
      ...all.map(({ key }) => `(a) FAILED, and the account differs in ${key}`),
      ...locks.map(lock => `(e) FAILED, and ${lock}`),
    ];
  }
  const said = JSON.stringify(result.notRolledBack);
  const unsaid = all.filter(one => !namesOf(one, expected.before).some(name => said.includes(name)));
  // An inventory that could not be taken, or that nobody came to, says so, and what to do: it does not know.
  const isUnknown = result.notRolledBack.some(
    ({ what }) => what === 'TakeInventory' || what === 'whatever the execution had made',
  );
  // A lock that is free, and still noted as held, is released again by whoever finishes.
  const isNoted = [...world.table.items.keys()].some(key => key.includes('\nHELD#'));
  const isNothing = all.length === 0 && locks.length === 0 && !isNoted && !isUnknown;
  return [
    ...(isUnknown ? [] : unsaid).map(
      ({ key }) => `(a) ROLLBACK_INCOMPLETE does not say ${key}: ${said.slice(0, 300)}`,
    ),
    ...(isNothing ? [`(h) ROLLBACK_INCOMPLETE, and nothing is left: ${said.slice(0, 600)}`] : []),
  ];
}

/** A removal leaves what there was at first; a stage that stays goes on with another deployment. */
export function afterRemoval(original: Content, after: Content): string[] {
  const stays = /^apigateway\/(stages|deployments) |^ledger \S+ STAGE#/;
  return differences(original, after)
    .filter(({ key }) => !stays.test(key))
    .map(({ key }) => `(a) removed, and the account differs from what it was at first in ${key}`);
}

/** Whatever happened. What an execution says is left may be there. */
export function always(world: World, ended: readonly Ended[], expected: Expectation): string[] {
  const isIncomplete = ended.some(
    ({ result, left }) => result.status === 'ROLLBACK_INCOMPLETE' || left.length > 0,
  );
  const all = differences(expected.before, expected.after);
  return [
    ...(isIncomplete
      ? []
      : [
          ...unrecorded(expected.before, expected.after).map(key => `(b) ${key} is not in the ledger`),
          ...wrongErrors(expected.after).map(what => `(b) ${what} are not as recorded`),
        ]),
    ...touched(all, expected.isForeign).map(key => `(c) ${key} is not ours and was changed`),
    ...(isIncomplete ? [] : locksLeft(world).map(lock => `(e) ${lock}`)),
  ];
}
