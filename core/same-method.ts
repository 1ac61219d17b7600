// Whether a method in API Gateway is already what a route asks for.
import { isDeepStrictEqual } from 'node:util';
import type { Method } from '@aws-sdk/client-api-gateway';
import { requestModelsOf } from './method-definition.ts';
import type { RouteDesign } from './routes.ts';

/** API Gateway gives an empty template back as null. */
const entries = (record: object | undefined) =>
  Object.fromEntries(
    Object.entries(record ?? {})
      .map(([name, value]) => [name, value ?? ''])
      .sort(),
  );
const isSame = (one: object | undefined, other: object | undefined) =>
  isDeepStrictEqual(entries(one), entries(other));

/** Compares what the product sets; what API Gateway adds by itself (time-outs, cache settings) does not count. */
export function isSameMethod(
  method: Method,
  route: Pick<RouteDesign, 'definition' | 'authorization'>,
  roleArn: string | undefined,
  authorizerId: string | undefined,
): boolean {
  const { definition, authorization } = route;
  const { methodIntegration: integration = {} } = method;
  const wanted = definition.integration;
  const apiKeyRequired = authorization.type === 'API_KEY';
  const authorizationType = apiKeyRequired ? 'NONE' : authorization.type;
  const responses = Object.values(integration.integrationResponses ?? {});
  return (
    method.authorizationType === authorizationType &&
    method.authorizerId === authorizerId &&
    (method.apiKeyRequired ?? false) === apiKeyRequired &&
    isSame(method.requestParameters, definition.requestParameters) &&
    isSame(method.requestModels, requestModelsOf(definition.requestModel)) &&
    integration.type === wanted.type &&
    integration.uri === wanted.uri &&
    integration.httpMethod === wanted.httpMethod &&
    integration.credentials === roleArn &&
    integration.passthroughBehavior === wanted.passthroughBehavior &&
    integration.contentHandling === wanted.contentHandling &&
    isSame(integration.requestParameters, wanted.requestParameters) &&
    isSame(integration.requestTemplates, wanted.requestTemplates) &&
    Object.keys(method.methodResponses ?? {}).length === definition.methodResponses.length &&
    responses.length === definition.integrationResponses.length &&
    definition.integrationResponses.every(response => {
      const there = integration.integrationResponses?.[response.statusCode];
      return (
        there !== undefined &&
        (there.selectionPattern ?? '') === (response.selectionPattern ?? '') &&
        isSame(there.responseParameters, response.responseParameters) &&
        isSame(there.responseTemplates, response.responseTemplates)
      );
    })
  );
}
