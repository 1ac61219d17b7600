// definition(): the Amazon States Language of the state machine, from the lists of steps. Pure.
import { catchers, forwardRetriers, rollbackRetriers } from './retriers.ts';
import { closing, planning, releaseLock, removal, steps } from './steps.ts';

type State = Readonly<Record<string, unknown>>;

interface Called {
  readonly name: string;
  readonly timeoutSeconds: number;
}

const jsonata = (expression: string) => `{% ${expression} %}`;

const identity = {
  arn: jsonata('$states.context.Execution.Id'),
  name: jsonata('$states.context.Execution.Name'),
  startedAt: jsonata('$states.context.Execution.StartTime'),
};
const attempt = jsonata('$states.context.State.RetryCount');

/** Keeps what a state returned under its name, whatever else the document holds. */
const keepOutput = (name: string) =>
  jsonata(
    `$merge([$states.input, {'outputs': $merge([$states.input.outputs, {'${name}': $states.result.Payload.output}])}])`,
  );

const failureIn = (name: string) =>
  `{'state': '${name}', 'error': $states.errorOutput.Error, 'cause': $states.errorOutput.Cause}`;

/** The first failure: what the execution will end with. */
const noteFailure = (name: string) => jsonata(`$merge([$states.input, {'failure': ${failureIn(name)}}])`);

/** A rollback that failed; the next one runs all the same. */
const noteNotRolledBack = (name: string) =>
  jsonata(
    `$merge([$states.input, {'notRolledBack': $append($states.input.notRolledBack, [${failureIn(name)}])}])`,
  );

function task(called: Called, payload: unknown): State {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: { FunctionName: `\${${called.name}}`, Payload: payload },
    // The function's own limit comes first; this one is for an invocation that never answers.
    TimeoutSeconds: called.timeoutSeconds + 15,
  };
}

const runningPayload = jsonata(`$merge([$states.input, {'attempt': $states.context.State.RetryCount}])`);

function forward(name: string, called: Called, next: string, onError: string): State {
  return {
    ...task(called, runningPayload),
    Output: keepOutput(called.name),
    Retry: forwardRetriers,
    Catch: catchers(onError, noteFailure(name)),
    Next: next,
  };
}

function backward(name: string, called: Called, next: string): State {
  return {
    ...task(called, runningPayload),
    Output: keepOutput(name),
    Retry: rollbackRetriers,
    Catch: catchers(next, noteNotRolledBack(name)),
    Next: next,
  };
}

const planTask: State = {
  ...task(planning, { execution: identity, attempt, input: jsonata('$states.input') }),
  Output: {
    execution: identity,
    operation: jsonata('$states.result.Payload.output.operation'),
    outputs: { PlanChanges: jsonata('$states.result.Payload.output') },
    notRolledBack: [],
  },
  Retry: forwardRetriers,
  Catch: catchers('Failed', {
    execution: identity,
    outputs: {},
    notRolledBack: [],
    failure: jsonata(failureIn(planning.name)),
  }),
  Next: 'ProvisionOrRemove',
};

/** Lambda's cause is a JSON text; its errorMessage is the sentence a person should read. Never throws. */
const message =
  `($found := $match($states.input.failure.cause, /"errorMessage":"((?:\\\\.|[^"])*)"/); ` +
  `$exists($found) ? $found[0].groups[0] : $states.input.failure.cause)`;

const failed: State = {
  Type: 'Fail',
  Error: jsonata('$states.input.failure.error'),
  Cause: jsonata(
    `$string({'status': $count($states.input.notRolledBack) > 0 ? 'ROLLBACK_INCOMPLETE' : 'FAILED', ` +
      `'failedState': $states.input.failure.state, 'error': $states.input.failure.error, 'cause': ${message}, ` +
      `'rolledBack': [$states.input.outputs.*.rolledBack], 'notRolledBack': [$states.input.notRolledBack]})`,
  ),
};

