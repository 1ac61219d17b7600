// Each forward state fails before its effect, after its effect and by time-out: the account is what it was before.
import { afterEach, describe, expect, it } from 'vitest';
import { finishExecution } from '../../cli/finish-execution.ts';
import type { Fault } from '../../local/embedded.ts';
import { steps } from '../../statemachine/steps.ts';
import { makeTopics, openAccount, type TestAccount, walkthroughInput } from './account.ts';

let account: TestAccount | undefined;
afterEach(async () => {
  await account?.aws.close();
  account = undefined;
});

const faultIn = (state: string, fault: Partial<Fault>): Fault => ({
  service: 'lambda',
  operation: 'Invoke',
  functionName: `service-proxy-${state}`,
  kind: 'serverError',
  ...fault,
});

const ways: readonly [name: string, fault: Partial<Fault>][] = [
  ['before its effect', { when: 'before' }],
  ['after its effect', { when: 'after' }],
  ['by time-out', { kind: 'timeout', when: 'after' }],
];

describe.each(steps.map(({ name }) => name))('a failure in %s', state => {
  it.each(ways)('%s ends FAILED with the account as it was before', async (_, fault) => {
    account = await openAccount([faultIn(state, fault)]);
    await makeTopics(account, 'orders');
    const before = account.content();
    const result = await account.run(walkthroughInput);
    expect(result).toMatchObject({ status: 'FAILED', failedState: state, notRolledBack: [] });
    expect(account.content()).toEqual(before);
  });
});

describe('a failure in PlanChanges', () => {
  it('touches nothing', async () => {
    account = await openAccount([faultIn('PlanChanges', { when: 'after' })]);
    const before = account.content();
    const result = await account.run(walkthroughInput);
    expect(result).toMatchObject({ status: 'FAILED', failedState: 'PlanChanges' });
    expect(account.content()).toEqual(before);
  });
});

/** As often as a rollback state tries, in `passes` passes. */
const everyAttempt = (passes: number) => Array.from({ length: 13 * passes }, (_, index) => index + 1);

describe('a rollback that fails', () => {
  it('is listed by what is left, and the states after it run all the same', async () => {
    account = await openAccount([
      faultIn('VerifyStage', { when: 'before' }),
      faultIn('DeleteRestApi', { when: 'before' }),
    ]);
    const result = await account.run(walkthroughInput);
    expect(result).toMatchObject({ status: 'ROLLBACK_INCOMPLETE', failedState: 'VerifyStage' });
    if (result.status === 'SUCCEEDED') throw new Error('it cannot have succeeded');
    const [left, ...others] = result.notRolledBack;
    expect(left).toMatchObject({
      what: expect.stringMatching(/^REST API MyDemoAPI \(\w+\)$/),
      why: expect.stringMatching(/^DeleteRestApi: Lambda\.ServiceException: ./),
      command: `service-proxy rollback ${result.executionArn}`,
    });
    expect(others).toEqual([]);
    expect(result.rolledBack.join()).toContain('role service-proxy-sns-ListTopics');
  });

  it('counts as rolled back when all that was lost is its answer', async () => {
    account = await openAccount([
      faultIn('VerifyStage', { when: 'before' }),
      faultIn('DeleteRestApi', { when: 'after' }),
    ]);
    const before = account.content();
    const result = await account.run(walkthroughInput);
    expect(result).toMatchObject({ status: 'FAILED', failedState: 'VerifyStage', notRolledBack: [] });
    expect(account.content()).toEqual(before);
  });

  it('is finished by the command it names, once the cause is gone', async () => {
    account = await openAccount([
      faultIn('VerifyStage', { when: 'before' }),
      faultIn('DeleteRestApi', { when: 'before', attempts: everyAttempt(1) }),
    ]);
    const [before, ledger] = [account.content(), await account.ledger()];
    const { executionArn } = await account.run(walkthroughInput);
    const finished = await finishExecution(account.engine, executionArn, () => {});
    expect(finished).toMatchObject({ status: 'ROLLED_BACK', notRolledBack: [] });
    expect(account.content()).toEqual(before);
    expect(await account.ledger()).toEqual(ledger);
  });

  it('is redriven when the rollback machine could not finish it either', async () => {
    account = await openAccount([
      faultIn('VerifyStage', { when: 'before' }),
      faultIn('DeleteRestApi', { when: 'before', attempts: everyAttempt(5) }),
    ]);
    const before = account.content();
    const { executionArn } = await account.run(walkthroughInput);
    const first = await finishExecution(account.engine, executionArn, () => {});
    expect(first.status).toBe('ROLLBACK_INCOMPLETE');
    expect(first.notRolledBack.map(({ what }) => what)).toEqual([expect.stringContaining('REST API')]);
    const second = await finishExecution(account.engine, executionArn, () => {});
    expect(second).toMatchObject({ status: 'ROLLED_BACK', executionArn: first.executionArn });
    expect(account.content()).toEqual(before);
  });
});
