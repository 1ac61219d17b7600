// What of a method in API Gateway the product sets: whether it is what a route asks for, and what it comes to in short.
import { isDeepStrictEqual } from 'node:util';
import type { Method } from '@aws-sdk/client-api-gateway';
import { fingerprintOf } from './execution-name.ts';
import { requestModelsOf } from './method-definition.ts';
import type { RouteDesign } from './routes.ts';

type Wanted = Pick<RouteDesign, 'definition' | 'authorization'>;

/** API Gateway gives an empty template back as null. */
const entries = (record: object | undefined) =>
  Object.fromEntries(
    Object.entries(record ?? {})
      .map(([name, value]) => [name, value ?? ''])
      .sort(),
  );

const responseShape = (response: {
  readonly selectionPattern?: string | undefined;
  readonly responseParameters?: object | undefined;
  readonly responseTemplates?: object | undefined;
}) => ({
  selectionPattern: response.selectionPattern ?? '',
  responseParameters: entries(response.responseParameters),
  responseTemplates: entries(response.responseTemplates),
});

/** What API Gateway adds by itself (time-outs, cache settings) does not count. */
function shapeOf(method: Method) {
  const { methodIntegration: integration = {} } = method;
  const responses = Object.entries(integration.integrationResponses ?? {});
  return {
    authorizationType: method.authorizationType,
    apiKeyRequired: method.apiKeyRequired ?? false,
    requestParameters: entries(method.requestParameters),
    requestModels: entries(method.requestModels),
    type: integration.type,
    uri: integration.uri,
    httpMethod: integration.httpMethod,
    credentials: integration.credentials,
    passthroughBehavior: integration.passthroughBehavior,
    contentHandling: integration.contentHandling,
    integrationParameters: entries(integration.requestParameters),
    requestTemplates: entries(integration.requestTemplates),
    methodResponses: Object.keys(method.methodResponses ?? {}).length,
    responses: entries(Object.fromEntries(responses.map(([status, one]) => [status, responseShape(one)]))),
  };
}

function wantedShape({ definition, authorization }: Wanted, roleArn: string | undefined) {
  const { integration } = definition;
  const apiKeyRequired = authorization.type === 'API_KEY';
  const responses = definition.integrationResponses.map(one => [one.statusCode, responseShape(one)]);
  return {
    authorizationType: apiKeyRequired ? 'NONE' : authorization.type,
    apiKeyRequired,
    requestParameters: entries(definition.requestParameters),
    requestModels: entries(requestModelsOf(definition.requestModel)),
    type: integration.type,
    uri: integration.uri,
    httpMethod: integration.httpMethod,
    credentials: roleArn,
    passthroughBehavior: integration.passthroughBehavior,
    contentHandling: integration.contentHandling,
    integrationParameters: entries(integration.requestParameters),
    requestTemplates: entries(integration.requestTemplates),
    methodResponses: definition.methodResponses.length,
    responses: entries(Object.fromEntries(responses)),
  };
}

/** Compares what the product sets. */
export const isSameMethod = (
  method: Method,
  route: Wanted,
  roleArn: string | undefined,
  authorizerId: string | undefined,
): boolean =>
  method.authorizerId === authorizerId && isDeepStrictEqual(shapeOf(method), wantedShape(route, roleArn));

/** The same for a method and the route that it is; ids of authorizers, which a plan does not know, are left out. */
export const fingerprintOfMethod = (method: Method): string => fingerprintOf(shapeOf(method));
export const fingerprintOfRoute = (route: Wanted, roleArn: string | undefined): string =>
  fingerprintOf(wantedShape(route, roleArn));
