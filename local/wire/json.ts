// JSON bodies: members of a shape to and from the JSON of the awsJson and restJson protocols.
import type { NormalizedSchema } from '@smithy/core/schema';
import {
  elementOf,
  fromBase64,
  type Members,
  malformed,
  membersOf,
  readTimestamp,
  timestampFormat,
  toBase64,
  writeTimestamp,
} from './shapes.ts';

export interface JsonSettings {
  /** restJson members may be called otherwise on the wire; awsJson ignores that. */
  readonly jsonNames: boolean;
  /** Members without a value are written as null, as AWS's query services do when asked for JSON. */
  readonly nulls?: boolean;
}

export function parseJson(body: Uint8Array): unknown {
  if (body.byteLength === 0) return {};
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
  } catch {
    throw malformed('The request body is not valid JSON');
  }
}

export function readJson(shape: NormalizedSchema, value: unknown, settings: JsonSettings): unknown {
  if (value === null || value === undefined || shape.isDocumentSchema()) return value;
  if (shape.isUnitSchema()) return {};
  if (shape.isStructSchema()) return readStructure(shape, value, settings);
  if (shape.isListSchema()) {
    if (!Array.isArray(value)) throw mismatch(value, 'a list', settings);
    const element = elementOf(shape);
    return value.map(item => readJson(element, item, settings));
  }
  if (shape.isMapSchema()) {
    const element = elementOf(shape);
    return Object.fromEntries(
      Object.entries(objectOf(value, 'a map', settings)).map(([key, item]) => [
        key,
        readJson(element, item, settings),
      ]),
    );
  }
  if (shape.isTimestampSchema()) return readTimestamp(value, shape.getName() ?? 'timestamp');
  if (shape.isBlobSchema()) {
    if (typeof value !== 'string') throw mismatch(value, 'Blob', settings);
    return fromBase64(value);
  }
  return readSimple(shape, value, settings);
}

/** AWS takes a number or boolean where a string is expected only between quotes. */
function readSimple(shape: NormalizedSchema, value: unknown, settings: JsonSettings): unknown {
  if (typeof value === 'object')
    throw mismatch(value, shape.isStringSchema() ? 'String' : 'a simple value', settings);
  if (shape.isStringSchema() && typeof value !== 'string') throw mismatch(value, 'String', settings);
  if (shape.isNumericSchema() && typeof value !== 'number') {
    if (typeof value === 'string' && /^(NaN|-?Infinity)$/.test(value)) return Number(value);
    throw mismatch(value, 'Number', settings);
  }
  if (shape.isBooleanSchema() && typeof value !== 'boolean') throw mismatch(value, 'Boolean', settings);
  return value;
}

function readStructure(shape: NormalizedSchema, value: unknown, settings: JsonSettings): Members {
  const source = objectOf(value, 'a structure', settings);
  const members: Members = {};
  for (const [name, member] of membersOf(shape)) {
    const wireName = settings.jsonNames ? (member.getMergedTraits().jsonName ?? name) : name;
    const item = Object.hasOwn(source, wireName) ? source[wireName] : undefined;
    if (item !== null && item !== undefined) members[name] = readJson(member, item, settings);
  }
  return members;
}

function objectOf(value: unknown, expected: string, settings: JsonSettings): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw mismatch(value, expected, settings);
  return value as Record<string, unknown>;
}

// DynamoDB's wording, which every Coral service of the awsJson family shares.
/** How API Gateway and Lambda name a value of the wrong type; recorded on AWS. */
const javaClasses: Readonly<Record<string, string>> = {
  boolean: 'java.lang.Boolean',
  number: 'com.amazon.coral.value.json.numbers.TruncatingBigNumber',
};

function mismatch(value: unknown, expected: string, { jsonNames }: JsonSettings) {
  if (typeof value === 'object') {
    return malformed(
      `Start of ${Array.isArray(value) ? 'list' : 'structure or map'} found where not expected`,
    );
  }
  const javaClass = javaClasses[typeof value];
  if (jsonNames && javaClass) return malformed(`class ${javaClass} can not be converted to an ${expected}`);
  const actual = typeof value === 'boolean' ? `${value}`.toUpperCase() : (typeof value).toUpperCase();
  return malformed(`${actual}_VALUE cannot be converted to ${expected}`);
}

export function writeJson(shape: NormalizedSchema, value: unknown, settings: JsonSettings): unknown {
  if (value === undefined || value === null) return null;
  if (shape.isStructSchema()) return writeStructure(shape, value as Members, settings);
  if (shape.isListSchema()) {
    const element = elementOf(shape);
    return (value as unknown[]).map(item => writeJson(element, item, settings));
  }
  if (shape.isMapSchema()) {
    const element = elementOf(shape);
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return Object.fromEntries(entries.map(([key, item]) => [key, writeJson(element, item, settings)]));
  }
  if (shape.isTimestampSchema()) return writeTimestamp(value, timestampFormat(shape, 'epoch-seconds'));
  if (shape.isBlobSchema()) return toBase64(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return value;
}

function writeStructure(shape: NormalizedSchema, value: Members, settings: JsonSettings): Members {
  const members: Members = {};
  for (const [name, member] of membersOf(shape)) {
    const item = value[name];
    if ((item === undefined || item === null) && !settings.nulls) continue;
    const wireName = settings.jsonNames ? (member.getMergedTraits().jsonName ?? name) : name;
    members[wireName] = writeJson(member, item, settings);
  }
  return members;
}
