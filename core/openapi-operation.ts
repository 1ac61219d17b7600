// One method of an API as an OpenAPI operation, with its integration as API Gateway's extension.
import type { Integration, Method, MethodResponse } from '@aws-sdk/client-api-gateway';
import type { ApiDescription, Extensions, JsonObject } from './openapi.ts';
import type { SecurityScheme } from './openapi-security.ts';

export function operationOf(
  api: ApiDescription,
  path: string,
  method: Method,
  schemes: readonly SecurityScheme[],
  extensions: Extensions,
): JsonObject {
  const parameters = parametersOf(path, method);
  const requestBody = bodyOf(method.requestModels ?? {});
  const security = schemes.filter(scheme => scheme.isFor(method)).map(({ name }) => ({ [name]: [] }));
  const validator = api.requestValidators.find(({ id }) => id === method.requestValidatorId);
  const { operationName, methodResponses = {}, methodIntegration } = method;
  return {
    ...(operationName !== undefined && { operationId: operationName }),
    ...(parameters.length > 0 && { parameters }),
    ...(requestBody && { requestBody }),
    responses: responsesOf(methodResponses),
    ...(security.length > 0 && { security }),
    ...(extensions.apigateway &&
      validator?.name !== undefined && { 'x-amazon-apigateway-request-validator': validator.name }),
    ...(extensions.integrations &&
      methodIntegration && { 'x-amazon-apigateway-integration': integrationOf(methodIntegration) }),
  };
}

const places: Readonly<Record<string, string>> = { path: 'path', querystring: 'query', header: 'header' };

/** What the method declares, and the path's own variables, declared or not: OpenAPI wants them all. */
function parametersOf(path: string, { requestParameters = {} }: Method): JsonObject[] {
  const variables = [...path.matchAll(/\{([^}+]+)\+?\}/g)].map(([, name]) => [`path.${name}`, true] as const);
  const declared = Object.entries(requestParameters).map(
    ([name, isRequired]) => [name.replace(/^method\.request\./, ''), isRequired] as const,
  );
  return [...new Map([...variables, ...declared])].map(([location, isRequired]) => {
    const place = location.slice(0, location.indexOf('.'));
    return {
      name: location.slice(place.length + 1),
      in: places[place] ?? place,
      ...((isRequired || place === 'path') && { required: true }),
      schema: { type: 'string' },
    };
  });
}

const reference = (model: string) => ({ $ref: `#/components/schemas/${model}` });

/** A model for every other media type is a model for JSON. */
function bodyOf({ $default, ...models }: Readonly<Record<string, string>>): JsonObject | undefined {
  const all =
    Object.keys(models).length > 0 || $default === undefined ? models : { 'application/json': $default };
  const content = Object.entries(all).map(([type, model]) => [type, { schema: reference(model) }]);
  return content.length > 0 ? { content: Object.fromEntries(content), required: true } : undefined;
}

function responsesOf(responses: Readonly<Record<string, MethodResponse>>): JsonObject {
  const described = Object.entries(responses).map(
    ([status, { responseParameters = {}, responseModels = {} }]) => {
      const headers = Object.keys(responseParameters).map(name => [
        name.replace(/^method\.response\.header\./, ''),
        { schema: { type: 'string' } },
      ]);
      const content = Object.entries(responseModels).map(([type, model]) => [
        type,
        { schema: reference(model) },
      ]);
      return [
        status,
        {
          description: `${status} response`,
          ...(headers.length > 0 && { headers: Object.fromEntries(headers) }),
          ...(content.length > 0 && { content: Object.fromEntries(content) }),
        },
      ];
    },
  );
  // OpenAPI wants one response at least.
  return described.length > 0
    ? Object.fromEntries(described)
    : { default: { description: 'Default response' } };
}

const isFilled = (value: unknown) =>
  value !== undefined && value !== null && (typeof value !== 'object' || Object.keys(value).length > 0);

function filled(members: Readonly<Record<string, unknown>>): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => isFilled(value))) as JsonObject;
}

function integrationOf(integration: Integration): JsonObject {
  const { type = '', passthroughBehavior, integrationResponses = {}, ...given } = integration;
  const responses = Object.values(integrationResponses).map(
    ({ selectionPattern, statusCode, responseParameters, responseTemplates, contentHandling }) => [
      selectionPattern || 'default',
      filled({ statusCode, responseParameters, responseTemplates, contentHandling }),
    ],
  );
  const { credentials, httpMethod, uri, requestParameters, requestTemplates, contentHandling } = given;
  const { timeoutInMillis, connectionType, connectionId, cacheKeyParameters, tlsConfig } = given;
  return filled({
    type: type.toLowerCase(),
    credentials,
    httpMethod,
    uri,
    responses: Object.fromEntries(responses),
    requestParameters,
    requestTemplates,
    passthroughBehavior: passthroughBehavior?.toLowerCase(),
    contentHandling,
    timeoutInMillis,
    connectionType,
    connectionId,
    cacheKeyParameters,
    tlsConfig,
  });
}
