// What a body has against its model, in the words of the Java library that API Gateway validates with
// (java-json-tools' json-schema-validator), as execution logs and $context.error.validationErrorString show them.
import type { ErrorObject } from 'ajv';

const list = (values: readonly unknown[]) => `[${values.map(value => JSON.stringify(value)).join(',')}]`;

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

/** Java's library knows every integer for a number, and says so. */
function allowedTypes(schemaType: unknown): string[] {
  const types = [schemaType].flat().map(String);
  return [...new Set(types.includes('number') ? ['integer', ...types] : types)].sort();
}

const sizeOf = (value: unknown) =>
  typeof value === 'string' ? [...value].length : Object.keys(Object(value)).length;

type Wording = (error: ErrorObject) => string;

const wordings: Readonly<Record<string, Wording>> = {
  type: ({ data, schema }) =>
    `instance type (${typeOf(data)}) does not match any allowed primitive type (allowed: ${list(allowedTypes(schema))})`,
  enum: ({ data, schema }) =>
    `instance value (${JSON.stringify(data)}) not found in enum (possible values: ${list([schema].flat())})`,
  maximum: ({ data, schema }) =>
    `numeric instance is greater than the required maximum (maximum: ${schema}, found: ${data})`,
  minimum: ({ data, schema }) =>
    `numeric instance is lower than the required minimum (minimum: ${schema}, found: ${data})`,
  exclusiveMaximum: ({ schema }) =>
    `numeric instance is not strictly lower than the required maximum ${schema}`,
  exclusiveMinimum: ({ schema }) =>
    `numeric instance is not strictly greater than the required minimum ${schema}`,
  multipleOf: ({ data, schema }) => `remainder of division is not zero (${data} / ${schema})`,
  maxLength: ({ data, schema }) =>
    `string ${JSON.stringify(data)} is too long (length: ${sizeOf(data)}, maximum allowed: ${schema})`,
  minLength: ({ data, schema }) =>
    `string ${JSON.stringify(data)} is too short (length: ${sizeOf(data)}, required minimum: ${schema})`,
  pattern: ({ data, schema }) =>
    `ECMA 262 regex ${JSON.stringify(schema)} does not match input string ${JSON.stringify(data)}`,
  uniqueItems: () => 'array must not contain duplicate elements',
  maxProperties: ({ data, schema }) =>
    `object has too many properties (found ${sizeOf(data)} but schema requires at most ${schema})`,
  minProperties: ({ data, schema }) =>
    `object has too few properties (found ${sizeOf(data)} but schema requires at least ${schema})`,
  anyOf: ({ schema }) => `instance failed to match at least one required schema among ${sizeOf(schema)}`,
  oneOf: ({ schema, params }) =>
    `instance failed to match exactly one schema (matched ${params.passingSchemas?.length ?? 0} out of ${sizeOf(schema)})`,
  not: () => 'instance matched a schema that it should not have',
};

/** One problem for all properties of an object that are missing, and one for all that are too many. */
const grouped: Readonly<Record<string, { readonly param: string; readonly say: (names: string) => string }>> =
  {
    required: { param: 'missingProperty', say: names => `object has missing required properties (${names})` },
    additionalProperties: {
      param: 'additionalProperty',
      say: names => `object instance has properties which are not allowed by the schema: ${names}`,
    },
  };

/** `errors` as a verbose ajv gives them; those of the branches of a choice are summed up by the choice's own. */
export function problemsOf(errors: readonly ErrorObject[]): string[] {
  const problems = new Set<string>();
  const own = errors.filter(({ schemaPath }) => !/\/(?:anyOf|oneOf)\/\d+\//.test(schemaPath));
  for (const error of own) {
    const group = grouped[error.keyword];
    if (!group) {
      problems.add(wordings[error.keyword]?.(error) ?? error.message ?? error.keyword);
      continue;
    }
    const alike = own.filter(one => one.keyword === error.keyword && one.instancePath === error.instancePath);
    problems.add(group.say(list(alike.map(({ params }) => params[group.param]).sort())));
  }
  return [...problems];
}
