// A binding: an input member of an operation and where its value comes from; and what kinds of members there are.
import type { ErrorForm } from './error-template.ts';
import type { Parameter } from './input.ts';
import type { Member, Operation, Shape } from './operation.ts';

export type Source =
  | { readonly from: 'query' | 'path' | 'header' | 'body'; readonly name: string }
  /** The whole request body, for a member that is the operation's payload. */
  | { readonly from: 'payload' }
  | { readonly value: unknown }
  /** The request's own id, for an idempotency token that a template cannot fill in. */
  | { readonly context: 'requestId' };

export interface BoundMember {
  readonly member: string;
  readonly definition: Member;
  readonly required: boolean;
  readonly source: Source;
}

export interface Route {
  readonly httpMethod: string;
  readonly path: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly resources?: readonly string[];
  readonly errors?: ErrorForm;
}

export const hasBody = (httpMethod: string) =>
  httpMethod === 'POST' || httpMethod === 'PUT' || httpMethod === 'PATCH';
export const isRest = ({ protocol }: Operation) => protocol === 'rest-json' || protocol === 'rest-xml';
export const isQuery = ({ protocol }: Operation) => protocol === 'query' || protocol === 'ec2';

/** Shapes that one query parameter or header can carry. */
export function isPlain(shape: Shape | undefined): boolean {
  return shape !== undefined && shape.type !== 'structure' && shape.type !== 'list' && shape.type !== 'map';
}

/** AWS documents these as headers that an integration cannot be given. */
const unmappable =
  /^(?:authorization|connection|content-length|expect|host|te|trailer|transfer-encoding|upgrade|via)$/i;

export const isUnmappable = ({ location, locationName }: Member): boolean =>
  location === 'header' && unmappable.test(locationName ?? '');

/** An idempotency token is the request's id where the caller gives none, as the SDKs make one up: a UUID. */
export function fillsToken({ shapes }: Operation, { idempotencyToken, shape }: Member): boolean {
  const { min = 0, max = 36, pattern } = shapes[shape] ?? {};
  if (!idempotencyToken || min > 36 || max < 36) return false;
  return pattern === undefined || accepts(pattern, '01234567-89ab-cdef-0123-456789abcdef');
}

function accepts(pattern: string, text: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(text);
  } catch {
    return false; // Java's pattern, not JavaScript's
  }
}

/**
 * The service's own body, taken whole: a payload, or XML that has to come with its checksum, which only who wrote
 * the bytes can know.
 */
export function isWholeBody(operation: Operation, name: string, member: Member): boolean {
  if (!isRest(operation)) return false;
  return operation.input?.payload === name || (isOwnXml(operation) && member.location === undefined);
}

export const isOwnXml = ({ protocol, needsChecksum }: Operation) => protocol === 'rest-xml' && needsChecksum;

/** Callers write a JSON service's members as the service does; forms and XML are made by a template. */
export const jsonName = (operation: Operation, name: string, { locationName }: Member) =>
  isQuery(operation) || operation.protocol === 'rest-xml' ? name : (locationName ?? name);
