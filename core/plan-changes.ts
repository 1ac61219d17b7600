// planChanges(): routes as they shall be + what exists → the plan. Settled once; the steps obey.
import { authorizerIdOf, planAuthorizers } from './authorizers.ts';
import { refuseConflicts } from './conflicts.ts';
import { ServiceProxyError } from './errors.ts';
import type { RouteRecord } from './existing.ts';
import { resourcePaths } from './path.ts';
import {
  type AuthorizerChange,
  findRoute,
  type ModelChange,
  type Plan,
  type RequestValidatorChange,
  type ResourceChange,
  type RestApiChange,
  type RoleChange,
  type RoutePlan,
  type StageChange,
  type Superseded,
} from './plan.ts';
import { planGatewayResponses, routesWith } from './plan-gateway-responses.ts';
import { planRemoval } from './plan-removal.ts';
import type { Planning } from './planning.ts';
import { roleArn, roleNameFor, rolePolicyName } from './role.ts';
import type { RouteDesign } from './routes.ts';
import { isSameMethod } from './same-method.ts';

/** One request validator for all routes: it checks what a method asks for, and nothing where it asks for nothing. */
const validatorName = 'service-proxy';

function planRestApi({ input, routes, existing }: Planning): RestApiChange {
  const wanted = [...new Set(routes.flatMap(({ definition }) => definition.binaryMediaTypes))];
  const { restApi, record } = existing;
  if (!restApi) {
    return {
      change: 'CREATE',
      name: 'name' in input.api ? input.api.name : input.api.id,
      binaryMediaTypes: wanted,
    };
  }
  const { binaryMediaTypes, ...api } = restApi;
  const missing = wanted.filter(
    type => !binaryMediaTypes.includes(type) && !binaryMediaTypes.includes('*/*'),
  );
  if (missing.length === 0) return { change: 'KEEP', ...api };
  if (!record?.isOwned) {
    throw new ServiceProxyError(
      'NotOwned',
      `REST API ${api.id} is not ours, and binary media type ${missing.join(', ')}, which these routes need, would change its other methods. Add it yourself, or use an API of its own.`,
    );
  }
  return { change: 'UPDATE', ...api, addBinaryMediaTypes: missing };
}

function planResources({ routes, existing }: Planning, restApi: RestApiChange): ResourceChange[] {
  const known = new Map(existing.restApi ? existing.resources.map(({ path, id }) => [path, id]) : []);
  if (restApi.change !== 'CREATE') known.set('/', restApi.rootResourceId);
  const paths = [...new Set(routes.flatMap(({ path }) => ['/', ...resourcePaths(path)]))];
  return paths.flatMap((path): ResourceChange[] => {
    const id = known.get(path);
    if (id !== undefined) return [{ change: 'KEEP', path, id }];
    if (path === '/') return []; // comes with the API
    return [{ change: 'CREATE', path }];
  });
}

/** The recorded role where it still is exactly what the route needs; else a new one. */
function planRole(
  { existing, target, executionName }: Planning,
  route: RouteDesign,
  record: RouteRecord | undefined,
): RoleChange | undefined {
  if (!route.role) return undefined;
  const { trustPolicy, permissionsPolicy } = route.role;
  const recorded = existing.roles.find(({ name }) => name === record?.roleName);
  if (recorded && recorded.policies[rolePolicyName] === permissionsPolicy) {
    return { change: 'KEEP', name: recorded.name, arn: recorded.arn, trustPolicy, permissionsPolicy };
  }
  const name = roleNameFor(route, executionName);
  return { change: 'CREATE', name, arn: roleArn(target, name), trustPolicy, permissionsPolicy };
}

function planValidator({ routes, existing }: Planning): RequestValidatorChange | undefined {
  if (!routes.some(({ definition: { validate } }) => validate.body || validate.parameters)) return undefined;
  const found = existing.requestValidators.find(({ name }) => name === validatorName);
  return found
    ? { change: 'KEEP', name: validatorName, id: found.id }
    : { change: 'CREATE', name: validatorName };
}

