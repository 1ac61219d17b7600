// The lock of an API: one holder at a time, for as long as its lease, and never again for one that comes late.
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../core/plan.ts';
import { acquireLock as acquireLockStep } from '../../handlers/acquire-lock.ts';
import {
  acquireLock,
  forgetHeld,
  loadExecution,
  putFence,
  releaseLock,
  renewLock,
} from '../../handlers/ledger.ts';
import { holdLocks, locksOf, longestPause, retakeLocks } from '../../handlers/locks.ts';
import { inputFor, route } from '../simulation/inputs.ts';
import { type Account, openAccount } from './account.ts';
import { type Course, identityOf, run, runState } from './course.ts';

const lease = 15 * 60_000;
const ample = 12 * 60_000;
const lock = 'api a';

/** Calls take no time here, so that leases end when they are said to. */
function open(): Account {
  const account = openAccount();
  account.isInstant = true;
  return account;
}

/** One that started later comes later in line. */
const started = (name: string, minute: number) => ({
  ...identityOf(name),
  startedAt: `2026-01-01T00:0${minute}:00Z`,
});

const [one, two, three] = [started('one', 1), started('two', 2), started('three', 3)];

const take = (account: Account, execution = one) => acquireLock(account.clients(), lock, { ...execution });
const release = (account: Account, name: string) => releaseLock(account.clients(), lock, name);
const lockItem = ({ table }: Account) => table.items.get('LOCK#api a\nLOCK');

const heldBy = async (account: Account, name: string) => (await loadExecution(account.clients(), name)).held;

const lookAt = (error: unknown) => Date.parse(String(error).replace(/.*looks again at /, ''));

