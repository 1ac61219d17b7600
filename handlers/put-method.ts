// Puts each route's method: its request validator and model, the method itself, its responses.
import {
  CreateModelCommand,
  CreateRequestValidatorCommand,
  DeleteMethodCommand,
  DeleteModelCommand,
  DeleteRequestValidatorCommand,
  GetMethodCommand,
  GetRequestValidatorsCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
} from '@aws-sdk/client-api-gateway';
import { isConflict, isNotFound, ServiceProxyError } from '../core/errors.ts';
import type { Execution } from '../core/execution.ts';
import { requestModelsOf } from '../core/method-definition.ts';
import { type Plan, type RoutePlan, routeKey, routesToPut } from '../core/plan.ts';
import { allow, type Clients, type Rollback, type Step } from '../core/step.ts';
import { forgetMade, loadMade, recordIntent, recordMade } from './ledger.ts';
import { holdLocks } from './locks.ts';
import { authorizationOf, restoreMethod } from './method-definition.ts';
import { apiGateway, ledgerRead, ledgerWrite } from './permissions.ts';
import { idOf, listResources, resourceIds, restApiOf } from './resources.ts';
import { serve } from './serve.ts';

const ignoring = async (
  isExpected: (error: unknown) => boolean,
  call: Promise<unknown>,
): Promise<boolean> => {
  try {
    await call;
    return true;
  } catch (error) {
    if (isExpected(error)) return false;
    throw error;
  }
};

async function ensureValidator(
  { apigateway, ...clients }: Clients,
  { execution, plan }: Execution,
  restApiId: string,
): Promise<string | undefined> {
  const { requestValidator } = plan;
  if (requestValidator?.change !== 'CREATE') return requestValidator?.id;
  const thing = `requestValidator ${requestValidator.name}` as const;
  const made = await loadMade(clients, plan.executionName);
  const known = made.get(thing);
  if (known?.id) return known.id;
  const existing = known
    ? (await apigateway.send(new GetRequestValidatorsCommand({ restApiId, limit: 500 }))).items?.find(
        ({ name }) => name === requestValidator.name,
      )
    : undefined;
  await recordIntent(clients, execution, thing);
  const { id } =
    existing ??
    (await apigateway.send(
      new CreateRequestValidatorCommand({
        restApiId,
        name: requestValidator.name,
        validateRequestBody: true,
        validateRequestParameters: true,
      }),
    ));
  await recordMade(clients, plan.executionName, thing, id);
  return id;
}

async function putRoute(
  clients: Clients,
  route: RoutePlan,
  at: { restApiId: string; resourceId: string },
  validatorId?: string,
) {
  const { apigateway } = clients;
  const { definition } = route.method;
  if (!definition) return;
  const target = { ...at, httpMethod: route.httpMethod };
  if (route.model?.change === 'CREATE') {
    const { name, contentType, schema } = route.model;
    const model = new CreateModelCommand({ restApiId: at.restApiId, name, contentType, schema });
    await ignoring(isConflict, apigateway.send(model)); // the name holds the schema's hash: it is the same model
  }
  const needsValidator = definition.validate.body || definition.validate.parameters;
  await apigateway.send(
    new PutMethodCommand({
      ...target,
      ...authorizationOf(route.authorization),
      operationName: route.action,
      requestParameters: definition.requestParameters,
      requestModels: requestModelsOf(route.model),
      ...(needsValidator && validatorId !== undefined && { requestValidatorId: validatorId }),
    }),
  );
  for (const { statusCode, responseParameters, responseModels } of definition.methodResponses) {
    await apigateway.send(
      new PutMethodResponseCommand({ ...target, statusCode, responseParameters, responseModels }),
    );
  }
}

