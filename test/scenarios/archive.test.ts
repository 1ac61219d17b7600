// Every execution that ends is archived: what it did, chained so that nothing can be taken away or changed unseen.
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, describe, expect, it } from 'vitest';
import { verifyChains } from '../../history/chain.ts';
import type { Fault } from '../../local/embedded.ts';
import { openAccount, type TestAccount, walkthroughInput } from './account.ts';
import { readArchive } from './archived.ts';

let account: TestAccount | undefined;
afterEach(async () => {
  await account?.aws.close();
  account = undefined;
});

const invalidStage: Fault = { service: 'apigateway', operation: 'CreateStage', kind: 'denied' };

describe('the archive', () => {
  it('holds the plan, every state, every call with its request id, and who asked', async () => {
    account = await openAccount([], { archive: true });
    const { executionArn } = await account.run({ ...walkthroughInput, requestedBy: 'ann@example.com' });
    const { entries, records } = await readArchive(account, 1);
    expect(entries[0]).toMatchObject({
      executionArn,
      status: 'SUCCEEDED',
      api: 'MyDemoAPI',
      stage: 'test',
      actions: ['sns ListTopics'],
      requestedBy: 'ann@example.com',
    });
    const execution = records[0]?.execution;
    expect(execution?.plan).toContain('CREATE REST API MyDemoAPI');
    expect(execution?.states.map(({ state }) => state)).toContain('CreateDeployment');
    const made = execution?.calls.filter(({ operation }) => operation.startsWith('Create'));
    expect(made?.map(({ operation }) => operation)).toEqual([
      'CreateRole',
      'CreateRestApi',
      'CreateResource',
      'CreateDeployment',
      'CreateStage',
    ]);
    expect(execution?.calls.filter(({ requestId }) => requestId === undefined)).toEqual([]);
    expect(execution?.callsMissing).toBe(0);
  });

  it('says what failed, and what was taken away again', async () => {
    account = await openAccount([invalidStage], { archive: true });
    await account.run(walkthroughInput);
    const { records } = await readArchive(account, 1);
    expect(records[0]?.execution).toMatchObject({
      status: 'FAILED',
      failedState: 'CreateDeployment',
      error: 'Refused',
    });
    expect(records[0]?.execution.rolledBack.join()).toContain('role service-proxy-sns-ListTopics');
    const refused = records[0]?.execution.calls.find(({ operation }) => operation === 'CreateStage');
    expect(refused).toMatchObject({ state: 'CreateDeployment', status: 403, error: 'AccessDeniedException' });
  });

  it('chains the records of an API, and takes what it is told twice once', async () => {
    account = await openAccount([], { archive: true });
    const { executionArn } = await account.run(walkthroughInput);
    await account.run(walkthroughInput);
    await readArchive(account, 2);
    const again = { detail: { executionArn, status: 'SUCCEEDED' } };
    const told = await new LambdaClient(account.client).send(
      new InvokeCommand({ FunctionName: 'service-proxy-ArchiveExecution', Payload: JSON.stringify(again) }),
    );
    expect(told.FunctionError).toBeUndefined();
    const { records, links } = await readArchive(account, 2);
    expect(links.map(({ key, sequence }) => `${key} ${sequence}`)).toEqual(['MyDemoAPI 1', 'MyDemoAPI 2']);
    expect(verifyChains(records, links)).toEqual([]);
  });

  it('does not keep an execution from succeeding when it cannot be written', async () => {
    const broken: Fault = {
      service: 'lambda',
      operation: 'Invoke',
      functionName: 'service-proxy-ArchiveExecution',
      kind: 'serverError',
    };
    account = await openAccount([broken], { archive: true });
    expect((await account.run(walkthroughInput)).status).toBe('SUCCEEDED');
  });
});
