// An API as OpenAPI 3.0 with API Gateway's extensions: planned or deployed, the same document.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
import type {
  Authorizer,
  GatewayResponse,
  Method,
  Model,
  RequestValidator,
} from '@aws-sdk/client-api-gateway';
import { operationOf } from './openapi-operation.ts';
import { schemasOf } from './openapi-schema.ts';
import { type SecurityScheme, securitySchemesOf } from './openapi-security.ts';

/** What an API consists of, in API Gateway's own shapes. */
export interface ApiDescription {
  readonly title: string;
  readonly description?: string | undefined;
  readonly version: string;
  /** Where it is served; absent while it is only planned. */
  readonly url?: string;
  readonly resources: readonly {
    readonly path: string;
    readonly methods: Readonly<Record<string, Method>>;
  }[];
  readonly models: readonly Model[];
  readonly requestValidators: readonly RequestValidator[];
  readonly authorizers: readonly Authorizer[];
  readonly gatewayResponses: readonly GatewayResponse[];
  readonly binaryMediaTypes: readonly string[];
}

/** The groups of extensions that GetExport knows. */
export interface Extensions {
  readonly integrations: boolean;
  readonly authorizers: boolean;
  /** Validators, gateway responses and binary media types. */
  readonly apigateway: boolean;
}

export const allExtensions: Extensions = { integrations: true, authorizers: true, apigateway: true };

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

export interface OpenApiDocument extends JsonObject {
  readonly openapi: string;
  readonly paths: JsonObject;
  readonly components: { readonly schemas?: JsonObject; readonly securitySchemes?: JsonObject };
}

export function openApiOf(api: ApiDescription, extensions: Extensions = allExtensions): OpenApiDocument {
  const securitySchemes = securitySchemesOf(api, extensions);
  const schemas = schemasOf(api.models);
  return {
    openapi: '3.0.1',
    info: {
      title: api.title,
      ...(api.description !== undefined && { description: api.description }),
      version: api.version,
    },
    ...(api.url !== undefined && { servers: serversOf(api.url) }),
    paths: pathsOf(api, securitySchemes, extensions),
    components: {
      ...(Object.keys(schemas).length > 0 && { schemas }),
      ...(securitySchemes.length > 0 && {
        securitySchemes: Object.fromEntries(securitySchemes.map(({ name, scheme }) => [name, scheme])),
      }),
    },
    ...(extensions.apigateway && ofApiGateway(api)),
  };
}

/** The stage is a variable of the server's URL, as API Gateway writes it. */
function serversOf(url: string): JsonObject[] {
  const stage = url.slice(url.lastIndexOf('/'));
  return [
    {
      url: `${url.slice(0, -stage.length)}/{basePath}`,
      variables: { basePath: { default: stage.slice(1) } },
    },
  ];
}

function pathsOf(
  api: ApiDescription,
  schemes: readonly SecurityScheme[],
  extensions: Extensions,
): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const { path, methods } of api.resources) {
    const operations = Object.entries(methods).map(([httpMethod, method]): [string, JsonObject] => [
      httpMethod === 'ANY' ? 'x-amazon-apigateway-any-method' : httpMethod.toLowerCase(),
      operationOf(api, path, method, schemes, extensions),
    ]);
    if (operations.length > 0) paths[path] = Object.fromEntries(operations.sort(byName));
  }
  return Object.fromEntries(Object.entries(paths).sort(byName));
}

const byName = ([one]: [string, unknown], [other]: [string, unknown]) => (one < other ? -1 : 1);

function ofApiGateway({ requestValidators, gatewayResponses, binaryMediaTypes }: ApiDescription): JsonObject {
  const validators = requestValidators.map(
    ({ name = '', validateRequestBody, validateRequestParameters }) => [
      name,
      {
        validateRequestParameters: validateRequestParameters ?? false,
        validateRequestBody: validateRequestBody ?? false,
      },
    ],
  );
  const responses = gatewayResponses.map(({ responseType = '', ...given }) => [
    responseType,
    {
      ...(given.statusCode !== undefined && { statusCode: given.statusCode }),
      ...(given.responseParameters && { responseParameters: given.responseParameters }),
      ...(given.responseTemplates && { responseTemplates: given.responseTemplates }),
    },
  ]);
  return {
    ...(validators.length > 0 && {
      'x-amazon-apigateway-request-validators': Object.fromEntries(validators),
    }),
    ...(responses.length > 0 && { 'x-amazon-apigateway-gateway-responses': Object.fromEntries(responses) }),
    ...(binaryMediaTypes.length > 0 && { 'x-amazon-apigateway-binary-media-types': binaryMediaTypes }),
  };
}
