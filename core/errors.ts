// The few errors this product raises, and classify(): what an AWS client threw → one of them.

/**
 * Each name exists because the reader, a person or the state machine's retriers, must act differently.
 * InvalidInput: fix the request. Refused: AWS said no for good. NotOwned: not ours, not touched.
 * TestFailed: the target refused the test request. The others are retried: Throttled (ThrottledLong when
 * AWS asked for a longer pause), Contended (somebody else changes the same thing), Locked (another
 * execution holds the API), Paced (its turn in the account's queue has not come), Unavailable (the outcome is unknown), NotStabilized (not there yet).
 */
export type ErrorName =
  | 'InvalidInput'
  | 'Refused'
  | 'NotOwned'
  | 'TestFailed'
  | 'Throttled'
  | 'ThrottledLong'
  | 'Contended'
  | 'Locked'
  | 'Paced'
  | 'Unavailable'
  | 'NotStabilized';

/** One thing that is wrong with an input: where (a JSON path such as `$.routes[0].path`) and what. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

export class ServiceProxyError extends Error {
  override readonly name: ErrorName;
  readonly problems: readonly Problem[];

  constructor(name: ErrorName, message: string, problems: readonly Problem[] = []) {
    super(message);
    // A literal, not the class's name: bundlers rename classes, and the state machine compares strings.
    this.name = name;
    this.problems = problems;
    // Lambda copies the stack into the execution history, where it would stay for 90 days.
    this.stack = `${name}: ${message}`;
  }
}

/** Every problem with a request in one error. */
export function invalidInput(
  problems: readonly Problem[],
  name: 'InvalidInput' | 'NotOwned' | 'Refused' = 'InvalidInput',
): ServiceProxyError {
  const lines = problems.map(({ path, message }) => `${path}: ${message}`);
  return new ServiceProxyError(name, lines.join('\n'), problems);
}

/** The members that AWS SDK v3 exceptions, and the errors below them, carry. */
interface SdkError {
  readonly name: string;
  readonly message: string;
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
  readonly retryAfterSeconds?: unknown;
}

const throttles = new Set([
  'TooManyRequestsException',
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'ProvisionedThroughputExceededException',
  'PriorRequestNotComplete',
]);
const conflicts = new Set([
  'ConcurrentModificationException',
  'ConcurrentModification',
  'DeleteConflictException',
  'EntityTemporarilyUnmodifiableException',
  'TransactionConflictException',
]);
const notFound = new Set(['NotFoundException', 'NoSuchEntityException', 'NoSuchEntity']);

/** API Gateway answers a concurrent change with this text, in 2016 as a BadRequestException. */
const concurrentChange = /concurrent modification|try again later/i;

export function isNotFound(error: unknown): boolean {
  return error instanceof Error && notFound.has(error.name);
}

/** What the call answers; undefined where AWS says that the thing is not there. */
export async function ifFound<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** API Gateway deletes no deployment that a stage serves (recorded on AWS; a canary counts too). */
export function isInUse(error: unknown): boolean {
  return error instanceof Error && /active stages pointing to this deployment/i.test(error.message);
}

/** A definite "it exists already", as opposed to a concurrent change that may be tried again. */
export function isConflict(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'EntityAlreadyExistsException' || error.name === 'EntityAlreadyExists') return true;
  return error.name === 'ConflictException' && !concurrentChange.test(error.message);
}

function nameFor(error: SdkError & Error): ErrorName {
  const status = error.$metadata?.httpStatusCode;
  const retryAfter = Number(error.retryAfterSeconds ?? 0);
  if (throttles.has(error.name) || status === 429) {
    // An exhausted quota of things is LimitExceededException too, but with nothing to wait for.
    if (error.name === 'LimitExceededException' && !retryAfter && !/rate|too many/i.test(error.message)) {
      return 'Refused';
    }
    return retryAfter > 15 ? 'ThrottledLong' : 'Throttled';
  }
  if (conflicts.has(error.name) || concurrentChange.test(error.message)) return 'Contended';
  // In use: the stage was moved off a moment ago, and that is not seen everywhere yet.
  if (notFound.has(error.name) || isInUse(error)) return 'NotStabilized';
  // No status: the connection failed. A 2xx status: the body could not be read. Both leave the outcome open,
  // and the SDK's names for it (TimeoutError, SyntaxError, Unknown) cannot be relied on.
  if (status === undefined || status >= 500 || status < 300 || status === 408) return 'Unavailable';
  return 'Refused';
}

/**
 * What a step threw, as one of our errors. `attempted` says what the step was doing, on what.
 * Our own errors pass unchanged; anything that is no AWS answer counts as an unknown outcome.
 */
export function classify(error: unknown, attempted: string): ServiceProxyError {
  if (error instanceof ServiceProxyError) return error;
  if (!(error instanceof Error))
    return new ServiceProxyError('Unavailable', `${attempted}: ${String(error)}`);
  const sdkError: SdkError & Error = error;
  const status = sdkError.$metadata?.httpStatusCode;
  const request = sdkError.$metadata?.requestId ? `, request ${sdkError.$metadata.requestId}` : '';
  const answer = status === undefined ? error.name : `${error.name} (HTTP ${status}${request})`;
  return new ServiceProxyError(nameFor(sdkError), `${attempted}: ${answer}: ${error.message}`);
}
