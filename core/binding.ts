// A binding: an input member of an operation and where its value comes from; and what kinds of members there are.
import type { Parameter } from './input.ts';
import type { Member, Operation, Shape } from './operation.ts';

export type Source =
  | { readonly from: 'query' | 'path' | 'header' | 'body'; readonly name: string }
  /** The whole request body, for a member that is the operation's payload. */
  | { readonly from: 'payload' }
  | { readonly value: unknown };

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

/** The service's own body, taken whole: a payload, or XML, which no template here writes. */
export function isWholeBody(operation: Operation, name: string, member: Member): boolean {
  if (!isRest(operation)) return false;
  return (
    operation.input?.payload === name || (operation.protocol === 'rest-xml' && member.location === undefined)
  );
}
