// The walkthrough from topics to clean-up, and what must not happen on the way.
import { readFile } from 'node:fs/promises';
import { GetExecutionHistoryCommand } from '@aws-sdk/client-sfn';
import { afterEach, describe, expect, it } from 'vitest';
import type { Succeeded } from '../../cli/outcome.ts';
import { ledgerTable } from '../simulation/ledger-table.ts';
import { makeTopics, openAccount, type TestAccount, walkthroughInput } from './account.ts';

let account: TestAccount | undefined;
afterEach(async () => {
  await account?.aws.close();
  account = undefined;
});

const urlOf = (result: unknown) => ((result as Succeeded).routes[0] as { url: string }).url;

describe('the walkthrough', () => {
  it('serves ListTopics as JSON, and removes what it made', async () => {
    account = await openAccount();
    await makeTopics(account, 'orders', 'invoices');
    const before = account.content();
    const provisioned = await account.run(walkthroughInput);
    expect(provisioned.status).toBe('SUCCEEDED');
    const answer = await account.aws.http({ method: 'GET', url: urlOf(provisioned), headers: {} });
    expect(answer.status).toBe(200);
    const { ListTopicsResponse } = JSON.parse(answer.body);
    expect(ListTopicsResponse.ListTopicsResult.Topics).toHaveLength(2);
    const removed = await account.run({ ...walkthroughInput, operation: 'remove' });
    expect(removed.status).toBe('SUCCEEDED');
    expect(account.content()).toEqual(before);
    expect((await account.aws.http({ method: 'GET', url: urlOf(provisioned), headers: {} })).status).toBe(
      403,
    );
  });

  it('changes nothing when the same input is provisioned again', async () => {
    account = await openAccount();
    await account.run(walkthroughInput);
    const before = account.content();
    const again = await account.run(walkthroughInput);
    expect(again).toMatchObject({ status: 'SUCCEEDED', created: [] });
    expect(account.content()).toEqual(before);
  });

  it('needs at most 13 API Gateway control-plane calls, and of all that is paid for what the guide says', async () => {
    const ledger = ledgerTable();
    account = await openAccount([], { services: { dynamodb: ledger.service } });
    const calls = new Map<string, number>();
    const callsOf = (...names: string[]) => names.reduce((sum, name) => sum + (calls.get(name) ?? 0), 0);
    account.aws.onCall(({ service, operation }) => {
      for (const name of [service, `${service} ${operation}`]) calls.set(name, callsOf(name) + 1);
    });
    let written = 0;
    ledger.onWrite(() => {
      written += 1;
    });
    const { executionArn } = await account.run(walkthroughInput);
    expect(calls.get('apigateway')).toBeLessThanOrEqual(13);
    const { events = [] } = await account.engine.sfn.send(
      new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }),
    );
    const eventsOf = (ending: string) => events.filter(({ type }) => type?.endsWith(ending)).length;
    const [states, functions] = [eventsOf('StateEntered'), eventsOf('TaskScheduled')];
    const read = callsOf('dynamodb GetItem', 'dynamodb Query');
    const guide = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8');
    expect(guide).toContain(
      `${states} states are entered, ${functions} functions called, and the ledger is called ${calls.get('dynamodb')} times: ${written} items are written, and it is read ${read} times`,
    );
    expect(guide).toContain(`× ${states + 1} (${states} states and the end)`);
    expect(guide).toContain(`(${functions} states, `);
  });

  it('keeps two routes of one API apart: removing one leaves the other serving', async () => {
    account = await openAccount();
    const other = { ...walkthroughInput, action: 'ListSubscriptions', path: '/subscriptions' };
    const both = {
      ...walkthroughInput,
      service: undefined,
      action: undefined,
      path: undefined,
      httpMethod: undefined,
      routes: [
        { service: 'sns', action: 'ListTopics', path: '/mydemoawsproxy' },
        { service: 'sns', action: 'ListSubscriptions', path: '/subscriptions' },
      ],
    };
    const provisioned = await account.run(JSON.parse(JSON.stringify(both)));
    expect(provisioned.status).toBe('SUCCEEDED');
    expect((await account.run({ ...other, operation: 'remove' })).status).toBe('SUCCEEDED');
    expect((await account.aws.http({ method: 'GET', url: urlOf(provisioned), headers: {} })).status).toBe(
      200,
    );
  });

  it('refuses a misspelt action without changing anything', async () => {
    account = await openAccount();
    const before = account.content();
    const result = await account.run({ ...walkthroughInput, action: 'ListTopic' });
    expect(result).toMatchObject({ status: 'FAILED', error: 'InvalidInput', failedState: 'PlanChanges' });
    expect(account.content()).toEqual(before);
  });
});
