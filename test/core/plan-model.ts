// An account as plans see it, with a plan carried out on it and, from what the plan holds alone, taken back.
import type { GatewayResponse, Method } from '@aws-sdk/client-api-gateway';
import { authorizerIdOf } from '../../core/authorizers.ts';
import type { ApiRecord, Existing, ExistingResource, ExistingRole } from '../../core/existing.ts';
import type { ProvisionInput } from '../../core/input.ts';
import { requestModelsOf } from '../../core/method-definition.ts';
import { gatewayResponsesToChange, type Plan, type RoutePlan, routeKey } from '../../core/plan.ts';
import { recordAfter } from '../../core/record.ts';
import { rolePolicyName } from '../../core/role.ts';
import { authorizationOf } from '../../handlers/method-definition.ts';

/** One API, or none yet, and what belongs to it. */
export interface Model {
  readonly restApi?: NonNullable<Existing['restApi']>;
  readonly resources: readonly ExistingResource[];
  readonly requestValidators: Existing['requestValidators'];
  readonly authorizers: Existing['authorizers'];
  readonly gatewayResponses: Existing['gatewayResponses'];
  /** Stage → deployment. */
  readonly stages: Readonly<Record<string, string>>;
  /** Deployment → the methods it serves. */
  readonly deployments: Readonly<Record<string, readonly string[]>>;
  readonly record?: ApiRecord;
  readonly roles: readonly ExistingRole[];
}

export const emptyModel: Model = {
  resources: [],
  requestValidators: [],
  authorizers: [],
  gatewayResponses: [],
  stages: {},
  deployments: {},
  roles: [],
};

/** What planning reads of it. */
export function existingIn(model: Model, { stage, operation }: ProvisionInput): Existing {
  const { stages, roles, deployments: _, ...rest } = model;
  const named = new Set(model.record?.routes.map(({ roleName }) => roleName));
  const deploymentId = stages[stage];
  return {
    ...rest,
    ...(deploymentId !== undefined && { stage: { name: stage, deploymentId } }),
    roles: operation === 'remove' ? [] : roles.filter(({ name }) => named.has(name)),
  };
}

/** As GetResources embeds it. */
function methodOf(route: RoutePlan, authorizerId: string | undefined): Method {
  const { definition } = route.method;
  if (!definition) throw new Error(`${route.path} has no definition`);
  const { integration, integrationResponses, methodResponses } = definition;
  const byStatus = <T extends { readonly statusCode: string }>(all: readonly T[]) =>
    Object.fromEntries(all.map(one => [one.statusCode, one]));
  return {
    httpMethod: route.httpMethod,
    ...authorizationOf(route.authorization, authorizerId),
    operationName: route.action,
    requestParameters: definition.requestParameters,
    requestModels: requestModelsOf(route.model),
    methodResponses: byStatus(methodResponses),
    methodIntegration: {
      ...integration,
      ...(route.role && { credentials: route.role.arn }),
      integrationResponses: byStatus(integrationResponses),
    },
  };
}

const without = <T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));

function withMethod(
  resources: readonly ExistingResource[],
  { path, httpMethod }: RoutePlan,
  method: Method | undefined,
): ExistingResource[] {
  return resources.map(one =>
    one.path === path
      ? {
          ...one,
          methods: { ...without(one.methods, httpMethod), ...(method && { [httpMethod]: method }) },
        }
      : one,
  );
}

function methodsPut(model: Model, plan: Plan): ExistingResource[] {
  const { authorizers = [] } = plan;
  const known = authorizers.map(one => ({ ...one, id: one.id ?? `of ${one.name}` }));
  return plan.routes.reduce<readonly ExistingResource[]>((resources, route) => {
    const { change } = route.method;
    if (change === 'KEEP') return resources;
    if (change === 'DELETE') return withMethod(resources, route, undefined);
    return withMethod(resources, route, methodOf(route, authorizerIdOf(route.authorization, known)));
  }, model.resources) as ExistingResource[];
}

function resourcesMade({ restApi, resources }: Plan, model: Model): Model {
  const root = { id: 'root', path: '/', methods: {} };
  const doomed = new Set(resources.filter(({ change }) => change === 'DELETE').map(({ path }) => path));
  const made = resources.filter(({ change }) => change === 'CREATE');
  return {
    ...model,
    resources: [
      ...(restApi.change === 'CREATE' ? [root] : model.resources.filter(({ path }) => !doomed.has(path))),
      ...made.map(({ path }) => ({ id: `at ${path}`, path, methods: {} })),
    ],
  };
}

function apiMade(plan: Plan, model: Model): Model {
  const { restApi, requestValidator, authorizers = [] } = plan;
  const validator = requestValidator && {
    name: requestValidator.name,
    id: requestValidator.id ?? 'validator',
  };
  const makes = authorizers.filter(({ change }) => change === 'CREATE');
  const parts = {
    ...model,
    gatewayResponses: responsesChanged(model.gatewayResponses, plan, 'forward'),
    requestValidators: [
      ...model.requestValidators.filter(
        ({ id }) => requestValidator?.change !== 'DELETE' || id !== requestValidator.id,
      ),
      ...(validator && requestValidator.change === 'CREATE' ? [validator] : []),
    ],
    authorizers: [
      ...model.authorizers,
      ...makes.map(({ name, userPoolArn }) => ({ id: `of ${name}`, name, userPoolArns: [userPoolArn] })),
    ],
  };
  if (restApi.change === 'CREATE') {
    const { name, binaryMediaTypes } = restApi;
    return { ...parts, restApi: { id: `id of ${name}`, name, rootResourceId: 'root', binaryMediaTypes } };
  }
  if (restApi.change !== 'UPDATE' || !parts.restApi) return parts;
  const binaryMediaTypes = [...parts.restApi.binaryMediaTypes, ...restApi.addBinaryMediaTypes];
  return { ...parts, restApi: { ...parts.restApi, binaryMediaTypes } };
}

