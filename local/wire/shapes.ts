// What the codecs of all protocols need to know of a shape, and values that are written alike in several of them.
import type { NormalizedSchema } from '@smithy/core/schema';
import { ServiceError } from '../service.ts';

/** Members of a structure as the SDK types them. */
export type Members = Record<string, unknown>;

export type TimestampFormat = 'date-time' | 'http-date' | 'epoch-seconds';

const elements = new WeakMap<NormalizedSchema, NormalizedSchema>();

/** The element of a list or the value of a map. */
export function elementOf(shape: NormalizedSchema): NormalizedSchema {
  let element = elements.get(shape);
  if (!element) {
    element = shape.getValueSchema();
    elements.set(shape, element);
  }
  return element;
}

export function membersOf(
  shape: NormalizedSchema,
): Iterable<readonly [name: string, member: NormalizedSchema]> {
  return shape.isUnitSchema() ? [] : shape.structIterator();
}

/** The shape's own format where its schema names one (5, 6, 7), else that of the place it stands in. */
export function timestampFormat(shape: NormalizedSchema, ofPlace: TimestampFormat): TimestampFormat {
  const schema = shape.getSchema();
  if (schema === 5) return 'date-time';
  if (schema === 6) return 'http-date';
  if (schema === 7) return 'epoch-seconds';
  return ofPlace;
}

export function writeTimestamp(value: unknown, format: TimestampFormat): string | number {
  const date = value instanceof Date ? value : new Date(Number(value));
  if (format === 'epoch-seconds') return date.getTime() / 1000;
  return format === 'http-date' ? date.toUTCString() : date.toISOString();
}

export function readTimestamp(value: unknown, place: string): Date {
  const isNumber =
    typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?(e\d+)?$/i.test(value));
  const date = isNumber ? new Date(Math.round(Number(value) * 1000)) : new Date(String(value));
  if (Number.isNaN(date.getTime())) throw malformed(`${place} is not a timestamp`);
  return date;
}

export function toBase64(value: unknown): string {
  return (typeof value === 'string' ? Buffer.from(value) : Buffer.from(value as Uint8Array)).toString(
    'base64',
  );
}

export const fromBase64 = (value: string): Uint8Array => new Uint8Array(Buffer.from(value, 'base64'));

/** A string, number, boolean or timestamp as text: in paths, query strings, headers, forms and XML. */
export function writeText(shape: NormalizedSchema, value: unknown, timestamps: TimestampFormat): string {
  if (shape.isTimestampSchema()) return String(writeTimestamp(value, timestampFormat(shape, timestamps)));
  if (shape.isBlobSchema()) return toBase64(value);
  return String(value);
}

export function readText(shape: NormalizedSchema, text: string, place: string): unknown {
  if (shape.isTimestampSchema()) return readTimestamp(text, place);
  if (shape.isBlobSchema()) return fromBase64(text);
  if (shape.isBooleanSchema()) {
    if (text !== 'true' && text !== 'false') throw malformed(`${place} must be true or false`);
    return text === 'true';
  }
  if (shape.isNumericSchema()) {
    const number = Number(text);
    if (text.trim() === '' || Number.isNaN(number)) throw malformed(`${place} must be a number`);
    return number;
  }
  return text;
}

export const malformed = (message: string) => new ServiceError('SerializationException', 400, message);
