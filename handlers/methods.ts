// Methods in API Gateway as they are now: whose one is, and taking it away or putting the previous one back.
import { isDeepStrictEqual } from 'node:util';
import {
  DeleteMethodCommand,
  DeleteModelCommand,
  DeleteRequestValidatorCommand,
  GetMethodCommand,
  GetRequestValidatorsCommand,
  type Method,
  PutMethodResponseCommand,
} from '@aws-sdk/client-api-gateway';
import { authorizerIdOf } from '../core/authorizers.ts';
import { isConflict, isNotFound, ServiceProxyError } from '../core/errors.ts';
import type { Execution, Made } from '../core/execution.ts';
import { importedName } from '../core/import-plan.ts';
import { type Plan, type RoutePlan, routeKey } from '../core/plan.ts';
import type { Clients } from '../core/step.ts';
import { forgetMade } from './ledger.ts';
import { checkSettled } from './making.ts';
import { authorizationOf, type MethodTarget, restoreMethod } from './method-definition.ts';
import { resourcesLeft } from './resources.ts';

/** Whether the call succeeded, as opposed to failing in the way that was expected. */
export async function ignoring(
  isExpected: (error: unknown) => boolean,
  call: Promise<unknown>,
): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (isExpected(error)) return false;
    throw error;
  }
}

