// Puts many methods' responses and integrations with one import, then each one's own settings, and looks at the result.
import { isDeepStrictEqual } from 'node:util';
import {
  GetRestApiCommand,
  type Method,
  type PatchOperation,
  PutRestApiCommand,
  type RestApi,
  UpdateMethodCommand,
} from '@aws-sdk/client-api-gateway';
import { authorizerIdOf } from '../core/authorizers.ts';
import { ServiceProxyError } from '../core/errors.ts';
import type { Execution } from '../core/execution.ts';
import { importBatches, importDocument, importedRoutes } from '../core/import-plan.ts';
import { requestModelsOf } from '../core/method-definition.ts';
import { type AuthorizerChange, type Plan, type RoutePlan, routeKey } from '../core/plan.ts';
import { isSameMethod } from '../core/same-method.ts';
import type { Clients } from '../core/step.ts';
import { checkFence, recordMade, reserveImport } from './ledger.ts';
import { checkSettled, makeIntended } from './making.ts';
import { authorizationOf } from './method-definition.ts';
import { isPlanned } from './methods.ts';
import { idOf, listResources, resourceIds } from './resources.ts';
import { inTurns } from './turns.ts';

/** In place of an id: API Gateway did not take the document, and its methods are put one by one. */
const refused = 'refused';

const importOf = ([first]: readonly RoutePlan[]) => `import ${first ? routeKey(first) : ''}` as const;

export const routesToImport = ({ settings }: Clients, plan: Plan) =>
  importedRoutes(plan, settings.deploymentIntervalSeconds > 0);

type MethodOf = (route: RoutePlan) => Method | undefined;

async function readMethods(clients: Clients, restApiId: string): Promise<MethodOf> {
  const resources = await listResources(clients, restApiId);
  const byPath = new Map(resources.map(({ path, resourceMethods }) => [path, resourceMethods]));
  return ({ path, httpMethod }) => byPath.get(path)?.[httpMethod];
}

/** An import takes the place of what is there, whoever put it: PutMethod has made sure that it was us. */
function checkOurs(plan: Plan, routes: readonly RoutePlan[], methodOf: MethodOf): void {
  for (const route of routes) {
    const there = methodOf(route);
    if (there && isPlanned(there, route, plan)) continue;
    throw new ServiceProxyError(
      there ? 'NotOwned' : 'NotStabilized',
      there
        ? `${routeKey(route)} was changed by somebody else meanwhile`
        : `${routeKey(route)} is not readable yet`,
    );
  }
}

const settingsOfApi = ({
  $metadata: _,
  warnings: __,
  ...settings
}: Partial<RestApi> & { $metadata?: unknown }) => settings as Readonly<Record<string, unknown>>;

/** A merge leaves the API's own settings alone, as documented; should it not, nobody shall have to find out later. */
function checkUnchanged(restApiId: string, before: RestApi, after: RestApi): void {
  const [was, is] = [settingsOfApi(before), settingsOfApi(after)];
  const changed = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    name => !isDeepStrictEqual(was[name], is[name]),
  );
  if (changed.length === 0) return;
  const said = changed.map(
    name => `${name} from ${JSON.stringify(was[name])} to ${JSON.stringify(is[name])}`,
  );
  throw new ServiceProxyError(
    'Refused',
    `REST API ${restApiId} changed while methods were imported into it: ${said.join('; ')}`,
  );
}

/** Whether API Gateway took the document. */
async function importBatch(
  clients: Clients,
  { execution, plan, made }: Execution,
  restApiId: string,
  routes: readonly RoutePlan[],
): Promise<boolean> {
  const thing = importOf(routes);
  const known = made.get(thing);
  if (known?.state === 'MADE') return known.id !== refused;
  // One whose answer was lost may still take effect, and would then undo what comes after this one.
  checkSettled(clients, made, thing);
  const before = await clients.apigateway.send(new GetRestApiCommand({ restApiId }));
  checkOurs(plan, routes, await readMethods(clients, restApiId));
  const { name: title = plan.restApi.name, version = '1.0' } = before;
  const body = Buffer.from(JSON.stringify(importDocument(plan, routes, { title, version })));
  const command = new PutRestApiCommand({ restApiId, mode: 'merge', failOnWarnings: true, body });
  try {
    await makeIntended(clients, execution, made, thing, () => clients.apigateway.send(command));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'BadRequestException') throw error;
    await recordMade(clients, execution.name, thing, refused);
    return false;
  }
  // Read as before: what PutRestApi itself answers may be written differently.
  checkUnchanged(restApiId, before, await clients.apigateway.send(new GetRestApiCommand({ restApiId })));
  await recordMade(clients, execution.name, thing);
  return true;
}

