// Faults put in on purpose: what a call, by its service, operation and attempt, is answered instead of its result.
import { denialMessage } from './iam/evaluate.ts';
import { type Authorization, type Caller, ServiceError, type WireResponse } from './service.ts';

type FaultKind =
  | 'throttle'
  | 'serverError'
  | 'conflict'
  | 'denied'
  /** The connection breaks. */
  | 'reset'
  /** No answer until the caller gives up. */
  | 'timeout'
  /** Success, with a body that no parser accepts. */
  | 'garbled'
  /** Success, with a body that ends half-way. */
  | 'cutOff';

export interface Fault {
  /** Signing name, such as `apigateway`. */
  readonly service: string;
  /** `*` for any. */
  readonly operation: string;
  /** For `lambda` `Invoke`: only this function. */
  readonly functionName?: string;
  readonly kind: FaultKind;
  /** Whether the operation takes effect all the same; default `before`: it does not. */
  readonly when?: 'before' | 'after';
  /** Which of the matching calls, counted from 1; default: every one. */
  readonly attempts?: readonly number[];
}

/** The connection of a call breaks: nothing is answered. */
export class ConnectionReset extends Error {
  readonly code = 'ECONNRESET';
  constructor() {
    super('socket hang up');
    this.name = 'Error';
  }
}

export interface FaultedCall {
  readonly service: string;
  readonly operation: string;
  readonly functionName?: string | undefined;
  readonly caller: Caller;
  readonly authorizations: readonly Authorization[];
  readonly signal?: AbortSignal | undefined;
}

/** Takes note of a call; the fault that it meets, if any. */
export type FindFault = (call: FaultedCall) => Fault | undefined;

export function findFaults(faults: readonly Fault[]): FindFault {
  const counts = new Map<Fault, number>();
  return call => {
    let met: Fault | undefined;
    for (const fault of faults) {
      if (!isMeant(fault, call)) continue;
      const attempt = (counts.get(fault) ?? 0) + 1;
      counts.set(fault, attempt);
      if (!met && (fault.attempts?.includes(attempt) ?? true)) met = fault;
    }
    return met;
  };
}

const isMeant = (fault: Fault, call: FaultedCall) =>
  fault.service === call.service &&
  (fault.operation === '*' || fault.operation === call.operation) &&
  (fault.functionName === undefined || fault.functionName === call.functionName);

/** Fails the call as the fault says; returns for a fault that only spoils the answer. */
export async function suffer(fault: Fault, call: FaultedCall): Promise<void> {
  switch (fault.kind) {
    case 'garbled':
    case 'cutOff':
      return;
    case 'reset':
      throw new ConnectionReset();
    case 'timeout':
      return new Promise((_, reject) => {
        const abort = () => reject(call.signal?.reason);
        if (call.signal?.aborted) abort();
        else call.signal?.addEventListener('abort', abort, { once: true });
      });
    case 'denied':
      throw deniedError(call);
    default:
      throw errorOf(fault.kind, call.service);
  }
}

export function spoil(fault: Fault, response: WireResponse): WireResponse {
  if (fault.kind === 'garbled') return { ...response, body: Buffer.from('{"<garbled') };
  if (fault.kind === 'cutOff')
    return { ...response, body: response.body.subarray(0, response.body.length >> 1) };
  return response;
}

function deniedError(call: FaultedCall): ServiceError {
  const authorization = call.authorizations[0] ?? {
    action: `${call.service}:${call.operation}`,
    resource: '*',
  };
  return new ServiceError(
    'AccessDenied',
    403,
    denialMessage(call.caller, authorization, 'no identity-based policy'),
  );
}

type ErrorKind = 'throttle' | 'serverError' | 'conflict';

const rateExceeded = 'Rate exceeded';
const concurrent = 'Unable to complete operation due to concurrent modification. Please try again later.';

/** Codes and statuses as each service's model (and, for throttling, its documentation) names them. */
const errorsOf: Readonly<
  Record<string, Partial<Record<ErrorKind, readonly [code: string, status: number, message: string]>>>
> = {
  apigateway: {
    throttle: ['TooManyRequestsException', 429, 'Too Many Requests'],
    serverError: ['ServiceUnavailableException', 503, 'Service unavailable'],
    conflict: ['ConflictException', 409, concurrent],
  },
  iam: {
    throttle: ['Throttling', 400, rateExceeded],
    serverError: ['ServiceFailure', 500, 'Service failure'],
    conflict: ['ConcurrentModification', 409, 'Another request changes the same entity. Please try again.'],
  },
  sts: { throttle: ['Throttling', 400, rateExceeded] },
  sns: { throttle: ['Throttled', 429, rateExceeded], serverError: ['InternalError', 500, 'Internal error'] },
  s3: {
    throttle: ['SlowDown', 503, 'Please reduce your request rate.'],
    serverError: ['InternalError', 500, 'We encountered an internal error. Please try again.'],
    conflict: ['OperationAborted', 409, 'A conflicting conditional operation is currently in progress.'],
  },
  lambda: {
    throttle: ['TooManyRequestsException', 429, 'Rate Exceeded.'],
    serverError: ['ServiceException', 500, 'Service failure'],
    conflict: [
      'ResourceConflictException',
      409,
      'The operation cannot be performed at this time. An update is in progress.',
    ],
  },
  dynamodb: {
    serverError: ['InternalServerError', 500, 'Internal server error'],
    conflict: ['TransactionConflictException', 400, 'Transaction is ongoing for the item'],
  },
};

function errorOf(kind: ErrorKind, service: string): ServiceError {
  const general = {
    throttle: ['ThrottlingException', 400, rateExceeded],
    serverError: ['InternalFailure', 500, 'Internal failure'],
    conflict: ['ConflictException', 400, concurrent],
  } as const;
  const [code, status, message] = errorsOf[service]?.[kind] ?? general[kind];
  return new ServiceError(code, status, message);
}