export async function readMethod({ apigateway }: Clients, target: MethodTarget): Promise<Method | undefined> {
  try {
    return await apigateway.send(new GetMethodCommand(target));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

export const responsesOf = ({ method }: RoutePlan) => method.definition?.methodResponses ?? [];

/** Where an earlier attempt may have put some of them, `mayExist`. */
export async function putResponses(
  { apigateway }: Clients,
  route: RoutePlan,
  target: MethodTarget,
  mayExist = false,
): Promise<void> {
  for (const response of responsesOf(route)) {
    const command = new PutMethodResponseCommand({ ...target, ...response });
    await ignoring(error => mayExist && isConflict(error), apigateway.send(command));
  }
}

/** Methods carry no tags. One that this execution put, however far it got, has these of its settings. */
export function isPlanned(method: Method, route: RoutePlan, plan: Plan): boolean {
  const { action, authorization } = route;
  const { type } = authorization;
  if (method.operationName === importedName(plan, route)) return true;
  // Which authorizer was made for a user pool may not be known: its answer can have been lost.
  const authorizerId = type === 'COGNITO_USER_POOLS' ? method.authorizerId : authorizerIdOf(authorization);
  const planned = authorizationOf(authorization, authorizerId);
  return (
    method.operationName === action &&
    method.authorizationType === planned.authorizationType &&
    method.authorizerId === planned.authorizerId &&
    (method.apiKeyRequired ?? false) === (planned.apiKeyRequired ?? false)
  );
}

/** Whether everything in one document is in the other as well. */
const isPartOf = (part: unknown, whole: unknown): boolean =>
  typeof part === 'object' && part !== null
    ? Object.entries(part).every(([name, value]) => isPartOf(value, Object(whole)[name]))
    : part === whole;

/** Ours by its name and by what it checks; names of validators are not unique. */
export async function findValidator({ apigateway }: Clients, plan: Plan, restApiId: string) {
  const { items = [] } = await apigateway.send(new GetRequestValidatorsCommand({ restApiId, limit: 500 }));
  return items.find(
    one =>
      one.name === plan.requestValidator?.name && one.validateRequestBody && one.validateRequestParameters,
  )?.id;
}

const foreign = (route: RoutePlan) =>
  new ServiceProxyError('NotOwned', `${routeKey(route)} was changed by somebody else meanwhile`);

/** A route that this execution put, or set out to put. */
async function takeBack(
  clients: Clients,
  { plan, made }: Execution,
  route: RoutePlan,
  target: MethodTarget | undefined,
  current: Method | undefined,
): Promise<string[]> {
  const { previous } = route.method;
  const thing = `method ${routeKey(route)}` as const;
  const isAsBefore = isDeepStrictEqual(current, previous);
  // Nothing to take back so far: a call that was cut off may still arrive.
  if (!target || isAsBefore) {
    checkSettled(clients, made, thing);
    return [];
  }
  // An earlier attempt may have been cut off while it put the previous method back.
  const isOurs =
    current === undefined || isPlanned(current, route, plan) || (previous && isPartOf(current, previous));
  if (!isOurs) throw foreign(route);
  await ignoring(isNotFound, clients.apigateway.send(new DeleteMethodCommand(target)));
  if (previous) await restoreMethod(clients, target, previous);
  return [thing];
}

async function deleteModels({ apigateway }: Clients, restApiId: string, names: Iterable<string>) {
  const deleted: string[] = [];
  for (const modelName of new Set(names)) {
    const command = new DeleteModelCommand({ restApiId, modelName });
    if (await ignoring(isNotFound, apigateway.send(command))) deleted.push(`model ${modelName}`);
  }
  return deleted;
}

async function deleteValidator(
  clients: Clients,
  plan: Plan,
  made: Made,
  restApiId: string,
): Promise<string[]> {
  if (plan.requestValidator?.change !== 'CREATE') return [];
  const { name } = plan.requestValidator;
  const thing = `requestValidator ${name}` as const;
  const known = made.get(thing);
  if (!known) return [];
  const id = known.id ?? (await findValidator(clients, plan, restApiId));
  const isDeleted =
    id !== undefined &&
    (await ignoring(
      isNotFound,
      clients.apigateway.send(new DeleteRequestValidatorCommand({ restApiId, requestValidatorId: id })),
    ));
  if (!isDeleted) checkSettled(clients, made, thing);
  await forgetMade(clients, plan.executionName, thing);
  return isDeleted ? [`request validator ${name}`] : [];
}

/** Takes away what PutMethod put, and puts back what was there before; then the models and the validator nothing uses. */
export async function takeMethodsBack(
  clients: Clients,
  running: Execution,
  restApiId: string,
): Promise<string[]> {
  const { plan, made } = running;
  const existing = await resourcesLeft(clients, restApiId);
  const touched = plan.routes.filter(route => made.has(`method ${routeKey(route)}`));
  const rolledBack: string[] = [];
  for (const route of touched) {
    const { path, httpMethod } = route;
    const resource = existing.find(one => one.path === path);
    const target =
      resource?.id === undefined ? undefined : { restApiId, resourceId: resource.id, httpMethod };
    rolledBack.push(
      ...(await takeBack(clients, running, route, target, resource?.resourceMethods?.[httpMethod])),
    );
  }
  const models = plan.routes.flatMap(({ model }) =>
    model && made.has(`model ${model.name}`) ? model.name : [],
  );
  rolledBack.push(...(await deleteModels(clients, restApiId, models)));
  rolledBack.push(...(await deleteValidator(clients, plan, made, restApiId)));
  // Last: an attempt that was cut short finds everything it had to look at.
  for (const name of models) await forgetMade(clients, plan.executionName, `model ${name}`);
  for (const route of touched) await forgetMade(clients, plan.executionName, `method ${routeKey(route)}`);
  return rolledBack;
}

/** The methods a removal takes away, and the models nothing uses then. */
export async function removeMethods(
  clients: Clients,
  { plan }: Execution,
  restApiId: string,
): Promise<string[]> {
  const existing = await resourcesLeft(clients, restApiId);
  const removed: string[] = [];
  for (const route of plan.routes) {
    const { path, httpMethod } = route;
    const resourceId = existing.find(one => one.path === path)?.id;
    if (route.method.change !== 'DELETE' || resourceId === undefined) continue;
    const command = new DeleteMethodCommand({ restApiId, resourceId, httpMethod });
    if (await ignoring(isNotFound, clients.apigateway.send(command)))
      removed.push(`method ${routeKey(route)}`);
  }
  const { requestValidator } = plan;
  if (requestValidator?.change === 'DELETE' && requestValidator.id !== undefined) {
    const { id: requestValidatorId, name } = requestValidator;
    const command = new DeleteRequestValidatorCommand({ restApiId, requestValidatorId });
    if (await ignoring(isNotFound, clients.apigateway.send(command)))
      removed.push(`request validator ${name}`);
  }
  const models = plan.routes.flatMap(({ model }) => (model?.change === 'DELETE' ? model.name : []));
  return [...removed, ...(await deleteModels(clients, restApiId, models))];
}
