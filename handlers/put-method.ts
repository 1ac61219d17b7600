// Puts each route's method: its request validator and model, the method itself, its responses, and the API's own errors.
import {
  CreateModelCommand,
  CreateRequestValidatorCommand,
  DeleteMethodCommand,
  PutMethodCommand,
} from '@aws-sdk/client-api-gateway';
import { authorizerIdOf } from '../core/authorizers.ts';
import { isConflict, isNotFound, ServiceProxyError } from '../core/errors.ts';
import type { Execution, ExecutionIdentity, Made } from '../core/execution.ts';
import { requestModelsOf } from '../core/method-definition.ts';
import { type AuthorizerChange, type Plan, type RoutePlan, routeKey, routesToPut } from '../core/plan.ts';
import { allow, type Clients, type Rollback, type Step } from '../core/step.ts';
import { deleteAuthorizers, ensureAuthorizers } from './authorizers.ts';
import {
  changeGatewayResponses,
  removeGatewayResponses,
  takeGatewayResponsesBack,
} from './gateway-responses.ts';
import { routesToImport } from './import-methods.ts';
import { recordMade } from './ledger.ts';
import { holdLocks, retakeLocks } from './locks.ts';
import { makeIntended, makeOnce } from './making.ts';
import { authorizationOf, type MethodTarget } from './method-definition.ts';
import {
  findValidator,
  ignoring,
  isPlanned,
  putResponses,
  readMethod,
  removeMethods,
  responsesOf,
  takeMethodsBack,
} from './methods.ts';
import { apiGateway, ledger } from './permissions.ts';
import { idOf, resourceIds, restApiOf } from './resources.ts';
import { serve } from './serve.ts';
import { inTurns } from './turns.ts';

/** What the methods of an API refer to. */
interface Surroundings {
  readonly validatorId: string | undefined;
  readonly authorizers: readonly AuthorizerChange[];
}

async function ensureValidator(
  clients: Clients,
  { execution, plan }: Execution,
  made: Made,
  restApiId: string,
): Promise<string | undefined> {
  const { requestValidator } = plan;
  if (requestValidator?.change !== 'CREATE') return requestValidator?.id;
  const { name } = requestValidator;
  const checks = { validateRequestBody: true, validateRequestParameters: true };
  const command = new CreateRequestValidatorCommand({ restApiId, name, ...checks });
  return makeOnce(clients, execution, made, {
    thing: `requestValidator ${name}`,
    find: () => findValidator(clients, plan, restApiId),
    make: async () => (await clients.apigateway.send(command)).id,
  });
}

/** PutMethod refuses to replace: what is there, ours by the plan or an earlier attempt's, goes first. */
async function clearTheWay(
  clients: Clients,
  plan: Plan,
  route: RoutePlan,
  target: MethodTarget,
  wasTried: boolean,
): Promise<void> {
  const isNew =
    plan.restApi.change === 'CREATE' ||
    plan.resources.some(({ change, path }) => change === 'CREATE' && path === route.path);
  if (route.method.change === 'CREATE') {
    if (isNew && !wasTried) return;
    const there = await readMethod(clients, target);
    if (!there) return;
    // In an API that others change too, a method may have appeared since the plan: it is theirs.
    if (!wasTried || !isPlanned(there, route, plan)) {
      throw new ServiceProxyError(
        'NotOwned',
        `${routeKey(route)} was added by somebody else since the plan; start again`,
      );
    }
  }
  await ignoring(isNotFound, clients.apigateway.send(new DeleteMethodCommand(target)));
}

async function putMethodOf(
  { apigateway }: Clients,
  route: RoutePlan,
  target: MethodTarget,
  { validatorId, authorizers }: Surroundings,
  wasTried: boolean,
): Promise<void> {
  const { definition } = route.method;
  if (!definition) return;
  const needsValidator = definition.validate.body || definition.validate.parameters;
  const command = new PutMethodCommand({
    ...target,
    ...authorizationOf(route.authorization, authorizerIdOf(route.authorization, authorizers)),
    operationName: route.action,
    requestParameters: definition.requestParameters,
    requestModels: requestModelsOf(route.model),
    ...(needsValidator && validatorId !== undefined && { requestValidatorId: validatorId }),
  });
  try {
    await apigateway.send(command);
  } catch (error) {
    if (!isConflict(error)) throw error;
    const isOurs = wasTried || route.method.change === 'UPDATE';
    throw new ServiceProxyError(
      isOurs ? 'NotStabilized' : 'NotOwned',
      isOurs
        ? `${routeKey(route)}: an earlier attempt's method is not readable yet`
        : `${routeKey(route)} was added by somebody else since the plan; start again`,
    );
  }
}

async function ensureModel(
  clients: Clients,
  execution: ExecutionIdentity,
  made: Made,
  { model }: RoutePlan,
  restApiId: string,
): Promise<void> {
  if (model?.change !== 'CREATE') return;
  const { name, contentType, schema } = model;
  const thing = `model ${name}` as const;
  const command = new CreateModelCommand({ restApiId, name, contentType, schema });
  // The name holds the schema's hash: one that is there is the same model.
  const make = () => ignoring(isConflict, clients.apigateway.send(command));
  await makeIntended(clients, execution, made, thing, make);
}

