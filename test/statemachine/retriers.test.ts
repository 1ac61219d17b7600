// What is tried again, how soon and how often: errors that pass by themselves, and nothing else.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ErrorName } from '../../core/errors.ts';
import {
  askingRetriers,
  catchers,
  forwardRetriers,
  planningRetriers,
  rollbackRetriers,
} from '../../statemachine/retriers.ts';

interface State {
  readonly Type: string;
  readonly Retry?: object;
}

const { States: states } = JSON.parse(
  readFileSync(new URL('../../statemachine/service-proxy.asl.json', import.meta.url), 'utf8'),
) as { States: Record<string, State> };

const retrierOf = (error: string, retriers = forwardRetriers) =>
  retriers.find(({ ErrorEquals }) => ErrorEquals.includes(error));

/** Seconds until it is given up, without jitter. */
function patience(error: string, retriers = forwardRetriers): number {
  const found = retrierOf(error, retriers);
  if (!found) return 0;
  const { IntervalSeconds, BackoffRate, MaxAttempts, MaxDelaySeconds = Number.POSITIVE_INFINITY } = found;
  const waits = Array.from({ length: MaxAttempts }, (_, index) =>
    Math.min(MaxDelaySeconds, IntervalSeconds * BackoffRate ** index),
  );
  return waits.reduce((sum, wait) => sum + wait, 0);
}

const passing: readonly ErrorName[] = [
  'Throttled',
  'ThrottledLong',
  'Contended',
  'Locked',
  'Paced',
  'Unavailable',
  'NotStabilized',
];
const final: readonly ErrorName[] = ['InvalidInput', 'Refused', 'NotOwned', 'TestFailed'];

describe('the retriers', () => {
  it('are those of the committed definition, forward and rolling back', () => {
    expect(states.CreateRole?.Retry).toEqual(forwardRetriers);
    expect(states.PlanChanges?.Retry).toEqual(planningRetriers);
    expect(states.DeleteRole?.Retry).toEqual(rollbackRetriers);
    expect(states.TakeInventory?.Retry).toEqual(rollbackRetriers);
    expect(states.RequestApproval?.Retry).toEqual(askingRetriers);
  });

  it('try again what passes, and never what is final', () => {
    for (const error of passing) expect([error, patience(error) > 20]).toEqual([error, true]);
    for (const error of [...final, 'States.ALL', 'TypeError'])
      expect([error, retrierOf(error)]).toEqual([error, undefined]);
    const all = forwardRetriers.flatMap(({ ErrorEquals }) => ErrorEquals);
    expect(all).toEqual([...new Set(all)]);
  });

  it('have more patience rolling back than going forward, except in line', () => {
    for (const error of passing) {
      const [forward, back] = [patience(error), patience(error, rollbackRetriers)];
      const isInLine = error === 'Locked' || error === 'Paced';
      expect([error, isInLine ? back === forward : back > 1.5 * forward]).toEqual([error, true]);
    }
  });

  it('give up contention within two minutes, and outlast a new role and a late call', () => {
    expect(patience('Contended')).toBeLessThanOrEqual(120);
    expect(patience('Contended', rollbackRetriers)).toBeLessThanOrEqual(300);
    expect(patience('NotStabilized')).toBeGreaterThan(60);
    expect(patience('NotStabilized', rollbackRetriers)).toBeGreaterThan(200);
  });

  it('ask again after an invocation that never answered, unless a person was to answer', () => {
    for (const error of ['Sandbox.Timedout', 'States.Timeout', 'Lambda.Unknown', 'Runtime.ExitError']) {
      expect(retrierOf(error)?.MaxAttempts).toBe(2);
      expect(retrierOf(error, askingRetriers)).toBeUndefined();
    }
    expect(retrierOf('Throttled', askingRetriers)).toEqual(retrierOf('Throttled'));
  });
});

describe('a catcher', () => {
  it('catches everything, and goes on with a note of what happened', () => {
    expect(catchers('DeleteRole', 'noted')).toEqual([
      { ErrorEquals: ['States.ALL'], Output: 'noted', Next: 'DeleteRole' },
    ]);
  });
});
