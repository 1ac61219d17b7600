// JSON Schema draft 4, which models are written in, as today's validator takes it.

type Schema = Record<string, unknown>;

const isMap = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const ofSchemas = new Set(['properties', 'patternProperties', 'definitions', 'dependencies']);
const ofLists = new Set(['allOf', 'anyOf', 'oneOf', 'items']);
const ofSchema = new Set(['additionalItems', 'additionalProperties', 'items', 'not']);
/** API Gateway does not look at the number of items. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html */
const ignored = new Set(['$schema', 'id', 'minItems', 'maxItems']);

export function modernSchema(schema: unknown): Schema {
  if (!isMap(schema)) return {};
  const modern: Schema = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (!ignored.has(keyword)) modern[keyword] = modernValue(keyword, value);
  }
  exclude(modern, 'exclusiveMinimum', 'minimum');
  exclude(modern, 'exclusiveMaximum', 'maximum');
  return modern;
}

function modernValue(keyword: string, value: unknown): unknown {
  if (keyword === '$ref' && typeof value === 'string') return modelReference(value);
  if (ofSchemas.has(keyword) && isMap(value)) {
    const entries = Object.entries(value);
    return Object.fromEntries(entries.map(([name, one]) => [name, isMap(one) ? modernSchema(one) : one]));
  }
  if (ofLists.has(keyword) && Array.isArray(value)) return value.map(modernSchema);
  return ofSchema.has(keyword) && isMap(value) ? modernSchema(value) : value;
}

/** One model refers to another by URL: https://apigateway.amazonaws.com/restapis/{id}/models/{name} */
function modelReference(reference: string): string {
  const [, name, fragment = ''] = /\/models\/([^/#]+)(#.*)?$/.exec(reference) ?? [];
  return name === undefined ? reference : `model:${name}${fragment}`;
}

/** An exclusive bound was a flag beside the bound; it is the bound itself today. */
function exclude(schema: Schema, flag: string, bound: string): void {
  if (typeof schema[flag] !== 'boolean') return;
  if (schema[flag] && typeof schema[bound] === 'number') {
    schema[flag] = schema[bound];
    delete schema[bound];
  } else delete schema[flag];
}
