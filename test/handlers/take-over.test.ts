// Going on with an execution that has ended: who does, from when on, and what there is to do.
import { beforeEach, describe, expect, it } from 'vitest';
import {
  acquireLock,
  continueAs,
  finisherOf,
  loadExecution,
  recordOutcomeOf,
} from '../../handlers/ledger.ts';
import { takeOver } from '../../handlers/take-over.ts';
import { takeOverFrom } from '../../handlers/taking-over.ts';
import { watchdog } from '../../handlers/watchdog.ts';
import { inputFor, route } from '../simulation/inputs.ts';
import { type Account, executionArn, openAccount } from './account.ts';
import { type Course, identityOf, run, runState } from './course.ts';

const dead = { status: 'ABORTED', startDate: new Date('2026-01-01T00:00:00Z'), stopDate: new Date(0) };
const finisher = executionArn('finisher');

let account: Account;
beforeEach(() => {
  account = openAccount();
  account.executions.set(executionArn('one'), dead);
});

const takingOver = (by = finisher) => takeOverFrom(account.clients(), executionArn('one'), by);
const from = async (by = finisher) => (await takingOver(by)).execution;

describe('an execution that has ended', () => {
  it('is gone on with under its own identity, and nobody else’s call counts from then on', async () => {
    expect(await from()).toEqual({ ...identityOf('one'), finisher });
    expect(await finisherOf(account.clients(), 'one')).toBe(finisher);
    expect(await takingOver()).toEqual({ execution: { ...identityOf('one'), finisher }, isAgain: true });
  });

  it('is known to be gone on with again by the same one', async () => {
    const isAgain = async (by: string) =>
      (await takeOverFrom(account.clients(), executionArn('one'), by)).isAgain;
    expect([await isAgain(finisher), await isAgain(finisher)]).toEqual([false, true]);
    account.executions.set(finisher, { status: 'FAILED' });
    expect(await isAgain(executionArn('second'))).toBe(false);
  });

  it('is left alone while it runs', async () => {
    account.executions.set(executionArn('one'), { status: 'RUNNING' });
    await expect(from()).rejects.toMatchObject({
      name: 'Refused',
      message: `execution ${executionArn('one')} is still running; stop it first: aws stepfunctions stop-execution --execution-arn ${executionArn('one')}`,
    });
    expect(await finisherOf(account.clients(), 'one')).toBeUndefined();
  });

  it('is left to another one that goes on with it, until that has ended', async () => {
    account.executions.set(finisher, { status: 'RUNNING' });
    await from();
    await expect(from(executionArn('second'))).rejects.toMatchObject({
      name: 'Locked',
      message: `execution one is being finished by ${finisher}`,
    });
    account.executions.set(finisher, { status: 'FAILED' });
    expect(await from(executionArn('second'))).toMatchObject({ finisher: executionArn('second') });
    expect(await finisherOf(account.clients(), 'one')).toBe(executionArn('second'));
  });

  it('is waited for while a call of it may still be under way, fenced off already', async () => {
    account.isInstant = true;
    const stopDate = new Date(account.now);
    account.executions.set(executionArn('one'), { ...dead, stopDate });
    account.now += 29_999;
    await expect(from()).rejects.toMatchObject({
      name: 'NotStabilized',
      message: 'a call that execution one made before it was stopped may still be under way',
    });
    expect(await finisherOf(account.clients(), 'one')).toBe(finisher);
    account.now += 1;
    expect(await from()).toMatchObject({ name: 'one' });
  });

  it('that went on with another one is gone on with as that one', async () => {
    await continueAs(account.clients(), 'one', identityOf('zero'));
    expect(await from()).toEqual({ ...identityOf('zero'), finisher });
    expect(await finisherOf(account.clients(), 'zero')).toBe(finisher);
    expect(await finisherOf(account.clients(), 'one')).toBeUndefined();
  });

  it('needs not have told when it began or ended', async () => {
    account.executions.set(executionArn('one'), { status: 'FAILED' });
    expect(await from()).toMatchObject({ name: 'one', startedAt: new Date(0).toISOString() });
  });
});

const input = inputFor({ name: 'A' }, [route('/p')]);