const rollback: Rollback = {
  name: 'DeleteMethod',
  permissions: [
    apiGateway(['GET'], '/restapis/*/resources', '/restapis/*/resources/*', '/restapis/*/requestvalidators'),
    apiGateway(['PUT', 'DELETE'], '/restapis/*/resources/*'),
    apiGateway(['DELETE'], '/restapis/*/models/*', '/restapis/*/requestvalidators/*'),
    allow(['iam:PassRole'], ['arn:{partition}:iam::{account}:role/service-proxy/*'], {
      StringEquals: { 'iam:PassedToService': 'apigateway.amazonaws.com' },
    }),
    ledgerRead,
    ledgerWrite,
  ],
  timeoutSeconds: 300,
  async run({ plan, outputs }, clients) {
    const rolledBack: string[] = [];
    const removing = plan.operation === 'remove';
    // An API made by this execution goes whole: DeleteRestApi comes after this state.
    if (plan.restApi.change === 'CREATE') return { rolledBack };
    const restApiId = await restApiOf(clients, plan, outputs);
    const made = await loadMade(clients, plan.executionName);
    const touched = plan.routes.filter(
      route => route.method.change === 'DELETE' || made.has(`method ${routeKey(route)}`),
    );
    if (restApiId === undefined || touched.length === 0) return { rolledBack };
    const existing = await listResources(clients, restApiId);
    for (const route of touched) {
      const resourceId = existing.find(({ path }) => path === route.path)?.id;
      if (resourceId !== undefined) {
        const target = { restApiId, resourceId, httpMethod: route.httpMethod };
        const deleted = await ignoring(isNotFound, clients.apigateway.send(new DeleteMethodCommand(target)));
        if (deleted) rolledBack.push(`method ${routeKey(route)}`);
        if (!removing && route.method.previous) await restoreMethod(clients, target, route.method.previous);
      }
      if (route.model && route.model.change === (removing ? 'DELETE' : 'CREATE')) {
        const model = new DeleteModelCommand({ restApiId, modelName: route.model.name });
        if (await ignoring(isNotFound, clients.apigateway.send(model)))
          rolledBack.push(`model ${route.model.name}`);
      }
      await forgetMade(clients, plan.executionName, `method ${routeKey(route)}`);
    }
    if (plan.requestValidator?.change === 'CREATE') {
      const { items } = await clients.apigateway.send(
        new GetRequestValidatorsCommand({ restApiId, limit: 500 }),
      );
      const id = items?.find(({ name }) => name === plan.requestValidator?.name)?.id;
      if (id !== undefined && made.has(`requestValidator ${plan.requestValidator.name}`)) {
        const validator = new DeleteRequestValidatorCommand({ restApiId, requestValidatorId: id });
        await ignoring(isNotFound, clients.apigateway.send(validator));
        rolledBack.push(`request validator ${plan.requestValidator.name}`);
      }
    }
    return { rolledBack };
  },
};

export const putMethod: Step<'PutMethod'> = {
  name: 'PutMethod',
  permissions: [
    apiGateway(['GET'], '/restapis/*/requestvalidators', '/restapis/*/resources/*'),
    apiGateway(['POST'], '/restapis/*/requestvalidators', '/restapis/*/models'),
    apiGateway(['PUT', 'DELETE'], '/restapis/*/resources/*'),
    ledgerRead,
    ledgerWrite,
  ],
  timeoutSeconds: 600,

  async run(running, clients) {
    const { plan, outputs } = running;
    await holdLocks(clients, running);
    const changed = routesToPut(plan);
    if (changed.length === 0) return { methods: 0 };
    const restApiId = (await restApiOf(clients, plan, outputs)) ?? '';
    const ids = await resourceIds(clients, plan, outputs);
    const validatorId = await ensureValidator(clients, running, restApiId);
    const made = await loadMade(clients, plan.executionName);
    for (const route of changed) {
      const thing = `method ${routeKey(route)}` as const;
      const known = made.get(thing);
      if (known?.state === 'MADE') continue;
      const at = { restApiId, resourceId: idOf(ids, route.path) };
      const target = { ...at, httpMethod: route.httpMethod };
      if (!known && route.method.change === 'CREATE') await refuseForeign(clients, target, plan);
      await recordIntent(clients, running.execution, thing);
      // PutMethod refuses to replace: what is there, ours by the plan or an earlier attempt's, goes first.
      if (known || route.method.change === 'UPDATE') {
        await ignoring(isNotFound, clients.apigateway.send(new DeleteMethodCommand(target)));
      }
      await putRoute(clients, route, at, validatorId);
      await recordMade(clients, plan.executionName, thing);
    }
    return { methods: changed.length };
  },

  rollback,
};

/** In an API that others change too, a method may have appeared since the plan: it is theirs. */
async function refuseForeign(
  clients: Clients,
  target: { restApiId: string; resourceId: string; httpMethod: string },
  plan: Plan,
) {
  const isNew =
    plan.restApi.change === 'CREATE' ||
    plan.resources.some(({ change, id }) => change === 'CREATE' && id === target.resourceId);
  if (isNew) return;
  const found = await ignoring(isNotFound, clients.apigateway.send(new GetMethodCommand(target)));
  if (found) {
    throw new ServiceProxyError(
      'NotOwned',
      `${target.httpMethod} was added to resource ${target.resourceId} by somebody else since the plan`,
    );
  }
}

export const handler = serve(putMethod);
export const rollbackHandler = serve(rollback);
