// Functions that come with the process instead of a zip file, and what they are given to reach the account.
import type { InProcessHandler } from './request-handler.ts';
import type { Credentials } from './service.ts';

export interface BuiltInFunction {
  readonly name: string;
  readonly timeoutSeconds: number;
  /** The inline policy of its execution role, an IAM policy document. */
  readonly policy: object;
  /** Environment variables, for whoever asks for its configuration. */
  readonly variables?: Readonly<Record<string, string>>;
  invoke(event: unknown, environment: FunctionEnvironment): Promise<unknown>;
}

export interface FunctionEnvironment {
  /** A session of the function's execution role. */
  readonly credentials: Credentials;
  readonly region: string;
  readonly account: string;
  /** For SDK clients: the account, without a socket. */
  readonly requestHandler: InProcessHandler;
  /** Milliseconds since the epoch, by the account's clock. */
  now(): number;
  /** Where routes are served: a URL with `{api}`, `{stage}` and `{path}`. */
  readonly invokeUrl: string;
  /** A request to the data plane, in process. */
  http(request: PlainRequest): Promise<PlainResponse>;
  /** Aborted when the function's time is up. */
  readonly signal: AbortSignal;
}

export interface PlainRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface PlainResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
