// The lock of an API: one holder at a time, for as long as its lease, and never again for one that comes late.
import { describe, expect, it } from 'vitest';
import { acquireLock, releaseLock } from '../../handlers/ledger.ts';
import { openAccount } from './account.ts';
import { identityOf } from './course.ts';

describe('a lock', () => {
  it('is held by one execution at a time', async () => {
    const account = openAccount();
    const clients = account.clients();
    await acquireLock(clients, 'api a', identityOf('one'));
    await expect(acquireLock(clients, 'api a', identityOf('other'))).rejects.toThrow(
      'api a is being changed by execution one',
    );
    expect(await releaseLock(clients, 'api a', 'one')).toBe(true);
    await acquireLock(clients, 'api a', identityOf('other'));
  });
});
