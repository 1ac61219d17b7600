// The walkthrough from topics to clean-up, and what must not happen on the way.
import { afterEach, describe, expect, it } from 'vitest';
import type { Succeeded } from '../../cli/outcome.ts';
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

  it('needs at most 13 API Gateway control-plane calls', async () => {
    account = await openAccount();
    let calls = 0;
    account.aws.onCall(({ service }) => {
      if (service === 'apigateway') calls += 1;
    });
    await account.run(walkthroughInput);
    expect(calls).toBeLessThanOrEqual(13);
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
