// Starts the rollback of an execution that ended without its own: stopped, timed out, or broken off.
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { rollbackMachineOf } from '../core/failure.ts';
import { allow, type Clients, type EventFunction, type Permission } from '../core/step.ts';
import { serveEvent } from './serve.ts';

/** The event "Step Functions Execution Status Change". */
interface StatusChange {
  readonly detail: {
    readonly executionArn: string;
    readonly name: string;
    readonly status: string;
    readonly cause?: string | null;
  };
}

export const startsRollback: Permission = allow(
  ['states:StartExecution'],
  ['arn:{partition}:states:{region}:{account}:stateMachine:ServiceProxyRollback'],
);

/** An execution that ended in its own Fail state says so in its cause: it has rolled back, or stays as it is on purpose. */
function hasEndedByItself({ status, cause }: StatusChange['detail']): boolean {
  if (status !== 'FAILED') return false;
  try {
    return 'failedState' in (JSON.parse(cause ?? '{}') as object);
  } catch {
    return false; // an error of Step Functions itself, in plain words
  }
}

/** Started once however often it is asked for: the rollback execution has the name of the one it finishes. */
export async function startRollback(
  { sfn }: Pick<Clients, 'sfn'>,
  executionArn: string,
  name: string,
): Promise<boolean> {
  try {
    const stateMachineArn = rollbackMachineOf(executionArn);
    const input = JSON.stringify({ execution: executionArn });
    await sfn.send(new StartExecutionCommand({ stateMachineArn, name, input }));
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ExecutionAlreadyExists') return false;
    throw error;
  }
}

export const watchdog: EventFunction = {
  name: 'Watchdog',
  permissions: [startsRollback],
  timeoutSeconds: 30,

  async run(event, clients) {
    const { detail } = event as StatusChange;
    if (detail.status === 'RUNNING' || detail.status === 'SUCCEEDED' || hasEndedByItself(detail))
      return { started: false };
    return { started: await startRollback(clients, detail.executionArn, detail.name) };
  },
};

export const handler = serveEvent(watchdog);
