// Takes a request from the queue and starts its execution; the next one of the same API waits until that has ended.
import { ExecutionAlreadyExists, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { executionNameFor } from '../core/execution-name.ts';
import { isSameRequest, type QueuedRequest } from '../core/request-event.ts';
import { describe, inputOf, putEvent } from './outcome-events.ts';
import { type RequestClients, type RequestFunction, serveRequests } from './request-clients.ts';

/** What SQS hands over, as far as it is read. */
interface QueueEvent {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

/** An execution that takes longer, waiting for an approval perhaps, holds nobody up; the API's lock still does. */
const longestWait = 60 * 60 * 1000;

/** Whether its execution has ended; started again, an execution that runs is the same one. */
async function isDone({ requestId, input }: QueuedRequest, clients: RequestClients): Promise<boolean> {
  const { stateMachineArn, startArn = stateMachineArn } = clients.settings;
  const name = executionNameFor(input.clientToken);
  const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
  try {
    await clients.sfn.send(
      new StartExecutionCommand({ stateMachineArn: startArn, name, input: JSON.stringify(input) }),
    );
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
  }
  const execution = await describe(clients, executionArn);
  if (!isSameRequest(inputOf(execution), input)) {
    const message = `${input.clientToken} stands for another input, that of execution ${executionArn}`;
    await putEvent(clients, {
      detailType: 'ServiceProxyRejected',
      detail: { requestId, clientToken: input.clientToken, problems: [{ path: '$.clientToken', message }] },
    });
    return true;
  }
  const since = execution.startDate?.getTime() ?? 0;
  return execution.status !== 'RUNNING' || clients.now() - since > longestWait;
}

/** A message that is named comes again after a while; one that is not is done. */
export const run: RequestFunction = async (event, clients) => {
  const waiting: { readonly itemIdentifier: string }[] = [];
  for (const { messageId, body } of (event as QueueEvent).Records) {
    const isOver = waiting.length === 0 && (await isDone(JSON.parse(body), clients));
    if (!isOver) waiting.push({ itemIdentifier: messageId });
  }
  return { batchItemFailures: waiting };
};

export const handler = serveRequests(run);
