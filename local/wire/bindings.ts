// Rest protocols: members bound to path, query string, headers, payload and status code, in both directions.
import type { NormalizedSchema } from '@smithy/core/schema';
import type { WireRequest } from '../service.ts';
import { parseJson, readJson, writeJson } from './json.ts';
import type { RouteMatch } from './routes.ts';
import { elementOf, type Members, membersOf, readText, writeText } from './shapes.ts';

const names = { jsonNames: true };

export function readBindings(
  shape: NormalizedSchema,
  request: WireRequest,
  match: RouteMatch,
  query: URLSearchParams,
  bodyIsJson: boolean,
): Members {
  const members: Members = {};
  const inBody: [string, NormalizedSchema][] = [];
  for (const [name, member] of membersOf(shape)) {
    const { httpLabel, httpQuery, httpQueryParams, httpHeader, httpPrefixHeaders, httpPayload } =
      member.getMergedTraits();
    let value: unknown;
    if (httpLabel) value = readText(member, match.labels[name] ?? '', name);
    else if (httpQuery) value = readQueryParameter(member, query.getAll(httpQuery), name);
    else if (httpQueryParams)
      value = readQueryMap(member, query, new Set([...match.query, ...boundQuery(shape)]));
    else if (httpHeader) value = readHeader(member, request.headers[httpHeader.toLowerCase()], name);
    else if (httpPrefixHeaders) value = readPrefixed(request.headers, httpPrefixHeaders.toLowerCase());
    else if (httpPayload) value = readPayload(member, request.body, bodyIsJson);
    else inBody.push([name, member]);
    if (value !== undefined) members[name] = value;
  }
  if (bodyIsJson && inBody.length > 0) Object.assign(members, readBody(request.body, inBody));
  return members;
}

function readBody(body: Uint8Array, inBody: readonly (readonly [string, NormalizedSchema])[]): Members {
  const document = parseJson(body);
  const members: Members = {};
  if (typeof document !== 'object' || document === null) return members;
  for (const [name, member] of inBody) {
    const value = (document as Members)[member.getMergedTraits().jsonName ?? name];
    if (value !== undefined && value !== null) members[name] = readJson(member, value, names);
  }
  return members;
}

function readPayload(member: NormalizedSchema, body: Uint8Array, bodyIsJson: boolean): unknown {
  if (member.isBlobSchema()) return body;
  if (member.isStringSchema()) return Buffer.from(body).toString('utf8');
  return bodyIsJson && body.byteLength > 0 ? readJson(member, parseJson(body), names) : undefined;
}

function readQueryParameter(member: NormalizedSchema, values: readonly string[], name: string): unknown {
  if (values.length === 0) return undefined;
  if (!member.isListSchema()) return readText(member, values[0] ?? '', name);
  const element = elementOf(member);
  return values.map(value => readText(element, value, name));
}

/** The parameters that neither the URI's template nor another member names. */
function readQueryMap(member: NormalizedSchema, query: URLSearchParams, bound: ReadonlySet<string>): Members {
  const isOfLists = elementOf(member).isListSchema();
  const names = [...new Set(query.keys())].filter(name => !bound.has(name));
  return Object.fromEntries(names.map(name => [name, isOfLists ? query.getAll(name) : query.get(name)]));
}

function boundQuery(shape: NormalizedSchema): readonly string[] {
  return [...membersOf(shape)].flatMap(([, member]) => member.getMergedTraits().httpQuery ?? []);
}

function readHeader(member: NormalizedSchema, value: string | undefined, name: string): unknown {
  if (value === undefined) return undefined;
  if (!member.isListSchema()) return readText(member, value, name);
  const element = elementOf(member);
  return value.split(',').map(item => readText(element, item.trim(), name));
}

function readPrefixed(headers: WireRequest['headers'], prefix: string): Members {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}

export interface BoundOutput {
  readonly status?: number;
  readonly headers: Record<string, string>;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** An output (or error) with its members where their traits put them, the rest as one JSON document. */
export function writeBindings(shape: NormalizedSchema, output: Members): BoundOutput {
  const headers: Record<string, string> = {};
  const document: Members = {};
  let status: number | undefined;
  let payload: Pick<BoundOutput, 'body' | 'contentType'> | undefined;
  for (const [name, member] of membersOf(shape)) {
    const value = output[name];
    const { httpHeader, httpPrefixHeaders, httpResponseCode, httpPayload, jsonName } =
      member.getMergedTraits();
    if (httpPayload) payload = writePayload(member, value);
    if (value === undefined || value === null || httpPayload) continue;
    if (httpHeader) headers[httpHeader.toLowerCase()] = writeHeader(member, value);
    else if (httpPrefixHeaders) {
      for (const [key, item] of Object.entries(value))
        headers[httpPrefixHeaders.toLowerCase() + key] = String(item);
    } else if (httpResponseCode) status = Number(value);
    else document[jsonName ?? name] = writeJson(member, value, names);
  }
  const { body, contentType } = payload ?? {
    body: shape.isUnitSchema() ? Buffer.alloc(0) : Buffer.from(JSON.stringify(document)),
    contentType: 'application/json',
  };
  return { headers, body, contentType, ...(status !== undefined && { status }) };
}

function writePayload(member: NormalizedSchema, value: unknown) {
  if (value instanceof Uint8Array) return { body: value, contentType: 'application/json' };
  if (typeof value === 'string') return { body: Buffer.from(value), contentType: 'application/json' };
  if (value === undefined || value === null)
    return { body: Buffer.alloc(0), contentType: 'application/json' };
  return {
    body: Buffer.from(JSON.stringify(writeJson(member, value, names))),
    contentType: 'application/json',
  };
}

function writeHeader(member: NormalizedSchema, value: unknown): string {
  if (!member.isListSchema()) return writeText(member, value, 'http-date');
  const element = elementOf(member);
  return (value as unknown[]).map(item => writeText(element, item, 'http-date')).join(',');
}
