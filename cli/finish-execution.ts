// Has an execution finished that could not end by itself: starts its rollback, or goes on with one that failed.
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  ExecutionAlreadyExists,
  ExecutionNotRedrivable,
  RedriveExecutionCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { invalidInput } from '../core/errors.ts';
import type { Leftover } from '../core/execution.ts';
import { rollbackMachineOf } from '../core/failure.ts';
import { type Engine, executionArnOf } from './engine.ts';
import { follow, type StateProgress } from './follow.ts';
import { exitCodes } from './outcome.ts';

export interface Finished {
  readonly status: 'ROLLED_BACK' | 'FINISHED' | 'REMOVED' | 'NOTHING_LEFT' | 'ROLLBACK_INCOMPLETE';
  /** The execution that was finished, and the one that did it. */
  readonly execution: string;
  readonly executionArn: string;
  readonly cause?: string;
  readonly rolledBack: readonly string[];
  readonly notRolledBack: readonly Leftover[];
}

/** The rollback execution of an execution has its name, so there is one, however often it is asked for. */
async function startOrRedrive({ sfn }: Engine, target: string): Promise<string> {
  const stateMachineArn = rollbackMachineOf(target);
  const name = target.split(':').at(-1) ?? '';
  const input = JSON.stringify({ execution: target });
  try {
    return (await sfn.send(new StartExecutionCommand({ stateMachineArn, name, input }))).executionArn ?? '';
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
  }
  const executionArn = executionArnOf({ stateMachineArn }, name);
  const { status } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
  if (status === 'RUNNING' || status === 'SUCCEEDED') return executionArn;
  try {
    await sfn.send(new RedriveExecutionCommand({ executionArn }));
    return executionArn;
  } catch (error) {
    if (!(error instanceof ExecutionNotRedrivable)) throw error;
  }
  // Too long ago: another one, under a name of its own.
  return (await sfn.send(new StartExecutionCommand({ stateMachineArn, input }))).executionArn ?? '';
}

function finishedBy(ended: DescribeExecutionCommandOutput, execution: string): Finished {
  const { executionArn = '', status, output, error } = ended;
  const nothing = { rolledBack: [], notRolledBack: [] };
  if (status === 'SUCCEEDED') return { ...nothing, ...JSON.parse(output ?? '{}'), execution, executionArn };
  const incomplete = { ...nothing, status: 'ROLLBACK_INCOMPLETE' as const, execution, executionArn };
  if (error === 'RollbackIncomplete') return { ...incomplete, ...JSON.parse(ended.cause ?? '{}') };
  return { ...incomplete, cause: `${error ?? status}: ${ended.cause ?? ''}` };
}

export async function finishExecution(
  engine: Engine,
  execution: string,
  show: (progress: StateProgress) => void,
): Promise<Finished> {
  const target = executionArnOf(engine, execution);
  const { status } = await engine.sfn.send(new DescribeExecutionCommand({ executionArn: target }));
  if (status === 'RUNNING') {
    const message = `${target} is still running; stop it first: aws stepfunctions stop-execution --execution-arn ${target}`;
    throw invalidInput([{ path: 'EXECUTION', message }]);
  }
  return finishedBy(await follow(engine, await startOrRedrive(engine, target), show), target);
}

export const exitCodeOfFinished = ({ status }: Finished) =>
  status === 'ROLLBACK_INCOMPLETE' ? exitCodes.rollbackIncomplete : exitCodes.succeeded;

export function finishedInWords({ status, execution, cause, rolledBack, notRolledBack }: Finished): string {
  const lines = [`${status}: ${execution}`];
  if (cause !== undefined) lines.push(cause);
  if (rolledBack.length > 0) lines.push('Rolled back:', ...rolledBack.map(what => `  ${what}`));
  for (const { what, why, command } of notRolledBack) lines.push(`Left: ${what} (${why})`, `  ${command}`);
  return lines.join('\n');
}
