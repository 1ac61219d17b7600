// An OpenAPI 3.0 document of an API as Swagger 2.0, which says the same in other places.
import type { Json, JsonObject, OpenApiDocument } from './openapi.ts';

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const objects = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});

const mapped = (value: Json | undefined, change: (one: JsonObject) => JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(objects(value)).map(([name, one]) => [name, change(objects(one))]));

export function toSwagger(document: OpenApiDocument): JsonObject {
  const { openapi: _, info, servers, paths, components, ...extensions } = document;
  const isOperation = (name: string) => !name.startsWith('x-') || name === 'x-amazon-apigateway-any-method';
  const swagger: JsonObject = {
    swagger: '2.0',
    info,
    ...addressOf(servers),
    paths: mapped(paths, methods =>
      Object.fromEntries(
        Object.entries(methods).map(([name, one]) => [
          name,
          isOperation(name) ? operation(objects(one)) : one,
        ]),
      ),
    ),
    ...(components.securitySchemes && { securityDefinitions: components.securitySchemes }),
    ...(components.schemas && { definitions: components.schemas }),
    ...extensions,
  };
  return JSON.parse(JSON.stringify(swagger).replaceAll('"#/components/schemas/', '"#/definitions/'));
}

function addressOf(servers: Json | undefined): JsonObject {
  const [server] = Array.isArray(servers) ? servers : [];
  if (!isObject(server)) return {};
  const { hostname } = new URL(String(server.url).replace('{basePath}', ''));
  const basePath = objects(objects(server.variables).basePath).default;
  return { host: hostname, basePath: `/${basePath}`, schemes: ['https'] };
}

function operation({ parameters, requestBody, responses, ...rest }: JsonObject): JsonObject {
  const content = objects(objects(requestBody).content);
  const [body] = Object.values(content);
  const all = [
    ...(Array.isArray(parameters) ? parameters : []).map(one => flat(objects(one))),
    ...(isObject(body) ? [{ in: 'body', name: 'body', required: true, schema: body.schema }] : []),
  ];
  const produced = Object.values(objects(responses)).flatMap(one =>
    Object.keys(objects(objects(one).content)),
  );
  return {
    ...(Object.keys(content).length > 0 && { consumes: Object.keys(content) }),
    ...(produced.length > 0 && { produces: [...new Set(produced)] }),
    ...(all.length > 0 && { parameters: all }),
    responses: mapped(responses, response),
    ...rest,
  };
}

/** A parameter and a header say their type themselves. */
const flat = ({ schema, ...rest }: JsonObject): JsonObject => ({ ...rest, ...objects(schema) });

function response({ content, headers, ...rest }: JsonObject): JsonObject {
  const [body] = Object.values(objects(content));
  return {
    ...rest,
    ...(headers !== undefined && { headers: mapped(headers, flat) }),
    ...(isObject(body) && { schema: body.schema }),
  };
}