const over = (name = 'one', execution: unknown = executionArn(name)) => {
  account.executions.set(executionArn(name), dead);
  const course: Course = { execution: identityOf('finisher'), outputs: {}, notRolledBack: [] };
  return runState(account, takeOver, course, { execution });
};

describe('TakeOver', () => {
  it.each([
    [undefined],
    ['one'],
    ['arn:aws:states:us-east-1:000000000000:stateMachine:X'],
    ['x arn:aws:states:us-east-1:000000000000:execution:X:one'],
    [7],
  ])('refuses %s as the ARN of an execution', async execution => {
    const refusal = '$.execution: must be the ARN of an execution that has ended';
    const course: Course = { execution: identityOf('finisher'), outputs: {}, notRolledBack: [] };
    const given = { name: 'InvalidInput', message: refusal };
    await expect(runState(account, takeOver, course, { execution })).rejects.toMatchObject(given);
    await expect(runState(account, takeOver, course, 'one')).rejects.toMatchObject(given);
    await expect(runState(account, takeOver, course, null)).rejects.toMatchObject(given);
  });

  it('finds nothing to do where nothing was planned, made or held', async () => {
    expect(await over()).toMatchObject({ work: 'NOTHING' });
    await run(account, 'planned', input, 'PlanChanges');
    expect(await over('planned')).toEqual({
      execution: { ...identityOf('planned'), finisher },
      work: 'NOTHING',
    });
  });

  it('rolls back what was made, under the locks of then, taken again', async () => {
    const course = await run(account, 'one', input, 'CreateRestApi');
    const id = course.outputs.CreateRestApi?.restApiId;
    account.now += 3_600_000;
    expect(await over()).toMatchObject({ work: 'ROLL_BACK' });
    const held = [...account.table.items].flatMap(([key, one]) =>
      one.holder ? [`${key} ${one.holder.S}`] : [],
    );
    expect(held.sort()).toEqual([`LOCK#api ${id}\nLOCK one`, 'LOCK#name A\nLOCK one']);
    expect((await loadExecution(account.clients(), 'one')).held.size).toBe(2);
  });

  it('waits for locks that another execution took meanwhile', async () => {
    await run(account, 'one', input, 'CreateRestApi');
    account.now += 3_600_000;
    await acquireLock(account.clients(), 'name A', identityOf('other'));
    account.executions.set(executionArn('one'), dead);
    const course: Course = { execution: identityOf('finisher'), outputs: {}, notRolledBack: [] };
    const event = { execution: executionArn('one') };
    await expect(runState(account, takeOver, course, event, [])).rejects.toMatchObject({ name: 'Locked' });
  });

  it('takes no lock for one that has made nothing but roles', async () => {
    await run(account, 'one', input, 'CreateRole');
    expect(await over()).toMatchObject({ work: 'ROLL_BACK' });
    expect((await loadExecution(account.clients(), 'one')).held.size).toBe(0);
  });

  it('finishes one whose outcome is recorded, as long as it holds a lock', async () => {
    const course = await run(account, 'one', input, 'RecordOutcome');
    expect(await over()).toMatchObject({ work: 'FINISH' });
    expect(course.failure).toBeUndefined();
    await run(account, 'two', inputFor({ name: 'B' }, [route('/p')]));
    expect(await over('two')).toMatchObject({ work: 'NOTHING' });
  });

  it('goes on with a removal that has begun, and with nothing of one that has not', async () => {
    await run(account, 'one', input);
    const removal = { ...input, operation: 'remove' };
    await run(account, 'begun', removal, 'RemoveMethod');
    expect(await over('begun')).toMatchObject({ work: 'REMOVE' });
    const { made } = await loadExecution(account.clients(), 'begun');
    expect([...made.keys()]).toEqual(['removal A']);
    account = openAccount();
    await run(account, 'one', input);
    await run(account, 'planned', removal, 'PlanChanges');
    await acquireLock(account.clients(), 'name A', identityOf('planned'));
    expect(await over('planned')).toMatchObject({ work: 'FINISH' });
  });

  it('leaves routes to others that have changed them since', async () => {
    await run(account, 'before', inputFor({ name: 'A' }, [route('/p'), route('/q')]));
    const changed = [route('/p', 'ListSubscriptions'), route('/q', 'ListSubscriptions')];
    await run(account, 'one', inputFor({ name: 'A' }, changed), 'PutIntegration');
    account.now += 3_600_000;
    await run(account, 'other', inputFor({ name: 'A' }, [route('/p', 'ListSubscriptions')]));
    expect(await over()).toMatchObject({ work: 'ROLL_BACK' });
    const { made } = await loadExecution(account.clients(), 'one');
    expect(made.has('method GET /p')).toBe(false);
    expect(made.has('method GET /q')).toBe(true);
  });

  it('leaves gateway responses to others that have allowed other origins since', async () => {
    const asking = (path: string, ...origins: string[]) =>
      inputFor({ name: 'A' }, [{ ...route(path), cors: { origins } }]);
    const responses = async () =>
      [...(await loadExecution(account.clients(), 'one')).made.keys()].filter(thing =>
        thing.startsWith('gatewayR'),
      );
    for (const origin of ['https://b.example.com', 'https://a.example.com']) {
      account = openAccount();
      await run(account, 'before', asking('/p', 'https://a.example.com'));
      await run(account, 'one', asking('/p', 'https://c.example.com'), 'PutIntegration');
      account.now += 3_600_000;
      const other = await run(account, 'other', asking('/p', origin), 'RecordOutcome');
      expect(other.failure).toBeUndefined();
      const noted = await responses();
      account.now += 3_600_000;
      expect(await over()).toMatchObject({ work: 'ROLL_BACK' });
      expect(noted.length).toBeGreaterThan(0);
      expect(await responses()).toEqual(origin.includes('b.') ? [] : noted);
    }
  });

  it('rolls back what it had written into the record itself', async () => {
    await run(account, 'before', input);
    account.meet = (state, call) =>
      state === 'RecordOutcome' && call === 'dynamodb:PutItem' && hasRecord() ? 'denied' : undefined;
    const hasRecord = () =>
      [...account.table.items.values()].some(
        ({ document }) => document?.S?.includes('ListSubscriptions') && !document.S.includes('chunk'),
      );
    const next = inputFor({ name: 'A' }, [route('/p', 'ListSubscriptions')]);
    const course = await run(account, 'one', next);
    account.meet = () => undefined;
    expect(course.failure?.state).toBe('RecordOutcome');
    expect(await over()).toMatchObject({ work: 'ROLL_BACK' });
    expect((await loadExecution(account.clients(), 'one')).made.has('method GET /p')).toBe(true);
  });

  it('counts a recorded outcome of an execution without locks as the end', async () => {
    await run(account, 'one', input, 'CreateRole');
    await recordOutcomeOf(account.clients(), 'one', {} as never);
    expect(await over()).toMatchObject({ work: 'NOTHING' });
  });
});

