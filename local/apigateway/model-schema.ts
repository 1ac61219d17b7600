// Whether a model's schema is one API Gateway accepts: JSON Schema draft 4, referring only to models of its API.
import { badRequest } from './errors.ts';

const types = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];
const referenceToModel = /^https:\/\/apigateway\.amazonaws\.com\/restapis\/[^/]+\/models\/(\w+)(?:[/#].*)?$/;

export function checkSchema(
  contentType: string,
  schema: string | undefined,
  isModel: (name: string) => boolean,
): void {
  if (!schema) throw badRequest('Model schema must have at least 1 property or array items defined');
  if (!/json/i.test(contentType)) return;
  let parsed: unknown;
  try {
    parsed = JSON.parse(schema);
  } catch {
    throw refused('Invalid model schema specified');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw refused('Invalid model schema specified');
  }
  const unknown = modelReferencesOf(schema).filter(name => !isModel(name));
  if (unknown.length > 0) throw refused(...unknown.map(name => `Invalid model reference specified: ${name}`));
  if (!isSchema(parsed)) throw refused('Invalid model schema specified');
}

const refused = (...errors: string[]) =>
  badRequest(`Invalid model specified: Validation Result: warnings : [], errors : [${errors.join(', ')}]`);

/** The names of the models a schema refers to. */
export function modelReferencesOf(schema: string | undefined): string[] {
  const names: string[] = [];
  try {
    JSON.parse(schema ?? '', (key, value) => {
      const name =
        key === '$ref' && typeof value === 'string' ? referenceToModel.exec(value)?.[1] : undefined;
      if (name !== undefined) names.push(name);
      return value;
    });
  } catch {
    // Models of other content types need not be JSON.
    return [];
  }
  return names;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The keywords whose shape draft 4 fixes; unknown keywords are allowed. */
const keywords: Readonly<Record<string, (value: unknown) => boolean>> = {
  type: value => [value].flat().length > 0 && [value].flat().every(type => types.includes(String(type))),
  properties: isMapOfSchemas,
  patternProperties: isMapOfSchemas,
  definitions: isMapOfSchemas,
  items: value => (Array.isArray(value) ? value.every(isSchema) : isSchema(value)),
  additionalProperties: value => typeof value === 'boolean' || isSchema(value),
  additionalItems: value => typeof value === 'boolean' || isSchema(value),
  required: isListOfNames,
  enum: value => Array.isArray(value) && value.length > 0,
  allOf: isListOfSchemas,
  anyOf: isListOfSchemas,
  oneOf: isListOfSchemas,
  not: value => isSchema(value),
  minimum: isNumber,
  maximum: isNumber,
  multipleOf: value => isNumber(value) && Number(value) > 0,
  exclusiveMinimum: isFlag,
  exclusiveMaximum: isFlag,
  uniqueItems: isFlag,
  minLength: isCount,
  maxLength: isCount,
  minItems: isCount,
  maxItems: isCount,
  minProperties: isCount,
  maxProperties: isCount,
  pattern: isText,
  title: isText,
  description: isText,
  $ref: isText,
};

function isSchema(value: unknown): boolean {
  if (!isObject(value)) return false;
  return Object.entries(value).every(
    ([keyword, part]) => !Object.hasOwn(keywords, keyword) || keywords[keyword]?.(part),
  );
}

function isMapOfSchemas(value: unknown): boolean {
  return isObject(value) && Object.values(value).every(isSchema);
}

function isListOfSchemas(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isSchema);
}

function isListOfNames(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isText);
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0;
}

function isFlag(value: unknown): boolean {
  return typeof value === 'boolean';
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}
