// Executions that wait for a lock: first come, first served, and nobody waits for the dead.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { embeddedSettings, openEmbedded } from '../../cli/embedded.ts';
import type { Clients } from '../../core/step.ts';
import { makeClients } from '../../handlers/clients.ts';
import { acquireLock, releaseLock } from '../../handlers/ledger.ts';
import { virtualClock } from '../../local/clock.ts';
import type { EmbeddedAws } from '../../local/embedded.ts';
import { ledgerTable } from '../simulation/ledger-table.ts';

const startOfTime = Date.UTC(2026, 0, 1);
let now = startOfTime;
let aws: EmbeddedAws;
let clients: Clients;

beforeEach(async () => {
  now = startOfTime;
  aws = await openEmbedded({ clock: virtualClock(), services: { dynamodb: ledgerTable().service } });
  const { region, credentials, requestHandler } = aws;
  const endpoint = 'http://embedded.localhost';
  clients = makeClients(embeddedSettings, { region, credentials, requestHandler, endpoint, now: () => now });
});
afterEach(() => aws.close());

/** Number 0 was started first. */
const execution = (index: number) => ({
  arn: `arn:e${index}`,
  name: `e${index}`,
  startedAt: new Date(startOfTime + index).toISOString(),
});

/** Seconds until it looks again; undefined once it holds the lock. */
async function look(index: number): Promise<number | undefined> {
  try {
    await acquireLock(clients, 'api a', execution(index));
    return undefined;
  } catch (error) {
    const at = /looks again at (\S+)$/.exec(String(error))?.[1];
    return (Date.parse(at ?? '') - now) / 1000;
  }
}

const pass = (seconds: number) => {
  now += seconds * 1000;
};
const release = (index: number) => releaseLock(clients, 'api a', `e${index}`);

describe('the line for a lock', () => {
  it('lets go first who started first, whoever looks first', async () => {
    await look(0);
    await look(2);
    await look(1);
    pass(5);
    await release(0);
    expect(await look(2)).toBeGreaterThan(0);
    expect(await look(3)).toBeGreaterThan(0);
    expect(await look(1)).toBeUndefined();
  });

  it('costs thirty that wait few looks each, and the lock is hardly ever free', async () => {
    const holdFor = 20;
    const count = 30;
    const looks: number[] = Array(count).fill(0);
    const due = Array.from({ length: count }, (_, index) => ({ index, at: now }));
    let idle = 0;
    let freeSince: number | undefined = now;
    while (due.length > 0) {
      due.sort((one, other) => one.at - other.at);
      const next = due.shift() ?? { index: 0, at: 0 };
      now = Math.max(now, next.at);
      if (next.index < 0) {
        await release(-1 - next.index);
        freeSince = now;
        continue;
      }
      looks[next.index] = (looks[next.index] ?? 0) + 1;
      const wait = await look(next.index);
      if (wait !== undefined) due.push({ index: next.index, at: now + wait * 1000 });
      else {
        idle += now - (freeSince ?? now);
        due.push({ index: -1 - next.index, at: now + holdFor * 1000 });
      }
    }
    expect(Math.max(...looks)).toBeLessThan(30);
    expect(idle / 1000).toBeLessThan(0.1 * count * holdFor);
  });

  it('looks ever less often where the holder takes long', async () => {
    await look(0);
    const waits: number[] = [];
    for (let at = 0; at < 600; at += waits.at(-1) ?? 1) {
      waits.push((await look(1)) ?? 0);
      pass(waits.at(-1) ?? 1);
    }
    expect(waits.length).toBeLessThan(60);
    expect(waits.at(-1)).toBeGreaterThan(30);
  });

  it('passes over who has died waiting, and over a dead holder', async () => {
    await look(0);
    await look(1);
    await look(2);
    pass(16 * 60); // the lease of 0 has ended, and 1 never looked again
    expect(await look(2)).toBeUndefined();
  });

  it('forgets the place of who gives up', async () => {
    await look(0);
    await look(1);
    await release(1);
    await release(0);
    expect(await look(2)).toBeUndefined();
  });
});
