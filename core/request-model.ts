// The model of a request body: JSON Schema draft 4 from the input members that the body carries.
import { createHash } from 'node:crypto';
import { type BoundMember, isOwnXml, isQuery, jsonName } from './binding.ts';
import type { Operation, Shape } from './operation.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Patterns that Java, JavaScript and draft 4 read alike: no look-around, possessive or Unicode classes. */
function isPortable(pattern: string): boolean {
  if (/\\[pPuxQEzZA]|\(\?|\+\+|\*\+|\[\[|&&/.test(pattern)) return false;
  try {
    return new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false; // Java is more lenient in classes such as [\w-_]
  }
}

/** Longer lists of values grow with every release of a service: the service itself checks those. */
const longestEnum = 60;

function schemaOf(operation: Operation, shape: Shape | undefined, refer: (name: string) => Schema): Schema {
  if (!shape) return {};
  switch (shape.type) {
    case 'structure':
      if (shape.document) return {};
      return {
        type: 'object',
        properties: Object.fromEntries(
          Object.entries(shape.members ?? {}).map(([name, member]) => [
            jsonName(operation, name, member),
            refer(member.shape),
          ]),
        ),
        ...(shape.required?.length
          ? {
              required: shape.required.map(name =>
                jsonName(operation, name, shape.members?.[name] ?? { shape: '' }),
              ),
            }
          : {}),
        additionalProperties: false,
      };
    case 'list':
      return { type: 'array', items: refer(shape.element ?? '') };
    case 'map':
      return { type: 'object', additionalProperties: refer(shape.value ?? '') };
    case 'boolean':
      return { type: 'boolean' };
    case 'integer':
    case 'long':
    case 'short':
    case 'byte':
    case 'biginteger':
      return {
        type: 'integer',
        ...(shape.min !== undefined && { minimum: shape.min }),
        ...(shape.max !== undefined && { maximum: shape.max }),
      };
    case 'float':
    case 'double':
    case 'bigdecimal':
      return { type: 'number' };
    case 'timestamp':
      // JSON services take seconds, and most of them text too; forms, XML and ISO 8601 are text.
      return { type: isText(operation, shape) ? 'string' : ['number', 'string'] };
    case 'blob':
      // Bytes travel in JSON as base64.
      return { type: 'string', pattern: '^[A-Za-z0-9+/]*={0,2}$' };
    default:
      return {
        type: 'string',
        ...(shape.enum && shape.enum.length <= longestEnum && { enum: shape.enum }),
        ...(shape.min !== undefined && { minLength: shape.min }),
        ...(shape.max !== undefined && { maxLength: shape.max }),
        ...(shape.pattern !== undefined && isPortable(shape.pattern) && { pattern: anchored(shape.pattern) }),
      };
  }
}

const isText = (operation: Operation, { timestampFormat }: Shape): boolean =>
  timestampFormat === 'iso8601' || operation.protocol === 'rest-xml' || isQuery(operation);

/** A service model's pattern means the whole value. */
const anchored = (pattern: string) =>
  (pattern.startsWith('^') ? pattern : `^(?:${pattern})$`).replace('(?:', '(');

/** The model for a body of members; undefined where the caller sends no JSON body that can be described. */
export function requestModel(
  operation: Operation,
  members: readonly BoundMember[],
): { contentType: string; name: string; schema: string } | undefined {
  const inBody = members.filter(({ source }) => 'from' in source && source.from === 'body');
  const payload = members.find(({ source }) => 'from' in source && source.from === 'payload');
  const whole = operation.shapes[payload?.definition.shape ?? ''];
  const isJson = whole?.type === 'structure' && !whole.document && !isOwnXml(operation);
  if (inBody.length === 0 && !isJson) return undefined;
  const definitions = new Map<string, Schema>();
  const refer = (name: string): Schema => {
    const shape = operation.shapes[name];
    const isNested = shape?.type === 'structure' || shape?.type === 'list' || shape?.type === 'map';
    if (!isNested) return schemaOf(operation, shape, refer);
    if (!definitions.has(name)) {
      definitions.set(name, {}); // shapes may contain themselves
      definitions.set(name, schemaOf(operation, shape, refer));
    }
    return { $ref: `#/definitions/${name}` };
  };
  const properties: Record<string, Schema> = {};
  const required: string[] = [];
  if (isJson) {
    for (const [name, member] of Object.entries(whole.members ?? {})) {
      properties[jsonName(operation, name, member)] = refer(member.shape);
      if (whole.required?.includes(name)) required.push(jsonName(operation, name, member));
    }
  }
  for (const { definition, source, required: isRequired } of inBody) {
    if (!('name' in source)) continue;
    properties[source.name] = refer(definition.shape);
    if (isRequired) required.push(source.name);
  }
  const schema = JSON.stringify({
    $schema: 'http://json-schema.org/draft-04/schema#',
    type: 'object',
    properties,
    ...(required.length > 0 && { required }),
    additionalProperties: false,
    ...(definitions.size > 0 && { definitions: Object.fromEntries(definitions) }),
  });
  const hash = createHash('sha256').update(schema).digest('hex').slice(0, 8);
  const readable = `${operation.service}${operation.action}`.replace(/[^a-zA-Z0-9]/g, '');
  return {
    contentType: 'application/json',
    name: `${readable.charAt(0).toUpperCase()}${readable.slice(1)}${hash}`,
    schema,
  };
}
