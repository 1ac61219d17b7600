// A plan as the API that it describes, for an OpenAPI document before anything has been made.
import type { Authorizer, GatewayResponseType, Method } from '@aws-sdk/client-api-gateway';
import { requestModelsOf } from './method-definition.ts';
import type { ApiDescription } from './openapi.ts';
import type { Plan, RoutePlan } from './plan.ts';

export function describePlannedApi(plan: Plan): ApiDescription {
  const served = plan.routes.filter(({ method }) => method.definition);
  const paths = [...new Set(served.map(({ path }) => path))];
  const validator = plan.requestValidator?.name;
  return {
    title: plan.restApi.name,
    version: plan.stage.name,
    resources: paths.map(path => ({
      path,
      methods: Object.fromEntries(
        served
          .filter(route => route.path === path)
          .map(route => [route.httpMethod, plannedMethod(route, validator)]),
      ),
    })),
    models: [...served.flatMap(({ method }) => modelOf(method)), ...standardModels(served)],
    requestValidators:
      validator === undefined
        ? []
        : [{ id: validator, name: validator, validateRequestBody: true, validateRequestParameters: true }],
    authorizers: [...new Map(served.flatMap(authorizerOf).map(one => [one.id, one])).values()],
    gatewayResponses: (plan.gatewayResponses ?? []).flatMap(({ responseType, definition }) =>
      definition ? { responseType: responseType as GatewayResponseType, ...definition } : [],
    ),
    binaryMediaTypes: [...new Set(served.flatMap(({ method }) => method.definition?.binaryMediaTypes ?? []))],
  };
}

function modelOf({ definition }: RoutePlan['method']) {
  const model = definition?.requestModel;
  return model ? [{ name: model.name, schema: model.schema }] : [];
}

/** API Gateway makes these with every API; a response without a model of its own shows one of them. */
function standardModels(routes: readonly RoutePlan[]) {
  const used = new Set(
    routes
      .flatMap(({ method }) => method.definition?.methodResponses ?? [])
      .flatMap(({ responseModels }) => Object.values(responseModels)),
  );
  return [
    { name: 'Empty', schema: '{"type":"object"}' },
    { name: 'Error', schema: '{"type":"object","properties":{"message":{"type":"string"}}}' },
  ].filter(({ name }) => used.has(name));
}

export function plannedMethod(route: RoutePlan, requestValidatorId: string | undefined): Method {
  const { authorization, role, httpMethod } = route;
  const { definition } = route.method;
  if (!definition) return { httpMethod };
  const { validate, integrationResponses, methodResponses } = definition;
  return {
    httpMethod,
    operationName: route.action,
    authorizationType: authorization.type === 'API_KEY' ? 'NONE' : authorization.type,
    apiKeyRequired: authorization.type === 'API_KEY',
    ...authorizerIdOf(route),
    requestParameters: definition.requestParameters,
    requestModels: requestModelsOf(definition.requestModel),
    ...((validate.body || validate.parameters) && requestValidatorId !== undefined && { requestValidatorId }),
    methodResponses: Object.fromEntries(methodResponses.map(response => [response.statusCode, response])),
    methodIntegration: {
      ...definition.integration,
      ...(role && { credentials: role.arn }),
      integrationResponses: Object.fromEntries(
        integrationResponses.map(response => [response.statusCode, response]),
      ),
    },
  };
}

function authorizerIdOf({ authorization }: RoutePlan): Pick<Method, 'authorizerId'> {
  if (authorization.type === 'CUSTOM') return { authorizerId: authorization.authorizerId };
  return authorization.type === 'COGNITO_USER_POOLS' ? { authorizerId: authorization.arn } : {};
}

/** Of an authorizer that exists only its id is known here; of a user pool, its ARN. */
function authorizerOf({ authorization }: RoutePlan): Authorizer[] {
  if (authorization.type === 'CUSTOM') {
    const { authorizerId: id } = authorization;
    return [{ id, name: id, type: 'TOKEN', identitySource: 'method.request.header.Authorization' }];
  }
  if (authorization.type !== 'COGNITO_USER_POOLS') return [];
  const { arn } = authorization;
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  return [{ id: arn, name, type: 'COGNITO_USER_POOLS', providerARNs: [arn] }];
}
