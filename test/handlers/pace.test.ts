// The account's queues, and work done in turns: nobody before its time, everybody in the order in which they asked.
import { describe, expect, it } from 'vitest';
import type { Execution } from '../../core/execution.ts';
import { reserveCalls, reserveDeployment, reserveRestApi } from '../../handlers/ledger.ts';
import { awaitTurn, inTurns } from '../../handlers/turns.ts';
import { type Account, openAccount } from './account.ts';
import { identityOf } from './course.ts';

/** With rates; calls take no time, so that what is reserved is counted from the same moment. */
function paced(): Account {
  const account = openAccount();
  account.settings = { ...account.settings, deploymentIntervalSeconds: 5 };
  account.isInstant = true;
  return account;
}

const attemptOf = (attempt: number, name = 'one') => ({ execution: identityOf(name), attempt }) as Execution;

describe('a place in a queue', () => {
  it('for a deployment comes five seconds after the one before, and at once where nobody waits', async () => {
    const account = paced();
    const { now } = account;
    const clients = account.clients();
    expect(await reserveDeployment(clients)).toBe(now);
    expect(await reserveDeployment(clients)).toBe(now + 5000);
    expect(await reserveDeployment(clients)).toBe(now + 10_000);
    account.now += 15_000;
    expect(await reserveDeployment(clients)).toBe(now + 15_000);
    account.now += 60_000;
    expect(await reserveDeployment(clients)).toBe(now + 75_000);
  });

  it('for an API comes three seconds after the one before, in a queue of its own', async () => {
    const account = paced();
    const { now } = account;
    const clients = account.clients();
    expect(await reserveDeployment(clients)).toBe(now);
    expect(await reserveRestApi(clients)).toBe(now);
    expect(await reserveRestApi(clients)).toBe(now + 3000);
    expect(await reserveCalls(clients, 10, false)).toBe(now);
    expect(await reserveRestApi(clients)).toBe(now + 6000);
  });

  it('for calls comes a tenth of a second for each call before, half of what API Gateway takes at once early', async () => {
    const account = paced();
    const { now } = account;
    const clients = account.clients();
    expect(await reserveCalls(clients, 30, false)).toBe(now);
    expect(await reserveCalls(clients, 7, false)).toBe(now + 3000);
    expect(await reserveCalls(clients, 1, true)).toBe(now + 3700 - 2000);
  });

  it('is now where no rates hold, and takes nobody’s place', async () => {
    const account = openAccount();
    const clients = account.clients();
    for (let times = 0; times < 2; times++) {
      expect(await reserveDeployment(clients)).toBe(account.now);
      expect(await reserveRestApi(clients)).toBe(account.now);
      expect(await reserveCalls(clients, 100, false)).toBe(account.now);
    }
    expect(account.table.items.size).toBe(0);
  });

  it('that two ask for at once goes to one of them; the other has the next', async () => {
    const account = paced();
    const { now } = account;
    const clients = account.clients();
    await reserveDeployment(clients);
    const places = await Promise.all([1, 2, 3].map(() => reserveDeployment(clients)));
    expect(places.sort()).toEqual([now + 5000, now + 10_000, now + 15_000]);
  });

  it('is found when the queue empties between two looks', async () => {
    const account = paced();
    const clients = account.clients();
    await reserveDeployment(clients);
    let calls = 0;
    account.meet = () => {
      // Between the first look, which finds the queue full, and the second.
      if (++calls === 2) account.table.reset(new Map());
      return undefined;
    };
    expect(await reserveDeployment(clients)).toBe(account.now);
  });

  it('that is lost to others every time is asked for again', async () => {
    const account = paced();
    const clients = account.clients();
    await reserveDeployment(clients);
    const full = new Map(account.table.items);
    let calls = 0;
    account.meet = () => {
      account.table.reset(++calls === 2 ? new Map() : full);
      return undefined;
    };
    await expect(reserveDeployment(clients)).rejects.toMatchObject({
      name: 'Contended',
      message: 'another execution took the place in the queue',
    });
  });

  it('is not reserved where the ledger does not answer', async () => {
    const account = paced();
    account.meet = () => 'denied';
    await expect(reserveDeployment(account.clients())).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });
});

