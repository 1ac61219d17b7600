// definition(): the Amazon States Language of the state machine, from the lists of steps. Pure.
import { askingRetriers, catchers, planningRetriers } from './retriers.ts';
import {
  attempt,
  backward,
  failed,
  failureIn,
  forward,
  identity,
  jsonata,
  noteFailure,
  paused,
  type State,
  takeLock,
  task,
  waitFor,
  waitInLine,
} from './states.ts';
import {
  type AnyStep,
  approval,
  closing,
  inventory,
  locking,
  pausing,
  planning,
  releaseLock,
  removal,
  steps,
} from './steps.ts';

const planTask: State = {
  ...task(planning, { execution: identity, attempt, input: jsonata('$states.input') }),
  Output: {
    execution: jsonata('$states.result.Payload.output.execution'),
    operation: jsonata('$states.result.Payload.output.operation'),
    approval: jsonata('$states.result.Payload.output.approval'),
    onFailure: jsonata('$states.result.Payload.output.onFailure'),
    outputs: { PlanChanges: jsonata('$states.result.Payload.output') },
    notRolledBack: [],
  },
  Retry: planningRetriers,
  Catch: catchers('Failed', {
    execution: identity,
    outputs: {},
    notRolledBack: [],
    failure: jsonata(failureIn(planning.name)),
  }),
  Next: 'IsApprovalNeeded',
};

const withToken = jsonata(
  "$merge([$states.input, {'attempt': $states.context.State.RetryCount, 'taskToken': $states.context.Task.Token}])",
);

/** Longer than a working day, and short enough to leave time for the rest of the execution. */
const longestApproval = 12 * 60 * 60;

/** Nothing is touched before somebody approves the plan. */
function addApproval(states: Record<string, State>): void {
  states.IsApprovalNeeded = {
    Type: 'Choice',
    Choices: [{ Condition: jsonata('$states.input.approval'), Next: approval.name }],
    Default: 'ProvisionOrRemove',
  };
  states[approval.name] = {
    ...task(approval, withToken),
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    TimeoutSeconds: longestApproval,
    Output: jsonata(
      "$merge([$states.input, {'outputs': $merge([$states.input.outputs, {'RequestApproval': $states.result}])}])",
    ),
    Retry: askingRetriers,
    Catch: catchers('Failed', noteFailure(approval.name)),
    Next: 'ProvisionOrRemove',
  };
}

/** From the state that failed to where its way back begins; or no way back yet, where the input asks for that. */
function addFailure(states: Record<string, State>, entries: ReadonlyMap<string, string>): void {
  const from = new Map<string, string[]>();
  for (const [state, entry] of entries) from.set(entry, [...(from.get(entry) ?? []), state]);
  states.PauseOrRollBack = {
    Type: 'Choice',
    Choices: [{ Condition: jsonata(`$states.input.onFailure = 'PAUSE'`), Next: pausing.name }],
    Default: 'RollBack',
  };
  states.RollBack = {
    Type: 'Choice',
    Choices: [...from].map(([Next, names]) => ({
      Condition: jsonata(`$states.input.failure.state in ${JSON.stringify(names).replaceAll('"', "'")}`),
      Next,
    })),
    Default: inventory.name,
  };
  states[pausing.name] = backward(pausing.name, pausing, 'Paused', 'RollBack');
  states.Paused = paused;
}

/** The same client token as another execution: ends exactly as that one did. */
function addRepetition(states: Record<string, State>): void {
  const repeated = (member: string) => jsonata(`$states.input.outputs.PlanChanges.repeated.${member}`);
  states.HowDidTheFirstEnd = {
    Type: 'Choice',
    Choices: [
      {
        Condition: jsonata('$exists($states.input.outputs.PlanChanges.repeated.error)'),
        Next: 'FailedBefore',
      },
    ],
    Default: 'SucceededBefore',
  };
  states.SucceededBefore = { Type: 'Succeed', Output: repeated('output') };
  states.FailedBefore = { Type: 'Fail', Error: repeated('error'), Cause: repeated('cause') };
}

/** The state that takes the lock, and beside it the one in which an execution waits for its turn. */
function addLock(states: Record<string, State>, name: string, step: AnyStep, next: string, onError: string) {
  const wait = name.replace('Acquire', 'WaitFor');
  states[name] = takeLock(name, step, next, onError, wait);
  states[wait] = waitInLine(step, name);
}

/** Adds the states of a provision execution: forward down, rollback up. */
function addProvision(states: Record<string, State>): void {
  const rollbacks: [name: string, state: State][] = [];
  let rollbackFrom: string = inventory.name;
  const entries = new Map<string, string>();
  for (const [index, step] of steps.entries()) {
    if (step.rollback) {
      rollbacks.unshift([step.rollback.name, backward(step.rollback.name, step.rollback, rollbackFrom)]);
      rollbackFrom = step.rollback.name; // before the step's own Catch: a failing step is rolled back too
    }
    const next = steps[index + 1]?.name ?? closing[0]?.name ?? 'Provisioned';
    const reserves = step.name === 'ReserveDeployment';
    entries.set(step.name, rollbackFrom);
    if (step === locking) addLock(states, step.name, step, next, 'PauseOrRollBack');
    else
      states[step.name] = forward(step.name, step, reserves ? 'WaitForDeployment' : next, 'PauseOrRollBack');
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
  addFailure(states, entries);
  for (const [name, state] of rollbacks) states[name] = state;
}

/** A removal goes forward only: what failed stays, and is finished by the rollback machine or by removing again. */
function addRemoval(states: Record<string, State>): void {
  for (const [index, { name, calls }] of removal.entries()) {
    const next = removal[index + 1]?.name ?? 'ReleaseLockAfterRemoval';
    const reserves = name === 'ReserveRedeployment';
    const onError = 'ReleaseLockOfFailedRemoval';
    if (calls === locking) addLock(states, name, locking, next, onError);
    else states[name] = forward(name, calls, reserves ? 'WaitForRedeployment' : next, onError);
    if (reserves) states.WaitForRedeployment = waitFor(next);
  }
  states.ReleaseLockAfterRemoval = backward('ReleaseLockAfterRemoval', releaseLock, 'Removed');
  states.ReleaseLockOfFailedRemoval = backward('ReleaseLockOfFailedRemoval', releaseLock, inventory.name);
  states.Removed = {
    Type: 'Succeed',
    Output: jsonata(
      `$merge([$states.input.outputs.RecordOutcome.outcome, {'changes': $states.input.outputs.AcquireLock.changes, ` +
        `'verified': $states.input.outputs.VerifyStage.routes, 'left': $states.input.notRolledBack}])`,
    ),
  };
}

/** The whole definition; `${Name}` stands where the deployment puts the ARN of that function. */
export function definition(): State {
  const states: Record<string, State> = {
    [planning.name]: planTask,
    ProvisionOrRemove: {
      Type: 'Choice',
      Choices: [
        { Condition: jsonata(`$states.input.operation = 'remove'`), Next: removal[0]?.name },
        { Condition: jsonata(`$states.input.operation = 'repeat'`), Next: 'HowDidTheFirstEnd' },
      ],
      Default: steps[0]?.name,
    },
  };
  addApproval(states);
  addRepetition(states);
  addProvision(states);
  addRemoval(states);
  states[inventory.name] = backward(inventory.name, inventory, 'Failed');
  states.Failed = failed;
  return {
    Comment: 'Exposes AWS service actions through API Gateway: forward states down, rollback states up',
    QueryLanguage: 'JSONata',
    StartAt: planning.name,
    TimeoutSeconds: 86_400,
    States: states,
  };
}