function planRoute(
  planning: Planning,
  route: RouteDesign,
  authorizers: readonly AuthorizerChange[],
  modelsMade: Set<string>,
): RoutePlan {
  const { existing } = planning;
  const record = findRoute(existing.record?.routes, route);
  const previous = existing.resources.find(({ path }) => path === route.path)?.methods[route.httpMethod];
  const role = planRole(planning, route, record);
  const authorizerId = authorizerIdOf(route.authorization, authorizers);
  const isSame =
    previous !== undefined &&
    role?.change !== 'CREATE' &&
    isSameMethod(previous, route, role?.arn, authorizerId);
  const { requestModel } = route.definition;
  let model: ModelChange | undefined;
  if (requestModel) {
    const isThere =
      (existing.restApi &&
        existing.record?.routes.some(({ modelName }) => modelName === requestModel.name)) ||
      modelsMade.has(requestModel.name);
    model = { change: isThere ? 'KEEP' : 'CREATE', ...requestModel };
    modelsMade.add(requestModel.name);
  }
  const { path, httpMethod, service, action, authorization, cors, operation, test } = route;
  return {
    path,
    httpMethod,
    service,
    action,
    authorization,
    ...(cors && { cors }),
    ...(operation && { operation }),
    method: {
      change: isSame ? 'KEEP' : previous ? 'UPDATE' : 'CREATE',
      definition: route.definition,
      ...(previous && { previous }),
    },
    ...(role && { role }),
    ...(model && { model }),
    test,
  };
}

/** The stage stays where it is only if it serves exactly this already, from the deployment the ledger knows. */
function planStage(
  { input, existing }: Planning,
  { routes, gatewayResponses = [] }: Pick<Plan, 'routes' | 'gatewayResponses'>,
): StageChange {
  const { stage, record } = existing;
  if (!stage) return { change: 'CREATE', name: input.stage };
  const recorded = record?.stages.find(({ name }) => name === input.stage);
  const isServed = routes.every(route => {
    const served = findRoute(record?.routes, route)?.servedBy[input.stage];
    return route.method.change === 'KEEP' && served !== undefined && served.roleName === route.role?.name;
  });
  const isSettled = gatewayResponses.every(({ change }) => change === 'KEEP');
  const isCurrent = isServed && isSettled && recorded?.deploymentId === stage.deploymentId;
  return {
    change: isCurrent ? 'KEEP' : 'UPDATE',
    name: input.stage,
    previousDeploymentId: stage.deploymentId,
  };
}

/** What the ledger names for these routes and no stage or other route uses once this stage has moved on. */
function planSuperseded({ existing, input }: Planning, routes: readonly RoutePlan[]): Superseded {
  const roles = new Set<string>();
  const models = new Set<string>();
  for (const route of routes) {
    const record = findRoute(existing.record?.routes, route);
    if (!record) continue;
    const elsewhere = Object.entries(record.servedBy)
      .filter(([stage]) => stage !== input.stage)
      .map(([, { roleName }]) => roleName);
    for (const name of [record.roleName, record.servedBy[input.stage]?.roleName]) {
      if (name !== undefined && name !== route.role?.name && !elsewhere.includes(name)) roles.add(name);
    }
    const { modelName } = record;
    const isUsed = [
      ...routes.map(one => one.model?.name),
      ...(existing.record?.routes ?? []).filter(one => !findRoute(routes, one)).map(one => one.modelName),
    ].includes(modelName);
    if (modelName !== undefined && !isUsed) models.add(modelName);
  }
  return { roles: [...roles], models: [...models] };
}

export function planChanges(planning: Planning): Plan {
  const { input, executionName, target, reach, existing } = planning;
  const { record } = existing;
  const common = {
    executionName,
    ...target,
    ...(reach && { reach }),
    input,
    tags: input.tags,
    ...(record && { record }),
  };
  if (input.operation === 'remove') return { operation: 'remove', ...common, ...planRemoval(planning) };
  refuseConflicts(planning);
  const restApi = planRestApi(planning);
  const requestValidator = planValidator(planning);
  const authorizers = planAuthorizers(planning);
  const modelsMade = new Set<string>();
  const routes = planning.routes.map(route => planRoute(planning, route, authorizers, modelsMade));
  const gatewayResponses = planGatewayResponses(planning, routesWith(record?.routes ?? [], routes));
  return {
    operation: 'provision',
    ...common,
    restApi,
    ...(requestValidator && { requestValidator }),
    ...(authorizers.length > 0 && { authorizers }),
    ...(gatewayResponses.length > 0 && { gatewayResponses }),
    resources: planResources(planning, restApi),
    routes,
    stage: planStage(planning, { routes, gatewayResponses }),
    superseded: planSuperseded(planning, routes),
  };
}
