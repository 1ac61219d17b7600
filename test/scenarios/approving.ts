// Executions that wait for approval, and somebody who decides.
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { invokeFunction } from '../../cli/invoke-function.ts';
import type { TestAccount } from './account.ts';

/** Starts an execution; resolves when it waits for approval. */
export async function startWaiting(
  { engine, aws }: TestAccount,
  name: string,
  given: object,
): Promise<string> {
  const states = await aws.states();
  const executionArn = `${engine.stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
  const waits = new Promise<void>(resolve => {
    states.onHistoryEvent(executionArn, ({ type }) => type === 'TaskSubmitted' && resolve());
  });
  await engine.sfn.send(
    new StartExecutionCommand({
      stateMachineArn: engine.stateMachineArn,
      name,
      input: JSON.stringify(given),
    }),
  );
  // Without its permissions it may end before it waits.
  await Promise.race([waits, states.ended(executionArn)]);
  return executionArn;
}

export const decide = (
  opened: TestAccount,
  execution: string,
  decision: 'APPROVED' | 'REJECTED',
  reason?: string,
) => invokeFunction(opened.engine, 'DecideApproval', { execution, decision, by: 'alice', reason });
