// Going on with an execution that has ended: who does, and from when on nobody else changes anything for it.
import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { ServiceProxyError } from '../core/errors.ts';
import type { ExecutionIdentity } from '../core/execution.ts';
import type { Clients } from '../core/step.ts';
import { continuedBy, finisherOf, putFence } from './ledger.ts';

/** Longer than any call of ours to AWS takes: one that was under way when the execution was stopped is over by then. */
const longestCall = 30_000;

async function statusOf({ sfn }: Clients, executionArn: string): Promise<string | undefined> {
  return (await sfn.send(new DescribeExecutionCommand({ executionArn }))).status;
}

/**
 * The execution whose plan and things these are: itself, or the one it was to resume; and whether this finisher has
 * been at it before.
 * @throws ServiceProxyError `Refused` while it runs, `Locked` while another one goes on with it, `NotStabilized`
 * while a call of it may still be under way.
 */
export async function takeOverFrom(
  clients: Clients,
  executionArn: string,
  finisher: string,
): Promise<{ readonly execution: ExecutionIdentity; readonly isAgain: boolean }> {
  const target = await clients.sfn.send(new DescribeExecutionCommand({ executionArn }));
  if (target.status === 'RUNNING') {
    throw new ServiceProxyError(
      'Refused',
      `execution ${executionArn} is still running; stop it first: aws stepfunctions stop-execution --execution-arn ${executionArn}`,
    );
  }
  const itself = {
    arn: executionArn,
    name: target.name ?? '',
    startedAt: (target.startDate ?? new Date(0)).toISOString(),
  };
  const owner = (await continuedBy(clients, itself.name)) ?? itself;
  const other = await finisherOf(clients, owner.name);
  if (other !== undefined && other !== finisher && (await statusOf(clients, other)) === 'RUNNING') {
    throw new ServiceProxyError('Locked', `execution ${owner.name} is being finished by ${other}`);
  }
  await putFence(clients, owner.name, finisher);
  if (clients.now() < (target.stopDate?.getTime() ?? 0) + longestCall) {
    throw new ServiceProxyError(
      'NotStabilized',
      `a call that execution ${itself.name} made before it was stopped may still be under way`,
    );
  }
  return { execution: { ...owner, finisher }, isAgain: other === finisher };
}
