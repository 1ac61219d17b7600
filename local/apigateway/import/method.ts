// One operation of an OpenAPI document as the calls that put its method, responses and integration.
import type {
  PutIntegrationRequest,
  PutIntegrationResponseRequest,
  PutMethodRequest,
  PutMethodResponseRequest,
} from '@aws-sdk/client-api-gateway';
import type { JsonObject } from '../../../core/openapi.ts';
import { defined } from '../defined.ts';
import { isObject, list, objects, text } from './json.ts';

export interface ImportedMethod {
  readonly method: Omit<PutMethodRequest, 'restApiId' | 'resourceId' | 'httpMethod' | 'authorizationType'>;
  readonly responses: readonly Omit<PutMethodResponseRequest, 'restApiId' | 'resourceId' | 'httpMethod'>[];
  readonly integration?: Omit<PutIntegrationRequest, 'restApiId' | 'resourceId' | 'httpMethod'>;
  readonly integrationResponses: readonly Omit<
    PutIntegrationResponseRequest,
    'restApiId' | 'resourceId' | 'httpMethod'
  >[];
  readonly warnings: readonly string[];
}

/** The model that a schema stands for; undefined where there is none of that name. */
export type ModelFor = (schema: JsonObject) => string | undefined;

const places: Readonly<Record<string, string>> = { path: 'path', query: 'querystring', header: 'header' };

export function importedMethod(
  operation: JsonObject,
  pathItem: JsonObject,
  modelFor: ModelFor,
  where: string,
): ImportedMethod {
  const warnings: string[] = [];
  const models = (content: unknown, at: string): Record<string, string> | undefined => {
    const found = Object.entries(objects(content)).flatMap(([type, media]): [string, string][] => {
      const { schema } = objects(media);
      if (!isObject(schema)) return [];
      const model = modelFor(schema);
      if (model !== undefined) return [[type, model]];
      warnings.push(`Parse issue: attribute ${where}.${at}.content.schema.${text(schema.$ref)} is missing`);
      return [];
    });
    return found.length > 0 ? Object.fromEntries(found) : undefined;
  };
  const statuses = Object.entries(objects(operation.responses)).filter(([status]) =>
    /^[1-5]\d\d$/.test(status),
  );
  const integration = operation['x-amazon-apigateway-integration'];
  return {
    method: defined({
      operationName: text(operation.operationId),
      requestParameters: requestParametersOf([...list(pathItem.parameters), ...list(operation.parameters)]),
      requestModels: models(objects(operation.requestBody).content, 'requestBody'),
    }),
    responses: statuses.map(([statusCode, response]) => {
      const { headers, content } = objects(response);
      const names = Object.keys(objects(headers));
      return defined({
        statusCode,
        responseParameters:
          names.length > 0
            ? Object.fromEntries(names.map(name => [`method.response.header.${name}`, false]))
            : undefined,
        responseModels: models(content, `responses.${statusCode}`),
      });
    }),
    ...(isObject(integration) && { integration: integrationOf(integration) }),
    integrationResponses: isObject(integration) ? integrationResponsesOf(integration) : [],
    warnings,
  };
}

/** The operation's own parameters come last, and win. */
function requestParametersOf(parameters: readonly unknown[]): Record<string, boolean> | undefined {
  const declared = parameters.map(objects).flatMap(({ in: place, name, required }): [string, boolean][] => {
    const kind = places[String(place)];
    return kind === undefined ? [] : [[`method.request.${kind}.${text(name)}`, required === true]];
  });
  return declared.length > 0 ? Object.fromEntries(declared) : undefined;
}

const texts = (value: unknown): Record<string, string> | undefined =>
  isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, text(one) ?? '']))
    : undefined;

function integrationOf(given: JsonObject): NonNullable<ImportedMethod['integration']> {
  const cacheKeyParameters = given.cacheKeyParameters;
  const { timeoutInMillis, tlsConfig } = given;
  return defined({
    // An integration may be written in lower case, as API Gateway exports it.
    type: text(given.type)?.toUpperCase() as PutIntegrationRequest['type'],
    integrationHttpMethod: text(given.httpMethod),
    uri: text(given.uri),
    credentials: text(given.credentials),
    connectionType: text(given.connectionType) as PutIntegrationRequest['connectionType'],
    connectionId: text(given.connectionId),
    requestParameters: texts(given.requestParameters),
    requestTemplates: texts(given.requestTemplates),
    passthroughBehavior: text(given.passthroughBehavior)?.toUpperCase(),
    contentHandling: text(given.contentHandling) as PutIntegrationRequest['contentHandling'],
    timeoutInMillis: timeoutInMillis === undefined ? undefined : Number(timeoutInMillis),
    cacheNamespace: text(given.cacheNamespace),
    cacheKeyParameters: Array.isArray(cacheKeyParameters) ? cacheKeyParameters.map(String) : undefined,
    tlsConfig: isObject(tlsConfig)
      ? { insecureSkipVerification: tlsConfig.insecureSkipVerification === true }
      : undefined,
  });
}

/** Keyed by the pattern that selects them; `default` is the one that none selects. */
function integrationResponsesOf({ responses }: JsonObject): ImportedMethod['integrationResponses'] {
  return Object.entries(objects(responses)).map(([pattern, response]) => {
    const { statusCode, responseParameters, responseTemplates, contentHandling } = objects(response);
    return defined({
      statusCode: text(statusCode),
      selectionPattern: pattern === 'default' ? undefined : pattern,
      responseParameters: texts(responseParameters),
      responseTemplates: texts(responseTemplates),
      contentHandling: text(contentHandling) as PutIntegrationResponseRequest['contentHandling'],
    });
  });
}
