// One seeded schedule: executions that overlap on two APIs, with duplicates, removals and faults, and what must hold at the end.
import type { CallTrace } from './clients.ts';
import { contentOf } from './content.ts';
import { type FaultKind, faultKinds } from './faults.ts';
import { inputFor, route, withCors } from './inputs.ts';
import { always, serves } from './invariants.ts';
import { pick, type Random, randomFrom } from './random.ts';
import { watch } from './watch.ts';
import { type Ended, openWorld, type World } from './world.ts';

export interface MixOptions {
  readonly seed: number;
  /** At most: seeds with fewer find the simpler faults sooner. */
  readonly executions?: number;
  /** How likely an execution is stopped at some moment, and left to the watchdog. */
  readonly stopRate?: number;
  /** How likely each call is to meet a passing fault. */
  readonly faultRate: number;
  readonly kinds?: readonly FaultKind[];
}

export interface MixOutcome {
  readonly violations: readonly string[];
  readonly ended: readonly Ended[];
  /** From each stop to the end of its rollback, in virtual milliseconds. */
  readonly recoveries: readonly number[];
  readonly trace: readonly CallTrace[];
}

/** Faults that pass by themselves. */
export const transient: readonly FaultKind[] = faultKinds.filter(
  kind => !['denied', 'quota', 'lateDuplicate', 'stale', 'throttleForLong'].includes(kind),
);

const paths = ['/a', '/a/b', '/a/c', '/d'];
const origins = ['https://a.example', 'https://b.example'];
const actions = ['ListTopics', 'ListSubscriptions'];

function randomInput(random: Random): object {
  const api = { name: pick(random, ['A', 'B']) };
  const count = 1 + Math.floor(random() * 2);
  const chosen = new Set(Array.from({ length: count }, () => pick(random, paths)));
  const routes = [...chosen].map(path => {
    const one = route(path, pick(random, actions));
    return random() < 0.3 ? withCors(one, pick(random, origins)) : one;
  });
  const operation = random() < 0.25 ? 'remove' : 'provision';
  return { ...inputFor(api, routes), operation };
}

/** Each starts at its own time, within two minutes; some are asked for twice. */
async function runMix(
  world: World,
  random: Random,
  { executions = 4, stopRate = 0 }: MixOptions,
): Promise<Ended[]> {
  const running: Promise<Ended>[] = [];
  const count = 1 + Math.floor(random() * executions);
  for (let index = 0; index < count; index++) {
    const input = randomInput(random);
    const startsAfter = Math.floor(random() * 120_000);
    const isTwice = random() < 0.1;
    for (const name of isTwice ? [`e${index}`, `e${index}twin`] : [`e${index}`])
      running.push(world.aws.clock.sleep(startsAfter).then(() => world.run(name, input)));
    if (random() < stopRate) {
      const stopsAfter = startsAfter + Math.floor(random() * 30_000);
      void world.aws.clock.sleep(stopsAfter).then(() => world.stop(`e${index}`));
    }
  }
  return Promise.all(running);
}

/**
 * A route that an execution left serving, and that none has touched since, serves. The last is who recorded its outcome
 * last: its end may come after the next one's, where the answer to the release of its lock was lost.
 */
async function stillServed(world: World, ended: readonly Ended[]): Promise<string[]> {
  const recording = world.trace.findLast(call => call.in === 'RecordOutcome');
  const last = ended.find(({ name }) => name === recording?.execution);
  return last ? serves(world, last.result) : [];
}

/** Ended from outside, so that nothing in it could roll back. */
const isStopped = ({ result }: Ended) => result.status !== 'SUCCEEDED' && result.error === 'ABORTED';

async function recovered(world: World, stopped: readonly Ended[], violations: string[]): Promise<number[]> {
  const recoveries: number[] = [];
  for (const { name, endedAt } of stopped) {
    const finished = await world.finished(name);
    if (finished?.status !== 'SUCCEEDED')
      violations.push(`(i) ${name} was stopped, and its rollback ${finished?.status ?? 'was not started'}`);
    recoveries.push((finished?.endedAt ?? Number.POSITIVE_INFINITY) - endedAt);
  }
  return recoveries;
}

export async function runSeed(options: MixOptions): Promise<MixOutcome> {
  const { seed, faultRate, kinds = transient } = options;
  const random = randomFrom(seed);
  const world = await openWorld({
    seed,
    delays: { role: Math.floor(random() * 10_000), dataPlane: Math.floor(random() * 8_000) },
  });
  const violations: string[] = [];
  watch(world, [], violations);
  const before = contentOf(world.save());
  const chance = randomFrom(seed + 1);
  world.setMeet(() => (chance() < faultRate ? pick(chance, kinds) : undefined));
  const ended = await runMix(world, random, options);
  await world.settle();
  world.setFaults([]);
  const expected = { before, after: contentOf(world.save()), isForeign: () => false };
  const stopped = ended.filter(isStopped);
  const recoveries = await recovered(world, stopped, violations);
  const others = ended.filter(one => !stopped.includes(one));
  violations.push(...always(world, others, expected));
  // What was rolled back later may have served what ended before.
  if (stopped.length === 0) violations.push(...(await stillServed(world, ended)));
  return { violations: [...new Set(violations)], ended, recoveries, trace: world.trace };
}
