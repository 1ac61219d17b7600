// What a service of the embedded AWS is, and what it may use of the account it lives in.
import type { Clock } from './clock.ts';
import type { Store } from './store.ts';

/** An HTTP request as it came over the wire, or as a client in this process handed it over. */
export interface WireRequest {
  readonly method: string;
  /** Path as sent, still percent-encoded, without the query string. */
  readonly path: string;
  /** Query string as sent, without the question mark. */
  readonly query: string;
  /** Lower-case names; repeated headers are joined with ", ". */
  readonly headers: Readonly<Record<string, string>>;
  /** Headers with their case and order, where the transport knows them. */
  readonly rawHeaders?: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array;
}

/** Who signed a call. */
export interface Caller {
  readonly account: string;
  /** `arn:aws:iam::000000000000:root`, or `arn:aws:sts::000000000000:assumed-role/ROLE/SESSION`. */
  readonly arn: string;
  /** The role behind an assumed-role session; absent for the account's root user. */
  readonly roleArn?: string;
  readonly accessKeyId: string;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface CallContext {
  readonly aws: Aws;
  readonly caller: Caller;
  readonly region: string;
  readonly requestId: string;
}

/** What IAM must allow before an operation runs. */
export interface Authorization {
  readonly action: string;
  readonly resource: string;
  /** Condition keys of this call, such as `iam:PassedToService`. */
  readonly conditions?: Readonly<Record<string, string | readonly string[]>>;
}

/** One service: its operations, spelled as in its model, and what each needs permission for. */
export interface Service {
  readonly operations: Readonly<Record<string, Operation>>;
  authorize(
    operation: string,
    input: Readonly<Record<string, unknown>>,
    call: CallContext,
  ): readonly Authorization[];
}

/** Takes and returns the members of the service model's input and output shapes, as the SDK types them. */
// biome-ignore lint/suspicious/noExplicitAny: each service narrows its operations with the SDK's own types.
export type Operation = (input: any, call: CallContext) => Promise<object> | object;

/** A service whose operations are answered, still on the wire, by a library behind ours. */
export interface RelayedService {
  readonly operationNames: ReadonlySet<string>;
  relay(
    request: WireRequest,
    operation: string,
    input: Readonly<Record<string, unknown>>,
    call: CallContext,
  ): Promise<WireResponse>;
  authorize(
    operation: string,
    input: Readonly<Record<string, unknown>>,
    call: CallContext,
  ): readonly Authorization[];
}

/**
 * An error a service answers with. `code` is the name on the wire (IAM: `NoSuchEntity`, API Gateway:
 * `NotFoundException`); `status` the HTTP status; `members` further members of the modelled error shape.
 */
export class ServiceError extends Error {
  readonly code: string;
  readonly status: number;
  readonly members: Readonly<Record<string, unknown>>;
  constructor(
    code: string,
    status: number,
    message: string,
    members: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'ServiceError';
    this.code = code;
    this.status = status;
    this.members = members;
  }
}

export interface FunctionResult {
  /** The response payload; for a failed function `{"errorMessage","errorType","trace"}`. */
  readonly payload: Uint8Array;
  /** Set when the function itself failed: `Unhandled`. */
  readonly functionError?: string;
  readonly executedVersion: string;
}

/** An account in a region, which its services share. */
export interface Aws {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  /** IAM's quota, where it has been raised. */
  readonly rolesPerAccount?: number;
  /** The same AWS, seen from another account or region. */
  at(account: string, region: string): Aws;
  /** The front door: a signed request, in process, exactly as it would come over the port. */
  send(request: WireRequest): Promise<WireResponse>;
  /** Session credentials for a role that trusts the principal; throws ServiceError `AccessDenied` otherwise. */
  assumeRole(roleArn: string, servicePrincipal: string, sessionName: string): Credentials;
  /** Runs a function on behalf of a service principal (or a session); throws Lambda's ServiceErrors. */
  invokeFunction(request: {
    readonly functionArn: string;
    readonly payload: Uint8Array;
    /** Who invokes: a session's credentials, or a service principal checked against the function's policy. */
    readonly as: Credentials | { readonly servicePrincipal: string; readonly sourceArn: string };
    readonly signal?: AbortSignal;
  }): Promise<FunctionResult>;
}

/** Random names; seeded in simulation. */
export interface Ids {
  /** Lower-case hexadecimal. */
  hex(length: number): string;
  /** Lower-case letters and digits, as API Gateway's ids. */
  alphanumeric(length: number): string;
  uuid(): string;
}
