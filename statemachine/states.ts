// The kinds of states both state machines are made of. Pure.
import { catchers, forwardRetriers, rollbackRetriers } from './retriers.ts';

export type State = Readonly<Record<string, unknown>>;

export interface Called {
  readonly name: string;
  readonly timeoutSeconds: number;
}

export const jsonata = (expression: string) => `{% ${expression} %}`;

export const identity = {
  arn: jsonata('$states.context.Execution.Id'),
  name: jsonata('$states.context.Execution.Name'),
  startedAt: jsonata('$states.context.Execution.StartTime'),
};
export const attempt = jsonata('$states.context.State.RetryCount');

/** Keeps what a state returned under its name, whatever else the document holds. */
const keepOutput = (name: string) =>
  jsonata(
    `$merge([$states.input, {'outputs': $merge([$states.input.outputs, {'${name}': $states.result.Payload.output}])}])`,
  );

export const failureIn = (name: string) =>
  `{'state': '${name}', 'error': $states.errorOutput.Error, 'cause': $states.errorOutput.Cause}`;

/** The first failure: what the execution will end with. */
export const noteFailure = (name: string) =>
  jsonata(`$merge([$states.input, {'failure': ${failureIn(name)}}])`);

/** A rollback that failed; the next one runs all the same. */
const noteNotRolledBack = (name: string) =>
  jsonata(
    `$merge([$states.input, {'notRolledBack': [$append($states.input.notRolledBack, [${failureIn(name)}])]}])`,
  );

export function task(called: Called, payload: unknown): State {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: { FunctionName: `\${${called.name}}`, Payload: payload },
    // The function's own limit comes first; this one is for an invocation that never answers.
    TimeoutSeconds: called.timeoutSeconds + 15,
  };
}

const runningPayload = jsonata(`$merge([$states.input, {'attempt': $states.context.State.RetryCount}])`);

export function forward(name: string, called: Called, next: string, onError: string): State {
  return {
    ...task(called, runningPayload),
    Output: keepOutput(called.name),
    Retry: forwardRetriers,
    Catch: catchers(onError, noteFailure(name)),
    Next: next,
  };
}

export function backward(name: string, called: Called, next: string, onError = next): State {
  return {
    ...task(called, runningPayload),
    Output: keepOutput(called.name),
    Retry: rollbackRetriers,
    Catch: catchers(onError, noteNotRolledBack(name)),
    Next: next,
  };
}

/**
 * As forward, for the step that takes the lock: between two looks the state machine waits, which costs no call and no
 * retry. The message of Locked says when to look again.
 */
export function takeLock(name: string, called: Called, next: string, onError: string, wait: string): State {
  const lookAt =
    `($found := $match($states.errorOutput.Cause, /looks again at ([-0-9T:.]+Z)/); ` +
    `$exists($found) ? $found[0].groups[0] : $fromMillis($millis() + 5000))`;
  return {
    ...forward(name, called, next, onError),
    Retry: forwardRetriers.filter(({ ErrorEquals }) => !ErrorEquals.includes('Locked')),
    Catch: [
      {
        ErrorEquals: ['Locked'],
        Output: jsonata(
          `$merge([$states.input, {'outputs': $merge([$states.input.outputs, {'${called.name}': {'lookAt': ${lookAt}}}])}])`,
        ),
        Next: wait,
      },
      ...catchers(onError, noteFailure(name)),
    ],
  };
}

/** Waits until it looks again whether the lock is free. */
export const waitInLine = (called: Called, next: string): State => ({
  Type: 'Wait',
  Timestamp: jsonata(`$states.input.outputs.${called.name}.lookAt`),
  Next: next,
});

/** Waits for this execution's place in the account's deployment queue. */
export const waitFor = (next: string): State => ({
  Type: 'Wait',
  Timestamp: jsonata('$states.input.outputs.ReserveDeployment.deployAt'),
  Next: next,
});

/** Lambda's cause is a JSON text; its errorMessage is the sentence a person should read. Never throws. */
const messageOf = (cause: string) =>
  `($found := $match(${cause}, /"errorMessage":"((?:\\\\.|[^"])*)"/); ` +
  `$exists($found) ? $found[0].groups[0] : ${cause})`;

/** What is left: as the inventory found it or, where it could not be taken, what the states that failed were to do. */
const left =
  `($exists($states.input.outputs.TakeInventory) ? [$states.input.outputs.TakeInventory.left] : ` +
  `[$states.input.notRolledBack.{'what': state, 'why': error & ': ' & ${messageOf('cause')}, ` +
  `'command': 'service-proxy rollback ' & $states.input.execution.arn}])`;

/** Ends an execution that failed: with its first error, and with everything that is still there. */
export const failed: State = {
  Type: 'Fail',
  Error: jsonata('$states.input.failure.error'),
  Cause: jsonata(
    `($left := ${left}; $string({'status': $count($left) > 0 ? 'ROLLBACK_INCOMPLETE' : 'FAILED', ` +
      `'failedState': $states.input.failure.state, 'error': $states.input.failure.error, ` +
      `'cause': ${messageOf('$states.input.failure.cause')}, ` +
      `'rolledBack': [$states.input.outputs.*.rolledBack], 'notRolledBack': $left}))`,
  ),
};

/** Ends an execution that failed, and is kept as the failure left it. */
export const paused: State = {
  Type: 'Fail',
  Error: jsonata('$states.input.failure.error'),
  Cause: jsonata(
    `$string({'status': 'PAUSED', 'failedState': $states.input.failure.state, ` +
      `'error': $states.input.failure.error, 'cause': ${messageOf('$states.input.failure.cause')}, ` +
      `'rolledBack': [], 'notRolledBack': [$states.input.outputs.Pause.left]})`,
  ),
};

/** Ends a rollback execution that could not take everything away. */
export const incomplete: State = {
  Type: 'Fail',
  Error: 'RollbackIncomplete',
  Cause: jsonata(
    `($left := ${left}; $string({'status': 'ROLLBACK_INCOMPLETE', 'execution': $states.input.execution.arn, ` +
      `'rolledBack': [$states.input.outputs.*.rolledBack], 'notRolledBack': $left}))`,
  ),
};

/** Whether nothing is left, as far as anybody knows. */
export const nothingLeft = jsonata(
  '$exists($states.input.outputs.TakeInventory) and $count($states.input.outputs.TakeInventory.left) = 0',
);
