// A Swagger 2.0 document as OpenAPI 3.0, as far as an import reads it.
import type { Json, JsonObject } from '../../../core/openapi.ts';
import { isObject, list, objects, operationNames, text } from './json.ts';

const mapped = (value: Json | undefined, change: (one: JsonObject) => JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(objects(value)).map(([name, one]) => [name, change(objects(one))]));

export function fromSwagger(document: JsonObject): JsonObject {
  const moved: JsonObject = JSON.parse(
    JSON.stringify(document).replaceAll('"#/definitions/', '"#/components/schemas/'),
  );
  const { swagger: _, host, basePath, schemes, paths, definitions, securityDefinitions, ...rest } = moved;
  const { consumes, produces, parameters, responses, ...others } = rest;
  const types = { consumes: list(consumes), produces: list(produces) };
  return {
    openapi: '3.0.1',
    ...others,
    ...(basePath !== undefined && { servers: [{ url: `https://${text(host) ?? 'host'}${text(basePath)}` }] }),
    paths: mapped(paths, item => pathItem(item, types)),
    components: {
      ...(definitions !== undefined && { schemas: definitions }),
      ...(securityDefinitions !== undefined && { securitySchemes: securityDefinitions }),
    },
  };
}

interface MediaTypes {
  readonly consumes: readonly Json[];
  readonly produces: readonly Json[];
}

const isBody = (parameter: Json) => objects(parameter).in === 'body';

function pathItem(item: JsonObject, types: MediaTypes): JsonObject {
  const shared = list(item.parameters);
  const operations = Object.entries(item).flatMap(([name, operation]): [string, JsonObject][] =>
    name in operationNames && isObject(operation) ? [[name, operationOf(operation, shared, types)]] : [],
  );
  return {
    ...item,
    parameters: shared.filter(parameter => !isBody(parameter)),
    ...Object.fromEntries(operations),
  };
}

function operationOf(operation: JsonObject, shared: readonly Json[], types: MediaTypes): JsonObject {
  const { consumes, produces, parameters, responses, ...rest } = operation;
  const body = [...list(parameters), ...shared].map(objects).find(isBody);
  const asked = typesOf(consumes, types.consumes);
  const answered = typesOf(produces, types.produces);
  return {
    ...rest,
    parameters: list(parameters).filter(parameter => !isBody(parameter)),
    ...(body && {
      requestBody: { content: contentOf(asked, body.schema), required: body.required ?? false },
    }),
    ...(responses !== undefined && {
      responses: mapped(responses, ({ schema, ...response }) => ({
        ...response,
        ...(schema !== undefined && { content: contentOf(answered, schema) }),
      })),
    }),
  };
}

const typesOf = (own: Json | undefined, shared: readonly Json[]): string[] => {
  const types = (own === undefined ? shared : list(own)).map(String);
  return types.length > 0 ? types : ['application/json'];
};

const contentOf = (types: readonly string[], schema: Json | undefined): JsonObject =>
  Object.fromEntries(types.map(type => [type, { schema }]));