/** Whether the settings that an import leaves out have been put. */
const isSettled = (there: Method | undefined, route: RoutePlan, { validatorId }: Surroundings) =>
  (there?.operationName ?? '') === route.action &&
  there?.requestValidatorId === validatorOf(route, validatorId);

/** Whether everything else of the method is as planned. */
function isPut(there: Method | undefined, route: RoutePlan, { authorizers }: Surroundings): boolean {
  const { definition } = route.method;
  if (!there || !definition) return false;
  const authorizerId = authorizerIdOf(route.authorization, authorizers);
  return isSameMethod(there, { ...route, definition }, route.role?.arn, authorizerId);
}

/** What the plan's methods refer to, all of it there by now. */
interface Surroundings {
  readonly authorizers: readonly AuthorizerChange[];
  readonly validatorId: string | undefined;
}

function surroundingsOf({ plan, made }: Execution): Surroundings {
  const { requestValidator, authorizers = [] } = plan;
  const idIn = (thing: `${'authorizer' | 'requestValidator'} ${string}`, id?: string) =>
    id ?? made.get(thing)?.id;
  return {
    validatorId: requestValidator && idIn(`requestValidator ${requestValidator.name}`, requestValidator.id),
    authorizers: authorizers.map(one => {
      const id = idIn(`authorizer ${one.name}`, one.id);
      return { ...one, ...(id !== undefined && { id }) };
    }),
  };
}

function validatorOf({ method }: RoutePlan, validatorId: string | undefined): string | undefined {
  const { body, parameters } = method.definition?.validate ?? { body: false, parameters: false };
  return body || parameters ? validatorId : undefined;
}

const escaped = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** Everything of a method that a document would say through the API's models, validators and authorizers. */
function settingsOf(route: RoutePlan, { authorizers, validatorId }: Surroundings): PatchOperation[] {
  const { authorization, action, model } = route;
  const given = authorizationOf(authorization, authorizerIdOf(authorization, authorizers));
  const validator = validatorOf(route, validatorId);
  const replace = (path: string, value: string): PatchOperation => ({ op: 'replace', path, value });
  return [
    ...Object.entries(requestModelsOf(model)).map(
      ([type, value]): PatchOperation => ({ op: 'add', path: `/requestModels/${escaped(type)}`, value }),
    ),
    ...(validator === undefined ? [] : [replace('/requestValidatorId', validator)]),
    ...(given.authorizerId === undefined ? [] : [replace('/authorizerId', given.authorizerId)]),
    replace('/authorizationType', given.authorizationType),
    replace('/apiKeyRequired', String(given.apiKeyRequired ?? false)),
    replace('/operationName', action),
  ];
}

/** @returns the routes that are to be put one by one all the same: their document was refused, or came to something else. */
export async function importMethods(
  clients: Clients,
  running: Execution,
  restApiId: string,
): Promise<readonly RoutePlan[]> {
  const { plan, execution } = running;
  const batches = importBatches(routesToImport(clients, plan));
  if (batches.length === 0) return [];
  const taken = await inTurns(clients, running, {
    state: 'PutIntegration',
    part: 'imports',
    items: batches,
    // Four, and some for the time it takes: the turns after it are to come one after the other again.
    calls: () => 8,
    most: 1,
    alsoReserve: () => reserveImport(clients),
    work: routes => importBatch(clients, running, restApiId, routes),
  });
  const imported = batches.filter((_, index) => taken[index]).flat();
  const surroundings = surroundingsOf(running);
  const ids = resourceIds(running);
  await inTurns(clients, running, {
    state: 'PutIntegration',
    part: 'settings',
    items: imported,
    calls: () => 1,
    work: async route => {
      await checkFence(clients, execution);
      const { path, httpMethod } = route;
      const target = { restApiId, resourceId: idOf(ids, path), httpMethod };
      const patchOperations = settingsOf(route, surroundings);
      await clients.apigateway.send(new UpdateMethodCommand({ ...target, patchOperations }));
    },
  });
  const methodOf = await readMethods(clients, restApiId);
  const unsettled = imported.filter(route => !isSettled(methodOf(route), route, surroundings));
  if (unsettled.length > 0) {
    throw new ServiceProxyError(
      'NotStabilized',
      `the settings of ${unsettled.slice(0, 3).map(routeKey).join(', ')} are not readable yet`,
    );
  }
  const others = imported.filter(route => !isPut(methodOf(route), route, surroundings));
  return [...batches.filter((_, index) => !taken[index]).flat(), ...others];
}
