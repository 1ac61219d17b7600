// An execution that came with a client token which another one had before: it changes nothing, and ends as that one.
import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { invalidInput, ServiceProxyError } from '../core/errors.ts';
import type { ExecutionIdentity, Repeated } from '../core/execution.ts';
import { fingerprintOf } from '../core/execution-name.ts';
import type { ProvisionInput } from '../core/input.ts';
import type { Clients } from '../core/step.ts';
import { claimToken } from './ledger.ts';

/** How the first execution with this token ended; undefined where this one is the first. */
export async function repeatedBy(
  clients: Clients,
  input: ProvisionInput,
  execution: ExecutionIdentity,
): Promise<Repeated | undefined> {
  const { clientToken } = input;
  if (clientToken === undefined) return undefined;
  const fingerprint = fingerprintOf(input);
  const first = await claimToken(clients, clientToken, { executionArn: execution.arn, fingerprint });
  if (first.executionArn === execution.arn) return undefined;
  if (first.fingerprint !== fingerprint) {
    const message = `${clientToken} stands for another input, that of execution ${first.executionArn}`;
    throw invalidInput([{ path: '$.clientToken', message }]);
  }
  const described = await clients.sfn.send(
    new DescribeExecutionCommand({ executionArn: first.executionArn }),
  );
  const { status = 'UNKNOWN', output = '{}', error = status, cause } = described;
  if (status === 'RUNNING') {
    throw new ServiceProxyError('Locked', `execution ${first.executionArn} with the same token is running`);
  }
  if (status === 'SUCCEEDED') return { output: JSON.parse(output) };
  return { error, cause: cause ?? `execution ${first.executionArn} with the same token ended ${status}` };
}