describe('inTurns', () => {
  const items = Array.from({ length: 50 }, (_, index) => index);
  const work = (done: number[]) => async (item: number) => {
    done.push(item);
    return { item };
  };

  it('works on everything at once where no rates hold', async () => {
    const account = openAccount();
    const done: number[] = [];
    const results = await inTurns(account.clients(), attemptOf(0), {
      state: 'PutMethod',
      items,
      calls: () => 3,
      work: work(done),
    });
    expect(done).toEqual(items);
    expect(results).toEqual(items.map(item => ({ item })));
    expect(account.table.items.size).toBe(0);
  });

  it('stops where its turn has not come, and goes on there when it has', async () => {
    const account = paced();
    const done: number[] = [];
    const turns = { state: 'PutMethod', items, calls: () => 4, work: work(done) } as const;
    // Five items of four calls each are a turn; the first two turns are within the head start.
    await expect(inTurns(account.clients(), attemptOf(0), turns)).rejects.toMatchObject({
      name: 'Paced',
      message: `10 of 50 done; its next turn is at ${new Date(account.now + 2000).toISOString()}`,
    });
    expect(done).toEqual(items.slice(0, 10));
    await expect(inTurns(account.clients(), attemptOf(1), turns)).rejects.toMatchObject({ name: 'Paced' });
    expect(done).toHaveLength(10);
    account.now += 2000;
    await expect(inTurns(account.clients(), attemptOf(2), turns)).rejects.toThrow('15 of 50 done');
    for (let attempt = 3; done.length < 50; attempt++) {
      account.now += 2000;
      await inTurns(account.clients(), attemptOf(attempt), turns).then(
        results => expect(results).toEqual(items.map(item => ({ item }))),
        error => expect(error.name).toBe('Paced'),
      );
    }
    expect(done).toEqual(items);
  });

  it('has a turn of so many at most, and not before its time', async () => {
    const account = paced();
    const done: number[] = [];
    const turns = { state: 'CreateResource', items, calls: () => 2, most: 5, work: work(done) } as const;
    await expect(inTurns(account.clients(), attemptOf(0), turns)).rejects.toThrow(
      `5 of 50 done; its next turn is at ${new Date(account.now + 1000).toISOString()}`,
    );
    account.now += 1000;
    await expect(inTurns(account.clients(), attemptOf(1), turns)).rejects.toThrow('10 of 50 done');
  });

  it('takes an item that is more than a turn by itself', async () => {
    const account = paced();
    const done: number[] = [];
    const turns = { state: 'PutMethod', items: [1, 2], calls: () => 21, work: work(done) } as const;
    await expect(inTurns(account.clients(), attemptOf(0), turns)).rejects.toThrow('1 of 2 done');
    account.now += 2100;
    expect(await inTurns(account.clients(), attemptOf(1), turns)).toHaveLength(2);
  });

  it('fills a turn to the last call', async () => {
    const account = paced();
    const done: number[] = [];
    const turns = { state: 'PutMethod', items, calls: () => 20, work: work(done) } as const;
    await expect(inTurns(account.clients(), attemptOf(0), turns)).rejects.toThrow('2 of 50 done');
  });

  it('goes on after the item that failed last time, with what the others came to', async () => {
    const account = openAccount();
    const done: number[] = [];
    let isBroken = true;
    const turns = {
      state: 'PutMethod',
      items: [1, 2, 3],
      calls: () => 1,
      work: async (item: number) => {
        if (item === 2 && isBroken) throw new Error('broken');
        done.push(item);
        return item;
      },
    } as const;
    await expect(inTurns(account.clients(), attemptOf(0), turns)).rejects.toThrow('broken');
    isBroken = false;
    expect(await inTurns(account.clients(), attemptOf(1), turns)).toEqual([1, 2, 3]);
    expect(done).toEqual([1, 2, 3]);
    // The first attempt of another execution starts anew.
    expect(await inTurns(account.clients(), attemptOf(0), turns)).toEqual([1, 2, 3]);
    expect(done).toHaveLength(6);
  });

  it('keeps its notes by execution and state, for 90 days', async () => {
    const account = openAccount();
    const broken = async () => {
      throw new Error('broken');
    };
    const turns = { state: 'PutMethod', items: [1], calls: () => 1, work: broken } as const;
    await expect(inTurns(account.clients(), attemptOf(0), turns)).rejects.toThrow('broken');
    const [[key, item]] = [...account.table.items] as [[string, Record<string, { N?: string }>]];
    expect(key).toBe('EXECUTION#one\nPROGRESS#PutMethod');
    const days = (Number(item.expiresAt?.N) - account.now / 1000) / 86_400;
    expect(Math.round(days)).toBe(90);
  });
});

describe('awaitTurn', () => {
  it('lets an execution go on once its place has come, which it reserves once', async () => {
    const account = paced();
    const { now } = account;
    let reserved = 0;
    const reserve = async () => {
      reserved += 1;
      return now + 4000;
    };
    const wait = (attempt: number) =>
      awaitTurn(account.clients(), attemptOf(attempt), 'AcquireLock', reserve);
    await expect(wait(0)).rejects.toMatchObject({
      name: 'Paced',
      message: `its next turn is at ${new Date(now + 4000).toISOString()}`,
    });
    const [note] = [...account.table.items.values()];
    expect(JSON.parse(note?.document?.S ?? '')).toEqual({ done: 0, results: [], turnAt: now + 4000 });
    account.trace.length = 0;
    await expect(wait(1)).rejects.toMatchObject({ name: 'Paced' });
    expect(account.trace.map(({ call }) => call)).toEqual(['dynamodb:GetItem']);
    account.now += 4000;
    await wait(2);
    expect(reserved).toBe(1);
    // A first attempt looks for no note of an earlier one.
    account.trace.length = 0;
    await wait(0);
    expect([reserved, account.trace]).toEqual([2, []]);
  });

  it('keeps no note where the place is now', async () => {
    const account = openAccount();
    await awaitTurn(account.clients(), attemptOf(0), 'AcquireLock', async () => account.now);
    expect(account.table.items.size).toBe(0);
  });
});
