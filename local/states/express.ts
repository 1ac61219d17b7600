// Express state machines: their executions take five minutes at most and leave nothing to describe behind.
// https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html
import type {
  StartExecutionInput,
  StartSyncExecutionInput,
  StartSyncExecutionOutput,
} from '@aws-sdk/client-sfn';
import { checkArn, checkName } from './arns.ts';
import { typeNotSupported } from './errors.ts';
import { type Engine, RunningExecution } from './execution.ts';
import { checkInput, type Executions, forgetExecution } from './executions.ts';
import { findMachine, findRevision } from './machines.ts';
import { type ExecutionDocument, executions, isExpress } from './records.ts';

const longestSeconds = 300;

interface Begun {
  readonly document: ExecutionDocument;
  readonly ended: Promise<ExecutionDocument>;
}

export function expressOperations(engine: Engine, standard: Executions) {
  const { aws } = engine;

  /** Names may be used again: each execution has an id of its own besides. */
  function begin(stateMachineArn: string, given: StartExecutionInput): Begun {
    const { revisionId } = findMachine(aws, stateMachineArn);
    const name = checkName(given.name ?? aws.ids.uuid());
    const document: ExecutionDocument = {
      executionArn: `${stateMachineArn.replace(':stateMachine:', ':express:')}:${name}:${aws.ids.uuid()}`,
      stateMachineArn,
      name,
      revisionId,
      status: 'RUNNING',
      startDate: aws.clock.now(),
      input: checkInput(given.input),
      redriveCount: 0,
    };
    executions(aws).set(document.executionArn, document);
    const definition = standard.definitionOf(document);
    const { timeoutSeconds = longestSeconds } = definition;
    const running = new RunningExecution(
      // EventBridge hears of Standard executions only.
      { ...engine, onStatus: () => {} },
      document,
      findRevision(aws, stateMachineArn, revisionId),
      { ...definition, timeoutSeconds: Math.min(timeoutSeconds, longestSeconds) },
      0,
    );
    const ended = running.ended.then(last => {
      forgetExecution(aws, last);
      return last;
    });
    return { document, ended };
  }

  return {
    StartExecution(given: StartExecutionInput) {
      const arn = checkArn('stateMachineArn', given.stateMachineArn, 'stateMachine');
      if (!isExpress(findMachine(aws, arn))) return standard.operations.StartExecution(given);
      const { executionArn, startDate } = begin(arn, given).document;
      return { executionArn, startDate: new Date(startDate) };
    },

    async StartSyncExecution(given: StartSyncExecutionInput): Promise<StartSyncExecutionOutput> {
      const arn = checkArn('stateMachineArn', given.stateMachineArn, 'stateMachine');
      if (!isExpress(findMachine(aws, arn))) throw typeNotSupported();
      const { executionArn, name, input, startDate, ...end } = await begin(arn, given).ended;
      const stopDate = end.stopDate ?? startDate;
      const isTimedOut = end.status === 'TIMED_OUT';
      return {
        executionArn,
        stateMachineArn: arn,
        name,
        startDate: new Date(startDate),
        stopDate: new Date(stopDate),
        status: end.status === 'SUCCEEDED' || end.status === 'TIMED_OUT' ? end.status : 'FAILED',
        error: isTimedOut ? 'States.Timeout' : end.error,
        cause: end.cause,
        input,
        inputDetails: { included: true },
        output: end.output,
        ...(end.output !== undefined && { outputDetails: { included: true } }),
        billingDetails: {
          billedDurationInMilliseconds: Math.max(100, Math.ceil((stopDate - startDate) / 100) * 100),
          billedMemoryUsedInMB: 64,
        },
      };
    },
  };
}