/** As GetGatewayResponses lists them, each as the change makes it, or as it was before. */
function responsesChanged(
  before: Existing['gatewayResponses'],
  plan: Plan,
  direction: 'forward' | 'back',
): Existing['gatewayResponses'] {
  const changes = gatewayResponsesToChange(plan);
  const types = new Set(changes.map(({ responseType }) => responseType));
  const results = changes.flatMap(({ responseType, definition, previous }) => {
    const result = direction === 'back' ? previous : definition && { responseType, ...definition };
    return result ? (result as GatewayResponse) : [];
  });
  return [...before.filter(({ responseType = '' }) => !types.has(responseType)), ...results].sort(
    (one, other) => ((one.responseType ?? '') < (other.responseType ?? '') ? -1 : 1),
  );
}

export const methodsIn = (resources: readonly ExistingResource[]): string[] =>
  resources.flatMap(({ path, methods }) =>
    Object.keys(methods).map(httpMethod => routeKey({ httpMethod, path })),
  );

/** CreateDeployment refuses what would publish, or stop serving, a method that the plan does not name. */
export function isDeployable(plan: Plan, before: Model, after: Model): boolean {
  const { name, previousDeploymentId, change } = plan.stage;
  if (plan.restApi.change === 'CREATE' || change === 'KEEP' || change === 'DELETE') return true;
  const was = new Set(before.deployments[previousDeploymentId ?? '']);
  const is = new Set(after.deployments[after.stages[name] ?? '']);
  const planned = new Set<string>(plan.routes.map(routeKey));
  return [...was, ...is].every(method => (was.has(method) && is.has(method)) || planned.has(method));
}

/** The plan carried out, up to its record: what it replaces is still there. */
export function carriedOut(plan: Plan, before: Model): Model {
  const { change, name } = plan.stage;
  const moves = change === 'CREATE' || change === 'UPDATE';
  const doomed = plan.routes.flatMap(({ role }) => (role?.change === 'DELETE' ? role.name : []));
  const made = plan.routes.flatMap(({ role }) => (role?.change === 'CREATE' ? [role] : []));
  const roles = [
    ...before.roles.filter(role => !doomed.includes(role.name)),
    ...made.map(({ name: role, arn, permissionsPolicy }) => ({
      name: role,
      arn,
      policies: { [rolePolicyName]: permissionsPolicy },
    })),
  ];
  if (plan.restApi.change === 'DELETE') return { ...emptyModel, roles };
  const { record: _, ...model } = resourcesMade(plan, apiMade(plan, before));
  const deploymentId = `of ${plan.executionName}`;
  const record = recordAfter(plan, plan.restApi.change === 'CREATE' ? undefined : before.record, {
    restApiId: model.restApi?.id ?? '',
    deploymentId: moves ? deploymentId : before.stages[name],
    validatorId: plan.requestValidator && (plan.requestValidator.id ?? 'validator'),
  });
  const resources = methodsPut(model, plan);
  return {
    ...model,
    resources,
    stages: {
      ...(change === 'DELETE' ? without(before.stages, name) : before.stages),
      ...(moves && { [name]: deploymentId }),
    },
    deployments: { ...before.deployments, ...(moves && { [deploymentId]: methodsIn(resources) }) },
    roles,
    ...(record && { record }),
  };
}

/** What it replaced goes last. */
export function closed(plan: Plan, model: Model): Model {
  return { ...model, roles: model.roles.filter(({ name }) => !plan.superseded.roles.includes(name)) };
}

/** Taken back by what the plan says, without a look at what there was before. */
export function takenBack(plan: Plan, model: Model): Model {
  const { restApi, stage, requestValidator, authorizers = [], record } = plan;
  const made = plan.routes.flatMap(({ role }) => (role?.change === 'CREATE' ? role.name : []));
  const roles = model.roles.filter(({ name }) => !made.includes(name));
  if (restApi.change === 'CREATE') return { ...emptyModel, roles, ...(record && { record }) };
  const put = plan.routes.filter(({ method }) => method.change === 'CREATE' || method.change === 'UPDATE');
  const resources = put.reduce<readonly ExistingResource[]>(
    (all, route) => withMethod(all, route, route.method.previous),
    model.resources,
  );
  const created = plan.resources.filter(({ change }) => change === 'CREATE').map(({ path }) => path);
  const newAuthorizers = authorizers.filter(({ change }) => change === 'CREATE').map(({ name }) => name);
  const added = restApi.change === 'UPDATE' ? restApi.addBinaryMediaTypes : [];
  const { record: _, ...rest } = model;
  return {
    ...rest,
    ...(model.restApi && {
      restApi: {
        ...model.restApi,
        binaryMediaTypes: model.restApi.binaryMediaTypes.filter(type => !added.includes(type)),
      },
    }),
    resources: resources.filter(({ path }) => !created.includes(path)),
    requestValidators: model.requestValidators.filter(
      ({ id }) => requestValidator?.change !== 'CREATE' || id !== 'validator',
    ),
    authorizers: model.authorizers.filter(({ name }) => !newAuthorizers.includes(name)),
    gatewayResponses: responsesChanged(model.gatewayResponses, plan, 'back'),
    stages: {
      ...without(model.stages, stage.name),
      ...(stage.previousDeploymentId !== undefined && { [stage.name]: stage.previousDeploymentId }),
    },
    deployments: without(model.deployments, `of ${plan.executionName}`),
    roles,
    ...(record && { record }),
  };
}
