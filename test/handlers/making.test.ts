// Makes a thing once: whatever answers get lost, and however far reads lag behind.
import { describe, expect, it } from 'vitest';
import type { Made } from '../../core/execution.ts';
import { loadExecution } from '../../handlers/ledger.ts';
import { checkSettled, makeIntended, makeOnce } from '../../handlers/making.ts';
import { type Account, openAccount } from './account.ts';
import { identityOf } from './course.ts';

const thing = 'resource /p';
const one = identityOf('one');

function open(): Account {
  const account = openAccount();
  account.isInstant = true;
  return account;
}

const intended = (at: number): Made => new Map([[thing, { state: 'INTENDED', at }]]);
const madeBy = async (account: Account) => (await loadExecution(account.clients(), 'one')).made;
const failing = (name: string, status?: number) => async () => {
  throw Object.assign(new Error('no'), { name, $metadata: status ? { httpStatusCode: status } : {} });
};
const never = (): Promise<string | undefined> => Promise.reject(new Error('must not be called'));

describe('checkSettled', () => {
  it('waits half a minute for what was to be made, and for nothing else', () => {
    const account = open();
    const clients = account.clients();
    const made = intended(account.now);
    expect(() => checkSettled(clients, new Map(), thing)).not.toThrow();
    account.now += 29_999;
    expect(() => checkSettled(clients, made, thing)).toThrow(
      'resource /p was to be made just now and may still appear',
    );
    expect(() => checkSettled(clients, made, thing)).toThrow(
      expect.objectContaining({ name: 'NotStabilized' }),
    );
    account.now += 1;
    expect(() => checkSettled(clients, made, thing)).not.toThrow();
  });
});

describe('makeIntended', () => {
  const make = (account: Account, made: Made, work: () => Promise<unknown>) =>
    makeIntended(account.clients(), one, made, thing, work);

  it('puts the intent on record before it does anything', async () => {
    const account = open();
    const seen = await make(account, new Map(), () => madeBy(account));
    expect(seen).toEqual(intended(account.now));
  });

  it('takes the intent back where AWS refuses the first attempt', async () => {
    const account = open();
    await expect(make(account, new Map(), failing('AccessDenied', 403))).rejects.toThrow('no');
    expect((await madeBy(account)).size).toBe(0);
  });

  it('keeps it where the answer is lost, or an earlier attempt may have made it', async () => {
    const account = open();
    await expect(make(account, new Map(), failing('TimeoutError'))).rejects.toThrow('no');
    expect((await madeBy(account)).size).toBe(1);
    await expect(make(account, intended(0), failing('AccessDenied', 403))).rejects.toThrow('no');
    expect((await madeBy(account)).size).toBe(1);
  });
});

describe('makeOnce', () => {
  const once = (account: Account, made: Made, find: () => Promise<string | undefined>, make = never) =>
    makeOnce(account.clients(), one, made, { thing, find, make });

  it('makes what is not known, without a look, and records its id', async () => {
    const account = open();
    expect(await once(account, new Map(), never, async () => 'r1')).toBe('r1');
    expect((await madeBy(account)).get(thing)).toEqual({ state: 'MADE', id: 'r1', at: account.now });
    expect(await once(account, new Map(), never, async () => undefined)).toBe('');
  });

  it('makes nothing that is made', async () => {
    const account = open();
    const made: Made = new Map([[thing, { state: 'MADE', id: 'r1', at: 0 }]]);
    expect(await once(account, made, never)).toBe('r1');
    expect(await once(account, new Map([[thing, { state: 'MADE', at: 0 }]]), never)).toBe('');
  });

  it('finds what an earlier attempt made, whose answer was lost', async () => {
    const account = open();
    expect(await once(account, intended(account.now), async () => 'r1')).toBe('r1');
    expect((await madeBy(account)).get(thing)).toMatchObject({ state: 'MADE', id: 'r1' });
  });

  it('waits before it makes again what an earlier attempt set out to make and is not there', async () => {
    const account = open();
    const made = intended(account.now);
    const find = async () => undefined;
    await expect(once(account, made, find)).rejects.toMatchObject({ name: 'NotStabilized' });
    account.now += 30_000;
    expect(await once(account, made, find, async () => 'r2')).toBe('r2');
  });
});
