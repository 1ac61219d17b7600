// Every execution that ends is archived: what it did, chained so that nothing can be taken away or changed unseen.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, describe, expect, it } from 'vitest';
import { embeddedSettings } from '../../cli/embedded.ts';
import { exportAll } from '../../cli/export-history.ts';
import { invokeFunction } from '../../cli/invoke-function.ts';
import { openPast } from '../../cli/past.ts';
import { verdict, verifyDirectory } from '../../cli/verify-history.ts';
import { makeArchiveClients } from '../../handlers/archive-clients.ts';
import { allRecords } from '../../handlers/archive-store.ts';
import type { ArchivedExecution } from '../../history/archived-execution.ts';
import { type ArchiveRecord, verifyChains } from '../../history/chain.ts';
import { type IndexEntry, matches } from '../../history/index-entry.ts';
import { showInText } from '../../history/show-text.ts';
import type { Fault } from '../../local/embedded.ts';
import { openAccount, type TestAccount, walkthroughInput } from './account.ts';
import { readArchive } from './archived.ts';
import { runUntil } from './interrupted.ts';

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

  it('says who is waiting for what while an execution waits, and what became of it', async () => {
    account = await openAccount([], { archive: true });
    const { aws } = account;
    // Nobody decides within the twelve hours.
    const ended = await account.run({ ...walkthroughInput, approval: true, requestedBy: 'ann' });
    expect(ended).toMatchObject({ status: 'FAILED', failedState: 'RequestApproval' });
    const clients = makeArchiveClients(embeddedSettings, account.client, () => aws.clock.now());
    let records = await allRecords(clients);
    while (records.length < 2) {
      await aws.clock.sleep(1000);
      records = await allRecords(clients);
    }
    const { entries, links } = await readArchive(account, 1);
    expect(records.map(({ execution }) => execution.status)).toEqual(['RUNNING', 'FAILED']);
    const [waiting, final] = records;
    expect(waiting?.execution).toMatchObject({
      requestedBy: 'ann',
      plan: expect.arrayContaining(['CREATE stage test']),
    });
    expect(waiting?.execution.states.at(-1)).toMatchObject({ state: 'RequestApproval', isWaiting: true });
    expect(final?.chain).toMatchObject({ sequence: 2, supersedes: 1 });
    expect(entries.map(({ status }) => status)).toEqual(['FAILED']);
    expect(verdict(records, links)).toMatchObject({ breaks: [], superseded: 1, waiting: [] });
    expect(verdict(records.slice(0, 1), [])).toMatchObject({ waiting: [waiting?.execution.name] });
    const directory = mkdtempSync(join(tmpdir(), 'exported-'));
    await exportAll(await openPast(account.engine), entries, directory);
    expect(verifyDirectory(directory)).toMatchObject({ records: 2, breaks: [] });
    rmSync(directory, { recursive: true });
    const changed = { ...final, chain: { ...final?.chain, supersedes: 2 } } as ArchiveRecord;
    expect(verdict([...records.slice(0, 1), changed], []).breaks.map(({ kind }) => kind)).toContain(
      'CHANGED',
    );
  });

  it('holds the execution that finished another one, in the same chain', async () => {
    account = await openAccount([], { archive: true, watch: true });
    const executionArn = await runUntil(account, walkthroughInput, 'PutMethod', 'left');
    const finisher = executionArn.replace('ServiceProxyProvisioning', 'ServiceProxyRollback');
    const { records, links } = await readArchive(account, 2);
    const rollback = records.find(({ execution }) => execution.finishes !== undefined)?.execution;
    expect(rollback).toMatchObject({
      executionArn: finisher,
      finishes: executionArn,
      status: 'SUCCEEDED',
      operation: 'rollback',
      api: 'MyDemoAPI',
      input: { execution: executionArn },
    });
    expect(rollback?.calls.map(({ operation }) => operation)).toContain('DeleteRestApi');
    const aborted = records.find(({ execution }) => execution.finishes === undefined)?.execution;
    expect(aborted).toMatchObject({ status: 'ABORTED' });
    expect(aborted?.calls.map(({ operation }) => operation)).not.toContain('DeleteRestApi');
    expect(verdict(records, links)).toMatchObject({ breaks: [], chains: 1, superseded: 0 });
  });

  it('adds who started an execution once CloudTrail knows, by a record that supersedes the first', async () => {
    const delay = 5 * 60_000;
    account = await openAccount([], { archive: true, trail: true, trailDelay: () => delay });
    const { client } = account;
    await account.run({ ...walkthroughInput, requestedBy: 'somebody' });
    const [entry] = (await readArchive(account, 1)).entries;
    expect(entry?.startedBy).toBeUndefined();
    const pass = () => invokeFunction({ account: client }, 'ArchiveExecution', { lookUpCallers: true });
    expect(await pass()).toEqual({ found: 0, givenUp: 0 });
    await account.aws.clock.sleep(delay);
    expect(await pass()).toEqual({ found: 1, givenUp: 0 });
    expect(await pass()).toEqual({ found: 0, givenUp: 0 });
    const { entries, records, links } = await readArchive(account, 1);
    const root = 'arn:aws:iam::000000000000:root';
    expect(entries).toMatchObject([{ status: 'SUCCEEDED', requestedBy: 'somebody', startedBy: root }]);
    expect(records[0]?.chain).toMatchObject({ sequence: 2, supersedes: 1 });
    expect(showInText(records[0]?.execution as ArchivedExecution)).toContain(`started by ${root}`);
    expect(entries.filter(one => matches(one, { caller: '000000000000:root' }))).toHaveLength(1);
    const clients = makeArchiveClients(embeddedSettings, account.client, () => 0);
    expect(verdict(await allRecords(clients), links)).toMatchObject({ breaks: [], superseded: 1 });

    // Told again, the archive stays as it is.
    const { executionArn } = entries[0] as IndexEntry;
    await invokeFunction({ account: client }, 'ArchiveExecution', { detail: { executionArn } });
    expect((await readArchive(account, 1)).entries).toEqual(entries);
  });

  it('gives up asking CloudTrail after some passes: an account need not have it', async () => {
    account = await openAccount([], {
      archive: true,
      trail: true,
      trailDelay: () => Number.MAX_SAFE_INTEGER,
    });
    const { client } = account;
    await account.run({ ...walkthroughInput, stage: 'no stage' });
    await readArchive(account, 1);
    const passes: unknown[] = [];
    for (let pass = 0; pass < 8; pass++)
      passes.push(await invokeFunction({ account: client }, 'ArchiveExecution', { lookUpCallers: true }));
    const givenUp = passes.map(pass => (pass as { givenUp: number }).givenUp);
    expect(givenUp).toEqual([0, 0, 0, 0, 0, 0, 1, 0]);
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
