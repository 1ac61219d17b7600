// The faults a call can meet, and how a call that meets one goes.
import { ServiceError } from '../../local/service.ts';
import { brokenConnection, noAnswer, sdkError, unreadable } from './sdk-errors.ts';

export const faultKinds = [
  'throttle',
  'throttleWithRetryAfter',
  'throttleForLong',
  'errorBefore',
  'errorAfter',
  'resetBefore',
  'resetAfter',
  'cutOffAfter',
  'garbledAfter',
  'noAnswerBefore',
  'noAnswerAfter',
  'killBefore',
  'killAfter',
  'conflict',
  'denied',
  'quota',
  'stale',
  'lateDuplicate',
  'lateEffect',
] as const;

export type FaultKind = (typeof faultKinds)[number];

/** How long an SDK client of ours waits for an answer, in milliseconds. */
export const requestTimeout = 30_000;

const throttleOf: Readonly<Record<string, readonly [code: string, status: number]>> = {
  apigateway: ['TooManyRequestsException', 429],
  iam: ['Throttling', 400],
  dynamodb: ['ThrottlingException', 400],
};

const limitOf: Readonly<Record<string, readonly [code: string, status: number]>> = {
  apigateway: ['LimitExceededException', 429],
  iam: ['LimitExceeded', 409],
};

function throttled(service: string, retryAfter?: number): ServiceError {
  const [code, status] = throttleOf[service] ?? ['ThrottlingException', 400];
  const members =
    retryAfter === undefined || service !== 'apigateway' ? {} : { retryAfterSeconds: String(retryAfter) };
  return new ServiceError(code, status, 'Rate exceeded', members);
}

/** What is thrown instead of the answer; undefined where the answer itself is what the fault spoils or delays. */
export function answerOf(kind: FaultKind, service: string): unknown {
  const error = (code: string, status: number, message: string) => new ServiceError(code, status, message);
  const [limit, limitStatus] = limitOf[service] ?? ['AccessDeniedException', 400];
  const failures: Partial<Record<FaultKind, unknown>> = {
    throttle: throttled(service),
    throttleWithRetryAfter: throttled(service, 5),
    throttleForLong: throttled(service, 30),
    errorBefore: error('ServiceUnavailableException', 503, 'Service unavailable'),
    errorAfter: error('InternalFailure', 500, 'Internal failure'),
    conflict: error(
      service === 'iam'
        ? 'ConcurrentModification'
        : service === 'dynamodb'
          ? 'TransactionConflictException'
          : 'ConflictException',
      409,
      'Unable to complete operation due to concurrent modification. Please try again later.',
    ),
    denied: error('AccessDenied', 403, 'is not authorized to perform this, for now'),
    quota: error(limit, limitStatus, 'Maximum number of things reached'),
    resetBefore: brokenConnection(),
    resetAfter: brokenConnection(),
    noAnswerBefore: noAnswer(),
    noAnswerAfter: noAnswer(),
    lateEffect: noAnswer(),
    cutOffAfter: unreadable(200),
    garbledAfter: unreadable(200),
  };
  return sdkError(service, failures[kind]);
}

const inEffect = new Set<FaultKind>([
  'errorAfter',
  'resetAfter',
  'noAnswerAfter',
  'cutOffAfter',
  'garbledAfter',
  'killAfter',
  'stale',
  'lateDuplicate',
]);

export const takesEffect = (kind: FaultKind) => inEffect.has(kind);

export interface SimulatedFault {
  readonly kind: FaultKind;
  /** State function, such as `CreateRole`; `*` for any. */
  readonly in: string;
  /** `apigateway:PutMethod`; `*` for any. */
  readonly call: string;
  /** Meets the first such call only, or each of them. */
  readonly lasts: 'once' | 'always';
}

export type MeetFault = (stateFunction: string, call: string) => FaultKind | undefined;

export function meeting(faults: readonly SimulatedFault[]): MeetFault {
  const left = new Set(faults);
  return (stateFunction, call) => {
    for (const fault of left) {
      if ((fault.in !== '*' && fault.in !== stateFunction) || (fault.call !== '*' && fault.call !== call))
        continue;
      if (fault.lasts === 'once') left.delete(fault);
      return fault.kind;
    }
    return undefined;
  };
}
