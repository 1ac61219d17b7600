// API Gateway's models, JSON Schema draft 4, as schemas of OpenAPI 3.0, which knows less of it.
import type { Model } from '@aws-sdk/client-api-gateway';
import type { Json, JsonObject } from './openapi.ts';

/** All models by name; what a model defines within itself stands beside it under the model's name. */
export function schemasOf(models: readonly Pick<Model, 'name' | 'schema'>[]): JsonObject {
  const schemas = models.map(({ name = '', schema }): [string, Json] => [name, JSON.parse(schema || '{}')]);
  return translateSchemas(Object.fromEntries(schemas));
}

/** Schemas that are OpenAPI 3.0 already stay as they are. */
export function translateSchemas(schemas: JsonObject): JsonObject {
  const translated: Record<string, Json> = {};
  for (const [name, schema] of Object.entries(schemas)) {
    if (!isObject(schema)) continue;
    translated[name] = translate(schema, name);
    const definitions = isObject(schema.definitions) ? schema.definitions : {};
    for (const [inner, definition] of Object.entries(definitions)) {
      if (isObject(definition)) translated[innerName(name, inner)] = translate(definition, name);
    }
  }
  return translated;
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const innerName = (model: string, definition: string) =>
  `${model}.${definition.replace(/[^A-Za-z0-9._-]/g, '_')}`;

/** Where a reference of a model's schema points to in the document. */
function referenceIn(reference: string, model: string): string {
  const to = (name: string) => `#/components/schemas/${name}`;
  if (reference === '#') return to(model);
  const definition = /^#\/definitions\/(.+)$/.exec(reference)?.[1];
  if (definition !== undefined) {
    const [name = '', ...rest] = definition.split('/');
    return [to(innerName(model, decodeURIComponent(name))), ...rest].join('/');
  }
  const other = /\/restapis\/[^/]+\/models\/([^/]+)$/.exec(reference)?.[1];
  return other === undefined ? reference : to(other);
}

const kept = new Set([
  'title',
  'description',
  'default',
  'enum',
  'format',
  'multipleOf',
  'maximum',
  'exclusiveMaximum',
  'minimum',
  'exclusiveMinimum',
  'maxLength',
  'minLength',
  'pattern',
  'maxItems',
  'minItems',
  'uniqueItems',
  'maxProperties',
  'minProperties',
  'required',
  'nullable',
  'discriminator',
  'readOnly',
  'writeOnly',
  'example',
  'externalDocs',
  'deprecated',
  'xml',
]);

function translate(schema: JsonObject, model: string): JsonObject {
  // What stands beside a reference has no meaning, in draft 4 as in OpenAPI.
  if (typeof schema.$ref === 'string') return { $ref: referenceIn(schema.$ref, model) };
  const inner = (value: Json | undefined) => (isObject(value) ? translate(value, model) : {});
  const result: Record<string, Json | undefined> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (kept.has(keyword) || keyword.startsWith('x-')) result[keyword] = value;
    else if (keyword === 'properties' && isObject(value)) {
      result.properties = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, inner(one)]));
    } else if ((keyword === 'allOf' || keyword === 'anyOf' || keyword === 'oneOf') && Array.isArray(value)) {
      result[keyword] = value.map(inner);
    } else if (keyword === 'not') result.not = inner(value);
  }
  return { ...result, ...typeOf(schema), ...itemsOf(schema, inner), ...additionalOf(schema, inner) };
}

/** OpenAPI has one type for a schema, and says by itself that it may be null. */
function typeOf({ type }: JsonObject): JsonObject {
  if (typeof type === 'string') return type === 'null' ? { nullable: true, enum: [null] } : { type };
  if (!Array.isArray(type)) return {};
  const types = type.filter(one => one !== 'null');
  const nullable = types.length < type.length && { nullable: true };
  const [only] = types;
  return types.length === 1
    ? { type: only, ...nullable }
    : { anyOf: types.map(one => ({ type: one, ...(one === 'array' && { items: {} }), ...nullable })) };
}

type Inner = (value: Json | undefined) => JsonObject;

/** An array says what it holds; of a list of schemas for its places, any may be met. */
function itemsOf({ type, items }: JsonObject, inner: Inner): JsonObject {
  if (Array.isArray(items)) return { items: { anyOf: items.map(inner) } };
  if (items !== undefined) return { items: inner(items) };
  return type === 'array' ? { items: {} } : {};
}

/** OpenAPI knows no patterns for the names of properties: what they allow is allowed under any name. */
function additionalOf({ additionalProperties, patternProperties }: JsonObject, inner: Inner): JsonObject {
  const patterns = isObject(patternProperties) ? Object.values(patternProperties).map(inner) : [];
  if (patterns.length === 0) {
    if (additionalProperties === undefined) return {};
    return {
      additionalProperties: isObject(additionalProperties)
        ? inner(additionalProperties)
        : additionalProperties,
    };
  }
  if (additionalProperties === false) return { additionalProperties: { anyOf: patterns } };
  const others = isObject(additionalProperties) ? [inner(additionalProperties)] : [];
  return others.length > 0 ? { additionalProperties: { anyOf: [...patterns, ...others] } } : {};
}
