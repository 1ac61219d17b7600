// An execution that no Catch could reach is finished by the rollback machine, wherever it was stopped.
import { afterEach, describe, expect, it } from 'vitest';
import { finishExecution } from '../../cli/finish-execution.ts';
import { closing, removal, steps } from '../../statemachine/steps.ts';
import { makeTopics, openAccount, type TestAccount, walkthroughInput } from './account.ts';
import { runUntil } from './interrupted.ts';

let account: TestAccount | undefined;
afterEach(async () => {
  await account?.aws.close();
  account = undefined;
});

/** Each state in one of its two moments, in turn: the fault matrix interrupts executions at every call. */
const cases = (names: readonly string[]) =>
  names.map((name, index) => [name, index % 2 === 0 ? 'entered' : 'left'] as const);
const silently = () => {};

describe('an execution stopped when a state was', () => {
  it.each(cases(steps.map(({ name }) => name).filter(name => name !== 'RecordOutcome')))(
    '%s %s is rolled back, and its lock is free',
    async (state, moment) => {
      account = await openAccount();
      await makeTopics(account, 'orders');
      const [before, ledger] = [account.content(), await account.ledger()];
      const execution = await runUntil(account, walkthroughInput, state, moment);
      const stopped = account.aws.clock.now();
      const finished = await finishExecution(account.engine, execution, silently);
      // A call that was under way when the execution was stopped changes nothing: there may be nothing to roll back.
      expect(['ROLLED_BACK', 'NOTHING_LEFT']).toContain(finished.status);
      expect(finished.notRolledBack).toEqual([]);
      expect(account.content()).toEqual(before);
      expect(await account.ledger()).toEqual(ledger);
      expect(account.aws.clock.now() - stopped).toBeLessThan(120_000);
    },
  );

  it.each(closing.map(({ name }) => (name === 'ReleaseLock' ? 'ReleaseLockAtEnd' : name)))(
    '%s entered goes on serving, recorded, and its lock is free',
    async state => {
      account = await openAccount();
      const execution = await runUntil(account, walkthroughInput, state, 'entered');
      const finished = await finishExecution(account.engine, execution, silently);
      expect(['FINISHED', 'NOTHING_LEFT']).toContain(finished.status);
      expect(finished.notRolledBack).toEqual([]);
      const again = await account.run(walkthroughInput);
      expect(again).toMatchObject({ status: 'SUCCEEDED', created: [] });
      expect(JSON.stringify(await account.ledger())).not.toContain('LOCK#');
    },
  );
});

describe('a removal stopped when a state was', () => {
  it.each(cases(removal.slice(1).map(({ name }) => name)))('%s %s is completed', async (state, moment) => {
    account = await openAccount();
    const [before, ledger] = [account.content(), await account.ledger()];
    await account.run(walkthroughInput);
    const execution = await runUntil(account, { ...walkthroughInput, operation: 'remove' }, state, moment);
    const finished = await finishExecution(account.engine, execution, silently);
    if (`${state} ${moment}` !== 'RecordRemoval left') expect(finished.status).toBe('REMOVED');
    expect(finished.notRolledBack).toEqual([]);
    expect(account.content()).toEqual(before);
    expect(await account.ledger()).toEqual(ledger);
  });
});
