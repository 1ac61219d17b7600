// The retriers and catchers of every state: one table for going forward, one with more patience for rolling back.

interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly BackoffRate: number;
  readonly MaxAttempts: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL';
}

/** Lambda's own passing faults, as AWS recommends to retry them. */
const lambdaFaults = [
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
];

/**
 * A function that never answered may have done its work: the next attempt reads before it writes.
 * Lambda reports a time-out as Sandbox.Timedout, documents still say Lambda.Unknown.
 */
const unanswered = ['Sandbox.Timedout', 'States.Timeout', 'Lambda.Unknown', 'Runtime.ExitError'];

function retriers(patience: number): readonly Retrier[] {
  const many = (attempts: number) => Math.round(attempts * patience);
  return [
    {
      ErrorEquals: ['Throttled'],
      IntervalSeconds: 1,
      BackoffRate: 2,
      MaxDelaySeconds: 30,
      MaxAttempts: many(30),
      JitterStrategy: 'FULL',
    },
    {
      ErrorEquals: ['ThrottledLong'],
      IntervalSeconds: 30,
      BackoffRate: 1.5,
      MaxDelaySeconds: 120,
      MaxAttempts: many(20),
    },
    {
      ErrorEquals: ['Contended'],
      IntervalSeconds: 1,
      BackoffRate: 2,
      MaxDelaySeconds: 20,
      MaxAttempts: many(9),
      JitterStrategy: 'FULL',
    },
    {
      ErrorEquals: ['Locked'],
      IntervalSeconds: 1,
      BackoffRate: 1.5,
      MaxDelaySeconds: 15,
      MaxAttempts: 700,
      JitterStrategy: 'FULL',
    },
    // As often as turns in the queue are given out: waiting costs API Gateway nothing.
    { ErrorEquals: ['Paced'], IntervalSeconds: 1, BackoffRate: 1, MaxAttempts: 5000 },
    {
      ErrorEquals: ['Unavailable'],
      IntervalSeconds: 1,
      BackoffRate: 2,
      MaxDelaySeconds: 20,
      MaxAttempts: many(6),
      JitterStrategy: 'FULL',
    },
    {
      ErrorEquals: ['NotStabilized'],
      IntervalSeconds: 1,
      BackoffRate: 1.5,
      MaxDelaySeconds: 8,
      MaxAttempts: many(18),
    },
    {
      ErrorEquals: lambdaFaults,
      IntervalSeconds: 2,
      BackoffRate: 2,
      MaxAttempts: many(6),
      JitterStrategy: 'FULL',
    },
    { ErrorEquals: unanswered, IntervalSeconds: 2, BackoffRate: 2, MaxAttempts: many(2) },
  ];
}

export const forwardRetriers = retriers(1);
export const rollbackRetriers = retriers(2);

/** Very many may want to plan at once, and nobody waits for one that does. */
export const planningRetriers = forwardRetriers.map(retrier =>
  retrier.ErrorEquals.includes('Paced')
    ? { ...retrier, BackoffRate: 1.2, MaxDelaySeconds: 15, MaxAttempts: 700 }
    : retrier,
);

/** For a state that waits to be answered: a time-out means that nobody did. */
export const askingRetriers = forwardRetriers.filter(({ ErrorEquals }) => ErrorEquals !== unanswered);

/** Everything a state can catch goes one way, with a note of what happened. */
export function catchers(next: string, output: unknown): readonly object[] {
  return [{ ErrorEquals: ['States.ALL'], Output: output, Next: next }];
}
