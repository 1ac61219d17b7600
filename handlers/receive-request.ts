// Takes a request from EventBridge: refuses it with every problem at once, answers one that was served, or queues it.
import { type DescribeExecutionCommandOutput, ExecutionDoesNotExist } from '@aws-sdk/client-sfn';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { findOperation } from '../catalog/catalog.ts';
import { invalidInput, ServiceProxyError } from '../core/errors.ts';
import { executionNameFor } from '../core/execution-name.ts';
import { parseInput } from '../core/input.ts';
import { redact, secretsOfInput } from '../core/redaction.ts';
import {
  deduplicationIdOf,
  isSameRequest,
  type QueuedRequest,
  queueGroupOf,
  type RequestEvent,
  type RequestedInput,
  requestedInput,
} from '../core/request-event.ts';
import { designRoutes } from '../core/routes.ts';
import { describe, inputOf, publishOutcome, putEvent } from './outcome-events.ts';
import { type RequestClients, type RequestFunction, serveRequests } from './request-clients.ts';

/** What planning would refuse without looking at the account is refused here already. */
function checkedInput(event: RequestEvent, { settings }: RequestClients): RequestedInput {
  const input = requestedInput(event);
  const [, partition = '', , region = '', account = ''] = settings.stateMachineArn.split(':');
  const { allow, deny, targets } = settings;
  const home = { partition, region, account };
  const parsed = parseInput(input);
  designRoutes(parsed, { findOperation, home, settings: { allow, deny, ...(targets && { targets }) } });
  return input;
}

/** The execution that this token stands for, if there is one. */
async function firstWith(
  clients: RequestClients,
  { clientToken }: RequestedInput,
): Promise<DescribeExecutionCommandOutput | undefined> {
  const executions = clients.settings.stateMachineArn.replace(':stateMachine:', ':execution:');
  try {
    return await describe(clients, `${executions}:${executionNameFor(clientToken)}`);
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return undefined;
    throw error;
  }
}

async function receive(event: RequestEvent, clients: RequestClients): Promise<string> {
  const input = checkedInput(event, clients);
  const first = await firstWith(clients, input);
  if (first && !isSameRequest(inputOf(first), input)) {
    const message = `${input.clientToken} stands for another input, that of execution ${first.executionArn}`;
    throw invalidInput([{ path: '$.clientToken', message }]);
  }
  if (first?.executionArn !== undefined) {
    // Who asks again is told again; while it runs, its end will tell everybody.
    if (first.status !== 'RUNNING') await publishOutcome(clients, first.executionArn);
    return 'known';
  }
  const body: QueuedRequest = { requestId: event.id, input };
  await clients.sqs.send(
    new SendMessageCommand({
      QueueUrl: clients.settings.queueUrl,
      MessageBody: JSON.stringify(body),
      MessageGroupId: queueGroupOf(input),
      MessageDeduplicationId: deduplicationIdOf(input),
    }),
  );
  return 'queued';
}

export const run: RequestFunction = async (event, clients) => {
  const request = event as RequestEvent;
  try {
    return { request: await receive(request, clients) };
  } catch (error) {
    if (!(error instanceof ServiceProxyError) || error.problems.length === 0) throw error;
    const secrets = secretsOfInput(request.detail);
    const problems = error.problems.map(({ path, message }) => ({ path, message: redact(message, secrets) }));
    await putEvent(clients, {
      detailType: 'ServiceProxyRejected',
      detail: { requestId: request.id, ...tokenOf(request.detail), problems },
    });
    return { request: 'rejected' };
  }
};

/** Whoever sent the token knows by it which request this was. */
function tokenOf(detail: unknown): { clientToken?: string } {
  if (typeof detail !== 'object' || detail === null || !('clientToken' in detail)) return {};
  const { clientToken } = detail;
  return typeof clientToken === 'string' && /^[\w-]{1,64}$/.test(clientToken) ? { clientToken } : {};
}

export const handler = serveRequests(run);
