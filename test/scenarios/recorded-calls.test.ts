// Every AWS call that may change something is on record: in the history where an attempt succeeds, else in the ledger.
import { GetExecutionHistoryCommand, SFNClient } from '@aws-sdk/client-sfn';
import { afterEach, expect, it } from 'vitest';
import { embeddedSettings } from '../../cli/embedded.ts';
import { isMutating, type RecordedCall } from '../../core/recorded-call.ts';
import { makeClients } from '../../handlers/clients.ts';
import { loadCalls } from '../../handlers/ledger.ts';
import type { CallRecord, Fault } from '../../local/embedded.ts';
import { openAccount, type TestAccount, walkthroughInput } from './account.ts';

let account: TestAccount | undefined;
afterEach(async () => {
  await account?.aws.close();
  account = undefined;
});

async function callsInHistory({ client }: TestAccount, executionArn: string): Promise<RecordedCall[]> {
  const { events = [] } = await new SFNClient(client).send(
    new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }),
  );
  return events.flatMap(({ taskSucceededEventDetails: details }) =>
    details ? JSON.parse(details.output ?? '{}').Payload.calls : [],
  );
}

function mutatingCallsOf(opened: TestAccount): CallRecord[] {
  const calls: CallRecord[] = [];
  opened.aws.onCall(call => {
    const isFunctions = call.caller?.arn.includes('/service-proxy-') ?? false;
    if (isFunctions && isMutating(call.operation ?? '') && call.service !== 'states') calls.push(call);
  });
  return calls;
}

const names = (calls: readonly { service: string; operation?: string }[]) =>
  calls.map(({ service, operation }) => `${service}:${operation}`).sort();

it('records in the history each call that changes something, with its request id and no payload', async () => {
  account = await openAccount();
  const made = mutatingCallsOf(account);
  const { executionArn } = await account.run(walkthroughInput);
  const recorded = await callsInHistory(account, executionArn);
  expect(names(recorded)).toEqual(names(made));
  const createRole = recorded.find(({ operation }) => operation === 'CreateRole');
  expect(createRole).toMatchObject({
    service: 'iam',
    status: 200,
    requestId: expect.stringMatching(/^[\w-]{36}$/),
  });
  expect(createRole?.target).toMatch(/^service-proxy-sns-ListTopics/);
  expect(JSON.stringify(recorded)).not.toContain('sts:AssumeRole');
});

it('leaves the calls of an attempt that fails in the ledger', async () => {
  const throttled: Fault = { service: 'apigateway', operation: 'PutMethod', kind: 'throttle', attempts: [1] };
  account = await openAccount([throttled]);
  const { executionArn, status } = await account.run(walkthroughInput);
  expect(status).toBe('SUCCEEDED');
  const clients = makeClients(embeddedSettings, account.client);
  const [attempt, ...others] = await loadCalls(
    clients,
    executionArn.slice(executionArn.lastIndexOf(':') + 1),
  );
  expect(others).toEqual([]);
  expect(attempt).toMatchObject({ state: 'PutMethod', attempt: 0 });
  const putMethod = attempt?.calls.find(({ operation }) => operation === 'PutMethod');
  expect(putMethod).toMatchObject({ status: 429, error: 'TooManyRequestsException' });
});
