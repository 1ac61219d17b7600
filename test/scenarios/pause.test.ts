// A failure that is kept for inspection, and what comes after: rolled back, or resumed with everything it left adopted.
import { afterEach, describe, expect, it } from 'vitest';
import { finishExecution } from '../../cli/finish-execution.ts';
import { inputToResume, runExecution } from '../../cli/run-execution.ts';
import type { Fault } from '../../local/embedded.ts';
import { openAccount, type TestAccount, walkthroughInput } from './account.ts';
import { runUntil } from './interrupted.ts';

let account: TestAccount | undefined;
afterEach(async () => {
  await account?.aws.close();
  account = undefined;
});

/** The function fails as often as a forward state tries it, and answers from then on. */
const onceIn = (state: string): Fault => ({
  service: 'lambda',
  operation: 'Invoke',
  functionName: `service-proxy-${state}`,
  kind: 'serverError',
  attempts: [1, 2, 3, 4, 5, 6, 7],
});

const input = { ...walkthroughInput, onFailure: 'PAUSE' };
const silently = () => {};

async function resume({ engine }: TestAccount, executionArn: string, given: Record<string, unknown> = {}) {
  return runExecution(engine, await inputToResume(engine, executionArn, given), silently);
}

const apisOf = (opened: TestAccount) =>
  Object.keys((opened.content()['apigateway/restapis'] ?? {}) as object).length;

describe('an execution with onFailure PAUSE', () => {
  it('keeps what it had made and its lock, and says so', async () => {
    account = await openAccount([onceIn('VerifyStage')]);
    const result = await account.run(input);
    expect(result).toMatchObject({ status: 'PAUSED', failedState: 'VerifyStage', rolledBack: [] });
    if (result.status === 'SUCCEEDED') throw new Error('it cannot have succeeded');
    const left = result.notRolledBack.map(({ what }) => what).join();
    for (const thing of ['restApi MyDemoAPI', 'method GET /mydemoawsproxy', 'stage test', 'lock of api'])
      expect(left).toContain(thing);
    expect(JSON.stringify(await account.ledger())).toContain('LOCK#api');
  });

  it('is rolled back when it is asked for', async () => {
    account = await openAccount([onceIn('VerifyStage')]);
    const [before, ledger] = [account.content(), await account.ledger()];
    const { executionArn } = await account.run(input);
    const finished = await finishExecution(account.engine, executionArn, silently);
    expect(finished).toMatchObject({ status: 'ROLLED_BACK', notRolledBack: [] });
    expect(account.content()).toEqual(before);
    expect(await account.ledger()).toEqual(ledger);
  });

  it.each(['CreateRole', 'CreateRestApi', 'PutMethod', 'CreateDeployment', 'VerifyStage', 'RecordOutcome'])(
    'is resumed after a failure in %s, without anything being made twice',
    async state => {
      account = await openAccount([{ ...onceIn(state), when: 'after' }]);
      const { executionArn } = await account.run(input);
      const result = await resume(account, executionArn);
      expect(result).toMatchObject({ status: 'SUCCEEDED' });
      const removed = await account.run({ ...walkthroughInput, operation: 'remove' });
      expect(removed.status).toBe('SUCCEEDED');
      expect(apisOf(account)).toBe(0);
      expect(JSON.stringify(account.content())).not.toContain('service-proxy-sns-ListTopics');
      expect(JSON.stringify(await account.ledger())).not.toContain('LOCK#');
    },
  );

  it('is resumed with another test, but not as something else', async () => {
    account = await openAccount([onceIn('TestInvokeMethod')]);
    const { executionArn } = await account.run(input);
    expect(await resume(account, executionArn, { path: '/elsewhere' })).toMatchObject({
      status: 'FAILED',
      error: 'InvalidInput',
    });
    const skipped = { test: { skip: 'not now' } };
    expect(await resume(account, executionArn, skipped)).toMatchObject({ status: 'SUCCEEDED' });
  });
});

describe('an execution that could not roll back', () => {
  it('is resumed, and what it had left is adopted', async () => {
    account = await openAccount([
      onceIn('VerifyStage'),
      { ...onceIn('DeleteRestApi'), attempts: Array.from({ length: 13 }, (_, index) => index + 1) },
    ]);
    const { executionArn, status } = await account.run(walkthroughInput);
    expect(status).toBe('ROLLBACK_INCOMPLETE');
    expect(apisOf(account)).toBe(1);
    expect(await resume(account, executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(apisOf(account)).toBe(1);
  });

  it('is not resumed when it has left nothing', async () => {
    account = await openAccount([onceIn('VerifyStage')]);
    const { executionArn } = await account.run(walkthroughInput);
    const result = await resume(account, executionArn);
    expect(result).toMatchObject({ status: 'FAILED', error: 'InvalidInput', failedState: 'PlanChanges' });
  });
});

describe('an execution that resumes another and is stopped', () => {
  it('is rolled back with everything of both', async () => {
    account = await openAccount([onceIn('VerifyStage')]);
    const [before, ledger] = [account.content(), await account.ledger()];
    const { executionArn } = await account.run(input);
    const again = await inputToResume(account.engine, executionArn, {});
    const stopped = await runUntil(account, again, 'VerifyStage', 'entered');
    const finished = await finishExecution(account.engine, stopped, silently);
    expect(finished).toMatchObject({ status: 'ROLLED_BACK', notRolledBack: [] });
    expect(account.content()).toEqual(before);
    expect(await account.ledger()).toEqual(ledger);
  });
});
