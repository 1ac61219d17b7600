// Each forward state fails before its effect, after its effect and by time-out: the account is what it was before.
import { afterEach, describe, expect, it } from 'vitest';
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

describe('a rollback that fails', () => {
  it('is listed, and the states after it run all the same', async () => {
    account = await openAccount([
      faultIn('VerifyStage', { when: 'before' }),
      faultIn('DeleteRestApi', { when: 'before' }),
    ]);
    const result = await account.run(walkthroughInput);
    expect(result).toMatchObject({ status: 'ROLLBACK_INCOMPLETE', failedState: 'VerifyStage' });
    if (result.status === 'SUCCEEDED') throw new Error('it cannot have succeeded');
    expect(result.notRolledBack.map(({ what }) => what)).toEqual(['Delete rest api']);
    expect(result.rolledBack.join()).toContain('role service-proxy-sns-ListTopics');
  });
});
