// Sends what has become of a request: the outcome of its execution, or that there will be none.
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DescribeExecutionCommand, type DescribeExecutionCommandOutput } from '@aws-sdk/client-sfn';
import { ServiceProxyError } from '../core/errors.ts';
import { eventSource } from '../core/event-names.ts';
import {
  type EndedExecution,
  finishedEventOf,
  type OutcomeEvent,
  outcomeEventOf,
} from '../core/outcome-event.ts';
import { recordedOutcome } from './ledger.ts';
import type { RequestClients } from './request-clients.ts';

export async function putEvent(
  { events, settings }: Pick<RequestClients, 'events' | 'settings'>,
  { detailType, detail }: OutcomeEvent,
): Promise<void> {
  const entry = {
    EventBusName: settings.eventBus,
    Source: eventSource,
    DetailType: detailType,
    Detail: JSON.stringify(detail),
    ...('executionArn' in detail && detail.executionArn && { Resources: [detail.executionArn] }),
  };
  const { Entries } = await events.send(new PutEventsCommand({ Entries: [entry] }));
  const { ErrorCode, ErrorMessage } = Entries?.[0] ?? {};
  // Lambda calls again: an outcome that nobody hears of is no outcome.
  if (ErrorCode)
    throw new ServiceProxyError('Unavailable', `PutEvents ${detailType}: ${ErrorCode} ${ErrorMessage}`);
}

export const describe = ({ sfn }: Pick<RequestClients, 'sfn'>, executionArn: string) =>
  sfn.send(new DescribeExecutionCommand({ executionArn }));

export function inputOf({ input = '{}' }: DescribeExecutionCommandOutput): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(input);
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

const ended = (described: DescribeExecutionCommandOutput): EndedExecution => ({
  executionArn: described.executionArn ?? '',
  status: described.status ?? '',
  input: inputOf(described),
  output: described.output,
  cause: described.cause,
});

async function finished(
  clients: RequestClients,
  brokenOff: DescribeExecutionCommandOutput,
  rollback: EndedExecution,
): Promise<OutcomeEvent | undefined> {
  const reached = await recordedOutcome(clients, brokenOff.name ?? '');
  return finishedEventOf(ended(brokenOff), rollback, reached);
}

/** Says how an execution ended, or, of one that finished another one, how that one did. */
export async function publishOutcome(
  clients: RequestClients,
  executionArn: string,
): Promise<string | undefined> {
  const execution = ended(await describe(clients, executionArn));
  const { execution: brokenOff } = execution.input;
  const event =
    typeof brokenOff === 'string'
      ? await finished(clients, await describe(clients, brokenOff), execution)
      : outcomeEventOf(execution);
  if (event) await putEvent(clients, event);
  return event?.detailType;
}