async function putRoute(
  clients: Clients,
  { execution, plan }: Execution,
  made: Made,
  route: RoutePlan,
  target: MethodTarget,
  surroundings: Surroundings,
  isImported: boolean,
): Promise<void> {
  const thing = `method ${routeKey(route)}` as const;
  const wasTried = made.has(thing);
  const put = () => putMethodOf(clients, route, target, surroundings, wasTried);
  await ensureModel(clients, execution, made, route, target.restApiId);
  await makeIntended(clients, execution, made, thing, async () => {
    await clearTheWay(clients, plan, route, target, wasTried);
    if (route.method.change === 'CREATE') await put();
  });
  // The previous method is gone by now: a refusal does not take the intent back.
  if (route.method.change === 'UPDATE') await put();
  if (!isImported) await putResponses(clients, route, target);
  await recordMade(clients, plan.executionName, thing);
}

const rollback: Rollback = {
  name: 'DeleteMethod',
  permissions: [
    apiGateway(
      ['GET'],
      '/restapis/*/resources',
      '/restapis/*/requestvalidators',
      '/restapis/*/authorizers',
      '/restapis/*/gatewayresponses',
    ),
    apiGateway(['PUT', 'DELETE'], '/restapis/*/resources/*', '/restapis/*/gatewayresponses/*'),
    apiGateway(
      ['DELETE'],
      '/restapis/*/models/*',
      '/restapis/*/requestvalidators/*',
      '/restapis/*/authorizers/*',
    ),
    allow(['iam:PassRole'], ['arn:{partition}:iam::{account}:role/service-proxy/*'], {
      StringEquals: { 'iam:PassedToService': 'apigateway.amazonaws.com' },
    }),
    ledger('Query', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'),
  ],
  timeoutSeconds: 300,
  async run(running, clients) {
    const { plan, made } = running;
    const restApiId = restApiOf(running);
    // An API made by this execution goes whole: DeleteRestApi comes after this state.
    if (plan.restApi.change === 'CREATE' || restApiId === undefined) return { rolledBack: [] };
    if (plan.operation === 'provision') {
      if (
        ![...made.keys()].some(thing =>
          /^(method|model|requestValidator|authorizer|gatewayResponse) /.test(thing),
        )
      )
        return { rolledBack: [] };
    }
    await retakeLocks(clients, running);
    const isRemoval = plan.operation === 'remove';
    const takeMethods = isRemoval ? removeMethods : takeMethodsBack;
    const takeResponses = isRemoval ? removeGatewayResponses : takeGatewayResponsesBack;
    return {
      rolledBack: [
        ...(await takeMethods(clients, running, restApiId)),
        ...(await deleteAuthorizers(clients, running, restApiId)),
        ...(await takeResponses(clients, running, restApiId)),
      ],
    };
  },
};

export const putMethod: Step<'PutMethod'> = {
  name: 'PutMethod',
  permissions: [
    apiGateway(
      ['GET'],
      '/restapis/*/requestvalidators',
      '/restapis/*/authorizers',
      '/restapis/*/gatewayresponses',
      '/restapis/*/resources/*',
    ),
    apiGateway(['POST'], '/restapis/*/requestvalidators', '/restapis/*/authorizers', '/restapis/*/models'),
    apiGateway(['PUT', 'DELETE'], '/restapis/*/resources/*', '/restapis/*/gatewayresponses/*'),
    ledger('Query', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'),
  ],
  timeoutSeconds: 600,

  async run(running, clients) {
    const { plan, made } = running;
    await holdLocks(clients, running);
    const restApiId = restApiOf(running) ?? '';
    await changeGatewayResponses(clients, running, restApiId);
    const changed = routesToPut(plan);
    if (changed.length === 0) return { methods: 0 };
    const ids = resourceIds(running);
    const validatorId = await ensureValidator(clients, running, made, restApiId);
    const authorizers = await ensureAuthorizers(clients, running, restApiId);
    // Their responses come with their integrations.
    const imported = new Set(routesToImport(clients, plan));
    await inTurns(clients, running, {
      state: 'PutMethod',
      items: changed,
      calls: route =>
        1 +
        (route.model?.change === 'CREATE' ? 1 : 0) +
        (imported.has(route) ? 0 : responsesOf(route).length),
      work: async route => {
        if (made.get(`method ${routeKey(route)}`)?.state === 'MADE') return;
        const target = { restApiId, resourceId: idOf(ids, route.path), httpMethod: route.httpMethod };
        const surroundings = { validatorId, authorizers };
        await putRoute(clients, running, made, route, target, surroundings, imported.has(route));
      },
    });
    return { methods: changed.length };
  },

  rollback,
};

export const handler = serve(putMethod);
export const rollbackHandler = serve(rollback);
