// Mends what makes a document of API Gateway's no valid OpenAPI 3.0, so that clients can be generated from it.
import type { Json, JsonObject, OpenApiDocument } from './openapi.ts';
import { translateSchemas } from './openapi-schema.ts';

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function toValid(document: OpenApiDocument): OpenApiDocument {
  const { schemas, ...components } = document.components;
  const taken = new Set<string>();
  const paths = Object.entries(document.paths).map(([path, methods]) => [
    path,
    isObject(methods) ? mendMethods(path, methods, taken) : methods,
  ]);
  return {
    ...document,
    paths: Object.fromEntries(paths),
    // API Gateway exports models as they were put: in a draft of JSON Schema that OpenAPI 3.0 does not know.
    components: { ...components, ...(schemas && { schemas: translateSchemas(schemas) }) },
  };
}

function mendMethods(path: string, methods: JsonObject, taken: Set<string>): JsonObject {
  const mended = Object.entries(methods).map(([name, operation]) => [
    name,
    isObject(operation) ? mendOperation(path, operation, taken) : operation,
  ]);
  return Object.fromEntries(mended);
}

function mendOperation(path: string, operation: JsonObject, taken: Set<string>): JsonObject {
  const { operationId, parameters } = operation;
  return {
    ...operation,
    ...(typeof operationId === 'string' && { operationId: unique(operationId, taken) }),
    ...(Array.isArray(parameters) && {
      parameters: parameters.map(one => (isObject(one) ? named(path, one) : one)),
    }),
  };
}

/** Two routes may do the same: the second one is told apart by a number. */
function unique(name: string, taken: Set<string>): string {
  let count = 1;
  let free = name;
  while (taken.has(free)) free = `${name}${++count}`;
  taken.add(free);
  return free;
}

/** A variable that takes the rest of the path is called `{key+}` there, and must be called so everywhere. */
function named(path: string, parameter: JsonObject): JsonObject {
  const isRest = parameter.in === 'path' && path.includes(`{${String(parameter.name)}+}`);
  return isRest ? { ...parameter, name: `${String(parameter.name)}+` } : parameter;
}
