// The request a caller makes to a route for an input: each member at its place, in the form the service takes it.
import { jsonName } from '../../core/binding.ts';
import type { Member, Operation, Shape } from '../../core/operation.ts';
import type { BoundMember } from '../../core/parameters.ts';
import type { Input } from './random-input.ts';

export interface CallerRequest {
  readonly pathParameters: Record<string, string>;
  readonly query: Record<string, string[]>;
  readonly headers: Record<string, string[]>;
  readonly body: Uint8Array;
}

/** A member's value as a caller writes it into JSON. */
export function asJson(operation: Operation, member: Member, value: unknown): unknown {
  const shape = operation.shapes[member.shape];
  if (value instanceof Date) return timeText(operation, member, shape, value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (!shape || shape.document) return value;
  if (member.jsonvalue && member.location === 'header') return Buffer.from(String(value)).toString('base64');
  if (shape.type === 'list' && Array.isArray(value))
    return value.map(item => asJson(operation, { shape: shape.element ?? '' }, item));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, item]) => {
    if (shape.type === 'map') return [name, asJson(operation, { shape: shape.value ?? '' }, item)];
    const below = shape.members?.[name] ?? { shape: '' };
    return [jsonName(operation, name, below), asJson(operation, below, item)];
  });
  return Object.fromEntries(entries);
}

const isoText = (date: Date) => date.toISOString().replace('.000Z', 'Z');

function timeText({ protocol }: Operation, member: Member, shape: Shape | undefined, value: Date) {
  const given = member.timestampFormat ?? shape?.timestampFormat;
  const isJson = protocol === 'json-1.0' || protocol === 'json-1.1' || protocol === 'rest-json';
  const byPlace = member.location === 'header' ? 'rfc822' : member.location ? 'iso8601' : undefined;
  const format = given ?? byPlace ?? (isJson ? 'unixTimestamp' : 'iso8601');
  if (format === 'unixTimestamp') return value.getTime() / 1000;
  return format === 'rfc822' ? value.toUTCString() : isoText(value);
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

export function callerRequest(
  operation: Operation,
  members: readonly BoundMember[],
  input: Input,
): CallerRequest {
  const { input: shape, shapes } = operation;
  const payload = shapes[shape?.members?.[shape.payload ?? '']?.shape ?? '']?.type;
  const isRaw = payload === 'blob' || payload === 'string';
  const request: CallerRequest = {
    pathParameters: {},
    query: {},
    headers: {},
    body: new Uint8Array(),
  };
  let body: unknown;
  let raw: Uint8Array | undefined;
  for (const { member, definition, source } of members) {
    if (!('from' in source) || !(member in input)) continue;
    const value = asJson(operation, definition, input[member]);
    if (source.from === 'payload') {
      const bytes = input[member];
      if (bytes instanceof Uint8Array || typeof bytes === 'string') {
        raw = Buffer.from(bytes);
      } else body = value;
    } else if (source.from === 'body') {
      body = { ...(body as object | undefined), [source.name]: value };
    } else if (source.from === 'path') {
      request.pathParameters[source.name] = encodeURIComponent(asText(value));
    } else if (source.from === 'query') {
      request.query[source.name] = Array.isArray(value) ? value.map(asText) : [asText(value)];
    } else {
      request.headers[source.name] = [Array.isArray(value) ? value.map(asText).join(',') : asText(value)];
    }
  }
  if (raw === undefined && body === undefined && !isRaw) return request;
  request.headers['Content-Type'] ??= [isRaw ? 'application/octet-stream' : 'application/json'];
  return { ...request, body: raw ?? Buffer.from(body === undefined ? '' : JSON.stringify(body)) };
}
