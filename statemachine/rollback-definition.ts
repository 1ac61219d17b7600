// rollbackDefinition(): the state machine that finishes an execution which no Catch could reach. Pure.
import { rollbackRetriers } from './retriers.ts';
import {
  attempt,
  backward,
  identity,
  incomplete,
  jsonata,
  nothingLeft,
  type State,
  task,
  waitFor,
} from './states.ts';
import { type CalledState, closing, inventory, releaseLock, removal, steps, takingOver } from './steps.ts';

/** The same rollback functions in the same order as in the execution itself, from the last step to the first. */
const rollingBack: readonly CalledState[] = [...steps]
  .reverse()
  .flatMap(({ rollback }) => (rollback ? [{ name: rollback.name, calls: rollback }] : []));

/** Its outcome was recorded: what is left is what comes after that. */
const finishing: readonly CalledState[] = closing.map(calls => ({
  name: calls === releaseLock ? 'ReleaseLockOfFinished' : calls.name,
  calls,
}));

/** A removal that had begun goes on, by the plan it had; it holds the lock already. */
const removing: readonly CalledState[] = [
  ...removal.slice(1),
  { name: 'ReleaseLockAfterRemoval', calls: releaseLock },
];

/** One state after the other, also past those that fail; then the inventory. */
function addChain(states: Record<string, State>, chain: readonly CalledState[], onError?: string): void {
  for (const [index, { name, calls }] of chain.entries()) {
    const next = chain[index + 1]?.name ?? inventory.name;
    const reserves = calls.name === 'ReserveDeployment';
    states[name] = backward(name, calls, reserves ? 'WaitForRedeployment' : next, onError ?? next);
    if (reserves) states.WaitForRedeployment = waitFor(next);
  }
}

function branch(): object {
  const isWork = (work: string) => jsonata(`$states.input.work = '${work}'`);
  const states: Record<string, State> = {
    // In every pass anew: it takes the locks, which the pass before has released.
    [takingOver.name]: {
      ...task(takingOver, { execution: identity, attempt, input: jsonata('$states.input') }),
      Output: jsonata("$merge([$states.result.Payload.output, {'outputs': {}, 'notRolledBack': []}])"),
      Retry: rollbackRetriers,
      Next: 'WhatToDo',
    },
    WhatToDo: {
      Type: 'Choice',
      Choices: [
        { Condition: isWork('ROLL_BACK'), Next: rollingBack[0]?.name },
        { Condition: isWork('FINISH'), Next: finishing[0]?.name },
        { Condition: isWork('REMOVE'), Next: removing[0]?.name },
      ],
      Default: 'NothingToDo',
    },
  };
  addChain(states, rollingBack);
  addChain(states, finishing);
  // Taking a role away while the stage still serves its route would break it: what fails ends the removal here.
  addChain(states, removing, 'ReleaseLockAfterRemoval');
  states[inventory.name] = backward(inventory.name, inventory, 'IsComplete');
  states.IsComplete = {
    Type: 'Choice',
    Choices: [{ Condition: nothingLeft, Next: 'NothingLeft' }],
    Default: 'RollbackIncomplete',
  };
  const output = jsonata(
    "{'status': {'ROLL_BACK': 'ROLLED_BACK', 'FINISH': 'FINISHED', 'REMOVE': 'REMOVED'} ~> $lookup($states.input.work), " +
      "'execution': $states.input.execution.arn, 'rolledBack': [$states.input.outputs.*.rolledBack]}",
  );
  states.NothingLeft = { Type: 'Succeed', Output: output };
  states.NothingToDo = {
    Type: 'Succeed',
    Output: { status: 'NOTHING_LEFT', execution: jsonata('$states.input.execution.arn'), rolledBack: [] },
  };
  states.RollbackIncomplete = incomplete;
  return { StartAt: takingOver.name, States: states };
}

/**
 * Everything is one Parallel state with one branch. What fails in the end fails that state,
 * so RedriveExecution runs the whole branch again; every function in it finds what is done already.
 */
export function rollbackDefinition(): State {
  return {
    Comment: 'Finishes an execution of ServiceProxyProvisioning that was stopped, timed out or broke off',
    QueryLanguage: 'JSONata',
    StartAt: 'Finish',
    TimeoutSeconds: 86_400,
    States: {
      Finish: {
        Type: 'Parallel',
        Branches: [branch()],
        Output: jsonata('$states.result[0]'),
        Retry: [
          { ErrorEquals: ['InvalidInput', 'Refused'], MaxAttempts: 0 },
          {
            ErrorEquals: ['States.ALL'],
            IntervalSeconds: 30,
            BackoffRate: 4,
            MaxDelaySeconds: 900,
            MaxAttempts: 3,
          },
        ],
        Next: 'Finished',
      },
      Finished: { Type: 'Succeed' },
    },
  };
}