describe('Watchdog', () => {
  const watch = (detail: object) =>
    watchdog.run(
      { detail: { executionArn: executionArn('one'), name: 'one', ...detail } },
      account.clients('Watchdog'),
    );

  it('starts the rollback of an execution that ended without its own, once', async () => {
    for (const [status, cause] of [
      ['ABORTED', null],
      ['TIMED_OUT', undefined],
      ['FAILED', 'States.Runtime: in plain words'],
      ['FAILED', '{"errorMessage":"no"}'],
      ['FAILED', null],
    ] as const) {
      account = openAccount();
      expect(await watch({ status, cause })).toEqual({ started: true });
      expect(await watch({ status, cause })).toEqual({ started: false });
      expect(account.started).toEqual([
        {
          stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:ServiceProxyRollback',
          name: 'one',
          input: JSON.stringify({ execution: executionArn('one') }),
        },
      ]);
    }
  });

  it('leaves alone what runs, succeeded, or ended in its own Fail state', async () => {
    const ended = JSON.stringify({ failedState: 'PutMethod', status: 'FAILED' });
    for (const detail of [{ status: 'RUNNING' }, { status: 'SUCCEEDED' }, { status: 'FAILED', cause: ended }])
      expect(await watch(detail)).toEqual({ started: false });
    expect(account.started).toEqual([]);
    // Of one that was stopped the cause is what a person wrote.
    expect(await watch({ status: 'ABORTED', cause: ended })).toEqual({ started: true });
  });

  it('says so where the rollback cannot be started', async () => {
    account.meet = () => 'denied';
    await expect(watch({ status: 'ABORTED' })).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});
