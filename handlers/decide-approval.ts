// Approves or rejects the plan of an execution that waits for it; the task's token never leaves this function.
import { SendTaskFailureCommand, SendTaskSuccessCommand } from '@aws-sdk/client-sfn';
import { invalidInput, ServiceProxyError } from '../core/errors.ts';
import { allow, type EventFunction } from '../core/step.ts';
import { approvalToken, forgetApprovalToken } from './ledger.ts';
import { ledger } from './permissions.ts';
import { serveEvent } from './serve.ts';

/** What the command line sends. */
export interface Decision {
  /** Name of the execution. */
  readonly execution: string;
  readonly decision: 'APPROVED' | 'REJECTED';
  readonly by?: string;
  readonly reason?: string;
}

const isDecision = (event: unknown): event is Decision =>
  typeof event === 'object' &&
  event !== null &&
  'execution' in event &&
  typeof event.execution === 'string' &&
  'decision' in event &&
  (event.decision === 'APPROVED' || event.decision === 'REJECTED');

const noLongerWaiting = new Set(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken']);

export const decideApproval: EventFunction = {
  name: 'DecideApproval',
  permissions: [
    // Step Functions knows no narrower resource for these: the token is what names the execution.
    allow(['states:SendTaskSuccess', 'states:SendTaskFailure'], ['*']),
    ledger('GetItem', 'DeleteItem'),
  ],
  timeoutSeconds: 30,

  async run(event, clients) {
    if (!isDecision(event)) {
      const message = 'must be {"execution":NAME,"decision":"APPROVED"|"REJECTED"}';
      throw invalidInput([{ path: '$', message }]);
    }
    const { execution, decision, by, reason } = event;
    const taskToken = await approvalToken(clients, execution);
    const notWaiting = new ServiceProxyError('Refused', `execution ${execution} does not wait for approval`);
    if (taskToken === undefined) throw notWaiting;
    const who = by === undefined ? '' : ` by ${by}`;
    try {
      await (decision === 'APPROVED'
        ? clients.sfn.send(
            new SendTaskSuccessCommand({
              taskToken,
              output: JSON.stringify({ decision, ...(by && { by }) }),
            }),
          )
        : clients.sfn.send(
            new SendTaskFailureCommand({
              taskToken,
              error: 'Rejected',
              cause: `rejected${who}: ${reason ?? 'no reason given'}`,
            }),
          ));
    } catch (error) {
      if (error instanceof Error && noLongerWaiting.has(error.name)) throw notWaiting;
      throw error;
    }
    await forgetApprovalToken(clients, execution);
    return { execution, decision };
  },
};

export const handler = serveEvent(decideApproval);
