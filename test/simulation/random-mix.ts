// One seeded schedule: executions that overlap on two APIs, with duplicates, removals and faults, and what must hold at the end.
import type { CallTrace } from './clients.ts';
import { contentOf } from './content.ts';
import { type FaultKind, faultKinds } from './faults.ts';
import { inputFor, route } from './inputs.ts';
import { always, serves } from './invariants.ts';
import { pick, type Random, randomFrom } from './random.ts';
import { watch } from './watch.ts';
import { type Ended, openWorld, type World } from './world.ts';

export interface MixOptions {
  readonly seed: number;
  readonly executions?: number;
  /** How likely each call is to meet a passing fault. */
  readonly faultRate: number;
  readonly kinds?: readonly FaultKind[];
}

export interface MixOutcome {
  readonly violations: readonly string[];
  readonly ended: readonly Ended[];
  readonly trace: readonly CallTrace[];
}

/** Faults that pass by themselves. */
export const transient: readonly FaultKind[] = faultKinds.filter(
  kind => !['denied', 'quota', 'lateDuplicate', 'stale', 'throttleForLong'].includes(kind),
);

const paths = ['/a', '/a/b', '/a/c', '/d'];
const actions = ['ListTopics', 'ListSubscriptions'];

function randomInput(random: Random): object {
  const api = { name: pick(random, ['A', 'B']) };
  const count = 1 + Math.floor(random() * 2);
  const chosen = new Set(Array.from({ length: count }, () => pick(random, paths)));
  const routes = [...chosen].map(path => route(path, pick(random, actions)));
  const operation = random() < 0.25 ? 'remove' : 'provision';
  return { ...inputFor(api, routes), operation };
}

/** Each starts at its own time, within two minutes; some are asked for twice. */
async function runMix(world: World, random: Random, executions: number): Promise<Ended[]> {
  const running: Promise<Ended>[] = [];
  for (let index = 0; index < executions; index++) {
    const input = randomInput(random);
    const startsAfter = Math.floor(random() * 120_000);
    const isTwice = random() < 0.1;
    for (const name of isTwice ? [`e${index}`, `e${index}twin`] : [`e${index}`])
      running.push(world.aws.clock.sleep(startsAfter).then(() => world.run(name, input)));
  }
  return Promise.all(running);
}

/** A route that an execution left serving, and that none has touched since, serves. */
async function stillServed(world: World, ended: readonly Ended[]): Promise<string[]> {
  const last = ended.toSorted((one, other) => one.endedAt - other.endedAt).at(-1);
  return last ? serves(world, last.result) : [];
}

export async function runSeed({
  seed,
  executions = 4,
  faultRate,
  kinds = transient,
}: MixOptions): Promise<MixOutcome> {
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
  const ended = await runMix(world, random, executions);
  await world.settle();
  world.setFaults([]);
  const expected = { before, after: contentOf(world.save()), isForeign: () => false };
  violations.push(...always(world, ended, expected), ...(await stillServed(world, ended)));
  return { violations: [...new Set(violations)], ended, trace: world.trace };
}
