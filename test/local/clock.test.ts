// The virtual clock: when it jumps, and what holds it back.
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../local/clock.ts';

function keepBusy(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await turn();
}

describe('a virtual clock', () => {
  it('jumps to what is due next once nothing is under way', async () => {
    const clock = virtualClock(0);
    await clock.sleep(3_600_000);
    expect(clock.now()).toBe(3_600_000);
  });

  it('waits for what is under way, however long a busy machine takes over it', async () => {
    const clock = virtualClock(0);
    const release = clock.hold(50);
    const slept = clock.sleep(1000);
    await turns(2);
    keepBusy(100);
    await turns(20);
    expect(clock.now()).toBe(0);
    release();
    await slept;
    expect(clock.now()).toBe(1000);
  });

  it('jumps when what is under way waits for the clock itself', async () => {
    const clock = virtualClock(0);
    clock.hold(5);
    await clock.sleep(1000);
    expect(clock.now()).toBe(1000);
  });

  it('is held by each thing on its own: one that hangs does not cut another short', async () => {
    const clock = virtualClock(0);
    clock.hold(5);
    const release = clock.hold(1000);
    const slept = clock.sleep(1000);
    await new Promise(resolve => setTimeout(resolve, 40));
    expect(clock.now()).toBe(0);
    release();
    await slept;
  });
});