describe('a lock', () => {
  it('is held by one execution at a time', async () => {
    const account = open();
    await take(account);
    await expect(take(account, two)).rejects.toMatchObject({
      name: 'Locked',
      message: expect.stringMatching(
        /^api a is being changed by execution one, and 0 more come first; looks/,
      ),
    });
    await acquireLock(account.clients(), 'api b', { ...two });
    expect(await release(account, 'two')).toBe(false);
    expect(await release(account, 'one')).toBe(true);
    expect(lockItem(account)?.holder).toBeUndefined();
    await take(account, two);
    await expect(take(account, one)).rejects.toThrow('by execution two');
  });

  it('may be taken again by its holder, which renews it, and has the same epoch', async () => {
    const account = open();
    await take(account);
    const { epoch } = lockItem(account) ?? {};
    account.now += lease - 1;
    await take(account);
    expect(lockItem(account)?.epoch).toEqual(epoch);
    account.now += lease;
    await expect(take(account, two)).rejects.toThrow('by execution one');
    expect(Number(lockItem(account)?.heldSince?.N)).toBe(account.now - 2 * lease + 1);
  });

  it('is free once its lease has ended, to the millisecond', async () => {
    const account = open();
    await take(account);
    account.now += lease;
    await expect(take(account, two)).rejects.toThrow('by execution one');
    account.now += 1;
    await take(account, two);
    expect(lockItem(account)?.holder?.S).toBe('two');
    await expect(renewLock(account.clients(), lock, 'one')).rejects.toMatchObject({
      name: 'Contended',
      message: 'the lock of api a was lost: its lease ended and another execution took it',
    });
  });

  it('has an epoch that grows with every holder and every release', async () => {
    const account = open();
    const epochs: number[] = [];
    const note = () => epochs.push(Number(lockItem(account)?.epoch?.N));
    await release(account, 'one');
    note();
    await take(account);
    note();
    await release(account, 'one');
    note();
    await release(account, 'one');
    note();
    await take(account, two);
    note();
    expect(epochs).toEqual([1, 2, 3, 4, 5]);
  });

  it('is kept longer where that is asked for, and not for less than its lease', async () => {
    const account = open();
    await take(account);
    const until = account.now + longestPause;
    await renewLock(account.clients(), lock, 'one', { keepUntil: until });
    expect(Number(lockItem(account)?.leaseUntil?.N)).toBe(until);
    // Taken again, it does not end sooner.
    await take(account);
    expect(Number(lockItem(account)?.leaseUntil?.N)).toBe(until);
    await renewLock(account.clients(), lock, 'one');
    expect(Number(lockItem(account)?.leaseUntil?.N)).toBe(account.now + lease);
    expect(longestPause).toBe(7 * 24 * 60 * 60 * 1000);
  });

  it('that another took has nothing of the longer lease of the one before', async () => {
    const account = open();
    await take(account);
    await renewLock(account.clients(), lock, 'one', { keepUntil: account.now + longestPause });
    account.now += longestPause + 1;
    await take(account, two);
    expect(Number(lockItem(account)?.leaseUntil?.N)).toBe(account.now + lease);
  });

  it('is not taken by a call that comes late', async () => {
    const account = open();
    const late = account.clients();
    let reads = 0;
    account.meet = (_, call) => {
      // Between the look of one execution and its write another one takes and releases it.
      if (call === 'dynamodb:UpdateItem' && ++reads === 1) {
        const [key, epoch] = ['LOCK#api a\nLOCK', { N: '2' }];
        const item = { pk: { S: 'LOCK#api a' }, sk: { S: 'LOCK' }, epoch };
        account.table.reset(new Map([...account.table.items, [key, item]]));
      }
      return undefined;
    };
    await expect(acquireLock(late, lock, { ...one })).rejects.toMatchObject({
      name: 'Locked',
      message: expect.stringContaining('being changed by another execution'),
    });
    expect(lockItem(account)?.holder).toBeUndefined();
  });

  it('is not said to be released where it changed meanwhile', async () => {
    const account = open();
    await take(account);
    account.meet = (_, call) => {
      if (call === 'dynamodb:UpdateItem') {
        const item = { ...lockItem(account), epoch: { N: '9' } };
        account.table.reset(new Map([...account.table.items, ['LOCK#api a\nLOCK', item]]));
      }
      return undefined;
    };
    await expect(release(account, 'one')).rejects.toMatchObject({
      name: 'Contended',
      message: 'api a changed while it was released',
    });
  });

  it.each(['acquireLock', 'renewLock', 'releaseLock'] as const)(
    'says what the ledger said, where %s gets no answer',
    async name => {
      const account = open();
      await take(account);
      account.meet = (_, call) => (call === 'dynamodb:UpdateItem' ? 'denied' : undefined);
      const calls = {
        acquireLock: () => {
          account.now += lease;
          return take(account);
        },
        renewLock: () => renewLock(account.clients(), lock, 'one'),
        releaseLock: () => release(account, 'one'),
      };
      await expect(calls[name]()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    },
  );

  it('is not taken by an execution that another one goes on with', async () => {
    const account = open();
    await putFence(account.clients(), 'one', 'arn:finisher');
    await expect(take(account)).rejects.toMatchObject({ name: 'Refused' });
    expect((await heldBy(account, 'one')).size).toBe(0);
    expect(lockItem(account)).toBeUndefined();
  });

  it('is noted before it is taken, and until it is forgotten', async () => {
    const account = open();
    const clients = account.clients();
    const since = account.now;
    account.meet = (_, call) => (call === 'dynamodb:UpdateItem' ? 'denied' : undefined);
    await expect(take(account)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    const note = { epoch: 1, since, leaseUntil: since + lease };
    expect(await heldBy(account, 'one')).toEqual(new Map([[lock, note]]));
    account.meet = () => undefined;
    await take(account);
    await acquireLock(clients, 'name A', { ...one });
    expect([...(await heldBy(account, 'one')).keys()]).toEqual(['api a', 'name A']);
    await expect(take(account, two)).rejects.toThrow('by execution one');
    expect((await heldBy(account, 'two')).size).toBe(0);
    await forgetHeld(clients, ['name A'], 'one');
    expect([...(await heldBy(account, 'one')).keys()]).toEqual(['api a']);
    await forgetHeld(clients, ['api a'], 'one');
    expect((await heldBy(account, 'one')).size).toBe(0);
  });

  it('is renewed only when less of its lease is left than the longest function takes', async () => {
    const account = open();
    await take(account);
    const until = account.now + lease;
    account.now += lease - ample - 1;
    await take(account);
    expect(Number(lockItem(account)?.leaseUntil?.N)).toBe(until);
    account.now += 1;
    await take(account);
    expect(Number(lockItem(account)?.leaseUntil?.N)).toBe(account.now + lease);
    expect((await heldBy(account, 'one')).get(lock)).toEqual({
      epoch: 1,
      since: until - lease,
      leaseUntil: account.now + lease,
    });
  });

  it('is known by its holder’s note to be held, as long as enough of the lease is left', async () => {
    const account = open();
    await take(account);
    const held = (await heldBy(account, 'one')).get(lock);
    account.trace.length = 0;
    account.now += lease - ample;
    await renewLock(account.clients(), lock, 'one', { held });
    await renewLock(account.clients(), lock, 'one', { held, keepUntil: held?.leaseUntil ?? 0 });
    expect(account.trace).toEqual([]);
    account.now += 1;
    await renewLock(account.clients(), lock, 'one', { held });
    const renewed = { ...held, leaseUntil: account.now + lease };
    expect((await heldBy(account, 'one')).get(lock)).toEqual(renewed);
    expect(Number(lockItem(account)?.leaseUntil?.N)).toBe(account.now + lease);
    await renewLock(account.clients(), lock, 'one', {
      held: renewed as never,
      keepUntil: renewed.leaseUntil + 1,
    });
    expect(Number(lockItem(account)?.leaseUntil?.N)).toBe(renewed.leaseUntil + 1);
  });

  it('is released by its holder’s note without a look, and with one where the note is old', async () => {
    const account = open();
    const clients = account.clients();
    await take(account);
    const held = (await heldBy(account, 'one')).get(lock);
    account.now += 7000;
    account.trace.length = 0;
    expect(await releaseLock(clients, lock, 'one', held)).toBe(true);
    expect(account.trace.map(({ call }) => call)).toEqual(['dynamodb:UpdateItem']);
    expect(lockItem(account)).toMatchObject({
      epoch: { N: '2' },
      leaseUntil: { N: '0' },
      lastHold: { N: '7000' },
    });
    expect(await releaseLock(clients, lock, 'one', held)).toBe(false);
    expect(lockItem(account)).toMatchObject({
      epoch: { N: '3' },
      lastHold: { N: '7000' },
      heldSince: { N: '0' },
    });
    await take(account, two);
    expect(await releaseLock(clients, lock, 'one', held)).toBe(false);
    expect(lockItem(account)?.holder?.S).toBe('two');
    const theirs = (await heldBy(account, 'two')).get(lock);
    expect(await releaseLock(clients, lock, 'one', theirs)).toBe(false);
    expect(lockItem(account)?.holder?.S).toBe('two');
  });
});

describe('the line for a lock', () => {
  it('goes by the start of the executions, whoever asks first', async () => {
    const account = open();
    await take(account, started('holder', 0));
    await expect(take(account, three)).rejects.toThrow('0 more come first');
    await expect(take(account, two)).rejects.toThrow('0 more come first');
    await expect(take(account, three)).rejects.toThrow('1 more come first');
    await expect(take(account, one)).rejects.toThrow('0 more come first');
    await expect(take(account, three)).rejects.toThrow('2 more come first');
    await release(account, 'holder');
    await expect(take(account, three)).rejects.toMatchObject({ name: 'Locked' });
    await take(account, one);
    await release(account, 'one');
    await expect(take(account, three)).rejects.toThrow('1 more come first');
    await take(account, two);
    await release(account, 'two');
    await take(account, three);
  });

  it('goes by name among those that started at the same time', async () => {
    const account = open();
    await take(account, started('holder', 0));
    const [a, b] = [started('a', 1), started('b', 1)];
    await expect(take(account, b)).rejects.toThrow('0 more');
    await expect(take(account, a)).rejects.toThrow('0 more');
    await expect(take(account, b)).rejects.toThrow('1 more');
  });

  it('passes over one that has not looked again: it is dead', async () => {
    const account = open();
    await take(account, started('holder', 0));
    const until = lookAt(await take(account, one).catch(error => error)) + 60_000;
    await expect(take(account, two)).rejects.toMatchObject({ name: 'Locked' });
    await release(account, 'holder');
    account.now = until;
    await expect(take(account, two)).rejects.toThrow('1 more');
    account.now = until + 1;
    await take(account, two);
  });

  it('costs no call where nobody stands in it', async () => {
    const account = open();
    await take(account);
    expect(account.trace.map(({ call }) => call)).not.toContain('dynamodb:Query');
    expect(account.trace.map(({ call }) => call)).not.toContain('dynamodb:DeleteItem');
  });

  it('is left by whoever takes the lock, or gives it up', async () => {
    const account = open();
    const places = () => [...account.table.items.keys()].filter(key => key.includes('PLACE#'));
    await take(account, started('holder', 0));
    await take(account, one).catch(() => {});
    await take(account, two).catch(() => {});
    expect(places()).toEqual(['LOCK#api a\nPLACE#one', 'LOCK#api a\nPLACE#two']);
    await release(account, 'two');
    expect(places()).toEqual(['LOCK#api a\nPLACE#one']);
    await release(account, 'holder');
    await take(account, one);
    expect(places()).toEqual([]);
  });

  it('is looked at halfway to the turn, by how long the one before held the lock', async () => {
    const account = open();
    await take(account, started('before', 0));
    account.now += 40_000;
    await release(account, 'before');
    await take(account, started('holder', 0));
    const { now } = account;
    expect(lookAt(await take(account, one).catch(error => error))).toBe(now + 20_000);
    expect(lookAt(await take(account, two).catch(error => error))).toBe(now + 40_000);
    account.now += 36_000;
    expect(lookAt(await take(account, one).catch(error => error))).toBe(now + 36_000 + 3600);
    account.now += 3000;
    expect(lookAt(await take(account, one).catch(error => error))).toBe(now + 39_000 + 3900);
    account.now += 3600_000;
    await renewLock(account.clients(), lock, 'holder', {});
    expect(lookAt(await take(account, one).catch(error => error))).toBe(account.now + 300_000);
  });

  it('is looked at in five seconds where nobody held the lock before, and never within one', async () => {
    const account = open();
    await take(account, started('holder', 0));
    expect(lookAt(await take(account, one).catch(error => error))).toBe(account.now + 5000);
    account.now += 9000;
    expect(lookAt(await take(account, one).catch(error => error))).toBe(account.now + 1000);
  });

  it('is known to be awaited for as long as the one that waits longest', async () => {
    const account = open();
    await take(account, started('holder', 0));
    const late = lookAt(await take(account, one).catch(error => error)) + 60_000;
    expect(Number(lockItem(account)?.awaitedUntil?.N)).toBe(late);
    account.now += 5000;
    const second = lookAt(await take(account, two).catch(error => error)) + 60_000;
    expect(Number(lockItem(account)?.awaitedUntil?.N)).toBe(Math.max(late, second));
    const place = account.table.items.get('LOCK#api a\nPLACE#one');
    expect(JSON.parse(place?.document?.S ?? '')).toEqual({ since: '2026-01-01T00:01:00.000Z', until: late });
    expect(Math.round((Number(place?.expiresAt?.N) - account.now / 1000) / 86_400)).toBe(90);
  });
});

const planFor = (api: object, restApi: object = { change: 'CREATE', name: 'A' }) =>
  ({ input: { api }, restApi, executionName: 'one' }) as Plan;

describe('the locks of an execution', () => {
  it('are that of the name, then that of the API', () => {
    expect(locksOf(planFor({ name: 'A' }))).toEqual(['name A']);
    expect(locksOf(planFor({ name: 'A' }), 'api1')).toEqual(['name A', 'api api1']);
    expect(locksOf(planFor({ name: 'A' }, { change: 'KEEP', id: 'api1' }))).toEqual(['name A', 'api api1']);
    expect(locksOf(planFor({ id: 'api1' }, { change: 'KEEP', id: 'api1' }))).toEqual(['api api1']);
  });

  const runningWith = async (account: Account, outputs: object = {}) =>
    ({
      execution: one,
      plan: planFor({ name: 'A' }),
      outputs,
      made: new Map(),
      held: await heldBy(account, 'one'),
    }) as never;

  it('are all held on before a change, or the change is not made', async () => {
    const account = open();
    const clients = account.clients();
    await acquireLock(clients, 'name A', { ...one });
    account.now += lease - ample + 1;
    await holdLocks(clients, await runningWith(account));
    const item = account.table.items.get('LOCK#name A\nLOCK');
    expect(Number(item?.leaseUntil?.N)).toBe(account.now + lease);
    const made = { CreateRestApi: { restApiId: 'api1' } };
    await expect(holdLocks(clients, await runningWith(account, made))).rejects.toMatchObject({
      name: 'Contended',
    });
    await acquireLock(clients, 'api api1', { ...one });
    await holdLocks(clients, await runningWith(account, made), account.now + longestPause);
    const until = account.table.items.get('LOCK#api api1\nLOCK')?.leaseUntil?.N;
    expect(Number(until)).toBe(account.now + longestPause);
  });

  it('are taken again before a rollback, the name’s first, even after a lease that ended', async () => {
    const account = open();
    const clients = account.clients();
    await acquireLock(clients, 'name A', { ...one });
    await acquireLock(clients, 'api api1', { ...one });
    account.now += lease + 1;
    account.trace.length = 0;
    await retakeLocks(clients, await runningWith(account));
    const taken = account.trace.filter(({ call }) => call === 'dynamodb:UpdateItem').map(({ on }) => on);
    expect(taken).toEqual(['LOCK#name A LOCK', 'LOCK#api api1 LOCK']);
    const held = [...account.table.items.values()].flatMap(({ holder }) => holder?.S ?? []);
    expect(held).toEqual(['one', 'one']);
  });

  it('are not taken again by an execution that released them: it has ended', async () => {
    const account = open();
    await expect(retakeLocks(account.clients(), await runningWith(account))).rejects.toMatchObject({
      name: 'Refused',
      message: 'execution one has no lock any more: a late call',
    });
  });
});

const input = inputFor({ name: 'A' }, [route('/p')]);
const asked = (more: object) => ({ ...input, ...more });

describe('AcquireLock', () => {
  const held = ({ table }: Account) =>
    [...table.items].flatMap(([key, { holder }]) => (holder ? [`${key.split('\n')[0]} ${holder.S}`] : []));

  it('takes the locks and plans again; a second attempt finds the same plan', async () => {
    const account = openAccount();
    const course = await run(account, 'one', input, 'AcquireLock');
    expect(course.outputs.AcquireLock).toEqual({
      locks: ['name A'],
      changes: expect.arrayContaining(['CREATE REST API A', 'CREATE stage test']),
    });
    expect(held(account)).toEqual(['LOCK#name A one']);
    const { plan } = await loadExecution(account.clients(), 'one');
    const again = await runState(account, acquireLockStep, { ...course });
    expect(again).toEqual(course.outputs.AcquireLock);
    expect((await loadExecution(account.clients(), 'one')).plan).toEqual(plan);
    expect([...account.table.items.keys()].filter(key => key.includes('PLAN#LOCKED'))).toHaveLength(1);
  });

  it('takes the lock of an API that another execution made meanwhile, and plans on what it left', async () => {
    const account = openAccount();
    const course = await run(account, 'late', inputFor({ name: 'A' }, [route('/late')]), 'CreateRole');
    const first = await run(account, 'first', input);
    const id = first.outputs.CreateRestApi?.restApiId;
    const output = await runState(account, acquireLockStep, course);
    expect(output).toMatchObject({ locks: ['name A', `api ${id}`] });
    expect(held(account).sort()).toEqual([`LOCK#api ${id} late`, 'LOCK#name A late']);
    expect((await loadExecution(account.clients(), 'late')).plan?.restApi).toMatchObject({
      change: 'KEEP',
      id,
    });
  });

  it('refuses a plan that needs a role which was not made before the lock was held', async () => {
    const account = openAccount();
    await run(account, 'before', input);
    const late = await run(account, 'late', input, 'CreateRole');
    await run(account, 'between', inputFor({ name: 'A' }, [route('/p', 'ListSubscriptions')]));
    await expect(runState(account, acquireLockStep, late)).rejects.toMatchObject({
      name: 'Refused',
      message: 'GET /p was changed while this execution waited for its turn; start it again',
    });
  });

  it('refuses another plan than the one that was approved', async () => {
    const account = openAccount();
    const late = await run(account, 'late', asked({ approval: true }), 'CreateRole');
    const free = await run(account, 'free', inputFor({ name: 'A' }, [route('/q')]), 'CreateRole');
    await run(account, 'between', inputFor({ name: 'A' }, [route('/x')]));
    await expect(runState(account, acquireLockStep, late)).rejects.toMatchObject({
      name: 'Refused',
      message: expect.stringContaining('what exists has changed since the plan was approved'),
    });
    // Without an approval it is simply planned anew.
    await runState(account, acquireLockStep.rollback ?? acquireLockStep, late);
    await runState(account, acquireLockStep, free);
  });

  it('does what was approved where nothing has changed', async () => {
    const account = openAccount();
    const course = await run(account, 'one', asked({ approval: true }));
    expect(course.failure).toBeUndefined();
  });

  it('notes that a removal has begun, and only a removal', async () => {
    const account = openAccount();
    await run(account, 'one', input);
    const removal = { ...inputFor({ name: 'A' }, [route('/p')]), operation: 'remove' };
    await run(account, 'removal', removal, 'AcquireLockToRemove');
    const { made } = await loadExecution(account.clients(), 'removal');
    expect([...made.keys()]).toEqual(['removal A']);
    const provision = await run(openAccount(), 'two', input, 'AcquireLock');
    expect(provision.failure).toBeUndefined();
  });

  it('releases every lock on the way back, and says which', async () => {
    const account = openAccount();
    const course: Course = await run(account, 'one', input, 'CreateRestApi');
    const id = course.outputs.CreateRestApi?.restApiId;
    const { rollback } = acquireLockStep;
    if (!rollback) throw new Error('AcquireLock has no rollback');
    expect(await runState(account, rollback, course)).toEqual({
      rolledBack: [`lock of api ${id}`, 'lock of name A'],
    });
    expect(held(account)).toEqual([]);
    expect((await heldBy(account, 'one')).size).toBe(0);
    expect(await runState(account, rollback, course)).toEqual({ rolledBack: [] });
  });
});