/** Waits for this execution's place in the account's deployment queue. */
const waitFor = (next: string): State => ({
  Type: 'Wait',
  Timestamp: jsonata('$states.input.outputs.ReserveDeployment.deployAt'),
  Next: next,
});

/** Adds the states of a provision execution: forward down, rollback up. */
function addProvision(states: Record<string, State>): void {
  const rollbacks: [name: string, state: State][] = [];
  let rollbackFrom = 'Failed';
  for (const [index, step] of steps.entries()) {
    if (step.rollback) {
      rollbacks.unshift([step.rollback.name, backward(step.rollback.name, step.rollback, rollbackFrom)]);
      rollbackFrom = step.rollback.name; // before the step's own Catch: a failing step is rolled back too
    }
    const next = steps[index + 1]?.name ?? closing[0]?.name ?? 'Provisioned';
    const reserves = step.name === 'ReserveDeployment';
    states[step.name] = forward(step.name, step, reserves ? 'WaitForDeployment' : next, rollbackFrom);
    if (reserves) states.WaitForDeployment = waitFor(next);
  }
  for (const [index, called] of closing.entries()) {
    const name = called === releaseLock ? 'ReleaseLockAtEnd' : called.name;
    const following = closing[index + 1];
    const next = following
      ? following === releaseLock
        ? 'ReleaseLockAtEnd'
        : following.name
      : 'Provisioned';
    states[name] = backward(name, called, next);
  }
  states.Provisioned = {
    Type: 'Succeed',
    Output: jsonata(
      `$merge([$states.input.outputs.RecordOutcome.outcome, {'changes': $states.input.outputs.AcquireLock.changes, ` +
        `'tests': $states.input.outputs.TestInvokeMethod.tests, 'verified': $states.input.outputs.VerifyStage.routes, ` +
        `'superseded': $states.input.outputs.DeleteSuperseded.deleted, 'left': $states.input.notRolledBack}])`,
    ),
  };
  for (const [name, state] of rollbacks) states[name] = state;
}

/** A removal goes forward only: what failed stays for the next one, which finishes it. */
function addRemoval(states: Record<string, State>): void {
  for (const [index, { name, calls }] of removal.entries()) {
    const next = removal[index + 1]?.name ?? 'ReleaseLockAfterRemoval';
    const reserves = name === 'ReserveRedeployment';
    const onError = 'ReleaseLockOfFailedRemoval';
    states[name] = forward(name, calls, reserves ? 'WaitForRedeployment' : next, onError);
    if (reserves) states.WaitForRedeployment = waitFor(next);
  }
  states.ReleaseLockAfterRemoval = backward('ReleaseLockAfterRemoval', releaseLock, 'Removed');
  states.ReleaseLockOfFailedRemoval = backward('ReleaseLockOfFailedRemoval', releaseLock, 'RemovalFailed');
  states.Removed = {
    Type: 'Succeed',
    Output: jsonata(
      `$merge([$states.input.outputs.RecordOutcome.outcome, {'changes': $states.input.outputs.AcquireLock.changes, ` +
        `'verified': $states.input.outputs.VerifyStage.routes, 'left': $states.input.notRolledBack}])`,
    ),
  };
  states.RemovalFailed = failed;
}

/** The whole definition; `${Name}` stands where the deployment puts the ARN of that function. */
export function definition(): State {
  const states: Record<string, State> = {
    [planning.name]: planTask,
    ProvisionOrRemove: {
      Type: 'Choice',
      Choices: [{ Condition: jsonata(`$states.input.operation = 'remove'`), Next: removal[0]?.name }],
      Default: steps[0]?.name,
    },
  };
  addProvision(states);
  addRemoval(states);
  states.Failed = failed;
  return {
    Comment: 'Exposes AWS service actions through API Gateway: forward states down, rollback states up',
    QueryLanguage: 'JSONata',
    StartAt: planning.name,
    TimeoutSeconds: 86_400,
    States: states,
  };
}
