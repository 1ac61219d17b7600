// The form of services/*.json: the service models' own words, without what is the same for most operations.
import type { Operation, OperationPermissions, Protocol, Shape } from '../core/operation.ts';

/** A shape that no other trait describes is known by its type alone and is not in the table. */
export const plainTypes: readonly Shape['type'][] = [
  'string',
  'integer',
  'long',
  'float',
  'double',
  'boolean',
  'blob',
  'timestamp',
  'character',
  'bigdecimal',
  'biginteger',
  'short',
  'byte',
];

type MemberEntry = NonNullable<Shape['members']>[string];

/** `type` is there unless it is `structure`; members with the traits that most of them have are text. */
export type ShapeEntry = Omit<Shape, 'type' | 'required' | 'members'> & {
  readonly type?: Shape['type'];
  /** `true` for all members. */
  readonly required?: true | readonly string[];
  readonly members?: Readonly<Record<string, string | MemberEntry>>;
};

export interface Verdict {
  readonly status: 'verified' | 'unverified' | 'rejected';
  readonly reason?: string;
  readonly source?: string;
}

export interface OperationEntry extends Partial<Verdict> {
  /** `GET /path/{place} 204`, the status where it is not 200; absent where it is `POST /`. */
  readonly http?: string;
  /** Shape of the input; empty for none, absent where it is named after the operation. */
  readonly input?: string;
  readonly root?: Operation['root'];
  readonly checksum?: true;
  /** Of the answer: headers that members travel in, and the type of the member that is the body. */
  readonly headers?: readonly string[];
  readonly payload?: Shape['type'];
  /** Codes, in the service's table. */
  readonly errors?: readonly string[];
  readonly readOnly?: true;
  /** IAM actions where they are not the one of the operation's name. */
  readonly actions?: readonly string[];
  /** IAM's resource types, in the service's table. */
  readonly resources?: readonly string[];
  /** No resource has to be named: every type is optional, and no required member names one. */
  readonly anyResource?: true;
}

/** One file of `services/`. */
export interface ServiceFile {
  /** Release of the models it was made from. */
  readonly models: string;
  /** Release of the IAM facts. */
  readonly permissions: string;
  readonly service: string;
  /** Other names the models give it. */
  readonly names: readonly string[];
  readonly protocol: Protocol;
  readonly apiVersion: string;
  readonly endpointPrefix: string;
  readonly targetPrefix?: string;
  readonly iamPrefix?: string;
  /** Of every operation that has none of its own. */
  readonly verdict: Verdict;
  /** Code on the wire → status. */
  readonly errors: Readonly<Record<string, number>>;
  /** IAM's resource type → format of its ARN; of some there are two, with a comma between them. */
  readonly resources: Readonly<Record<string, string>>;
  readonly operations: Readonly<Record<string, OperationEntry>>;
  readonly shapes: Readonly<Record<string, ShapeEntry>>;
}

const startsLower = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);

/** `Shape`, `Shape=nameOnTheWire`, `Shape location`, `Shape location=name`; nothing behind `=` is the name in lower case. */
export function encodeMember(name: string, member: MemberEntry): string | MemberEntry {
  const { shape, location, locationName, ...others } = member;
  const isMore = Object.keys(others).length > 0 || (location !== undefined && locationName === undefined);
  if (isMore) return member;
  const place = location === undefined ? shape : `${shape} ${location}`;
  if (locationName === undefined || (location !== undefined && locationName === name)) return place;
  return `${place}=${locationName === startsLower(name) ? '' : locationName}`;
}

function decodeMember(name: string, text: string): MemberEntry {
  const [place = '', written] = text.split('=', 2);
  const [shape = '', location] = place.split(' ') as [string?, MemberEntry['location']?];
  if (location === undefined && written === undefined) return { shape };
  const locationName = written === '' ? startsLower(name) : (written ?? name);
  return { shape, ...(location !== undefined && { location }), locationName };
}

function decodeShape({ type = 'structure', required, members, ...traits }: ShapeEntry): Shape {
  const names = required === true ? Object.keys(members ?? {}) : required;
  const shape = { type, ...(names && { required: names }), ...traits };
  if (!members) return shape;
  const decoded = Object.entries(members).map(([name, member]) => [
    name,
    typeof member === 'string' ? decodeMember(name, member) : member,
  ]);
  return { ...shape, members: Object.fromEntries(decoded) };
}

export function decodeShapes({ shapes }: ServiceFile): Readonly<Record<string, Shape>> {
  const decoded: Record<string, Shape> = Object.fromEntries(plainTypes.map(type => [type, { type }]));
  for (const [name, entry] of Object.entries(shapes)) decoded[name] = decodeShape(entry);
  return decoded;
}

/** What most models call the input of an operation. */
export const requestOf = (action: string): string => `${action}Request`;

function decodeHttp(text = 'POST /'): Operation['http'] {
  const [method = 'POST', uri = '/', status] = text.split(' ');
  return { method, uri, ...(status !== undefined && { responseCode: Number(status) }) };
}

export const verdictOf = (file: ServiceFile, { status, reason, source }: OperationEntry): Verdict =>
  status === undefined
    ? file.verdict
    : { status, ...(reason !== undefined && { reason }), ...(source !== undefined && { source }) };

function decodePermissions(file: ServiceFile, action: string, entry: OperationEntry): OperationPermissions {
  const resources = (entry.resources ?? []).flatMap(type => file.resources[type]?.split(', ') ?? []);
  const actions = entry.actions ?? [`${file.iamPrefix}:${action}`];
  return { actions, resources, takesAny: resources.length === 0 || entry.anyResource === true, needs: [] };
}

/** An operation of a file in full; its shapes are the service's, decoded once for all of them. */
export function decodeOperation(
  file: ServiceFile,
  action: string,
  entry: OperationEntry,
  shapes: Readonly<Record<string, Shape>>,
): Operation {
  const input = shapes[entry.input ?? requestOf(action)];
  return {
    service: file.service,
    action,
    protocol: file.protocol,
    apiVersion: file.apiVersion,
    endpointPrefix: file.endpointPrefix,
    ...(file.targetPrefix !== undefined && { targetPrefix: file.targetPrefix }),
    http: decodeHttp(entry.http),
    ...(input && { input }),
    ...(entry.root && { root: entry.root }),
    needsChecksum: entry.checksum ?? false,
    output: { headers: entry.headers ?? [], ...(entry.payload && { payload: entry.payload }) },
    shapes,
    errors: (entry.errors ?? []).map(code => ({ code, status: file.errors[code] ?? 400 })),
    readOnly: entry.readOnly ?? false,
    iam: decodePermissions(file, action, entry),
    ...verdictOf(file, entry),
  };
}
