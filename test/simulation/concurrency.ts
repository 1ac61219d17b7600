// Executions that start at the same moment and overlap in every way that matters.
import type { CallTrace } from './clients.ts';
import { contentOf } from './content.ts';
import { inputFor, route } from './inputs.ts';
import { always, serves } from './invariants.ts';
import { pick, randomFrom } from './random.ts';
import { transient } from './random-mix.ts';
import { watch } from './watch.ts';
import { type Ended, openWorld } from './world.ts';

const shared = { name: 'A' };

/** What execution number `index` asks for. */
const shapes = {
  'same method': () => inputFor(shared, [route('/p')]),
  'same new parent': (index: number) => inputFor(shared, [route(`/p/r${index % 50}`)]),
  siblings: (index: number) => inputFor(shared, [route(`/r${index % 50}`)]),
  'parent and child': (index: number) => inputFor(shared, [route(index % 2 === 0 ? '/p' : '/p/child')]),
  'different APIs': (index: number) => inputFor({ name: `A${index}` }, [route('/p')]),
  'same new API name': (index: number) => inputFor({ name: 'new' }, [route(`/r${index % 5}`)]),
} as const;

export type Shape = keyof typeof shapes;
export const shapeNames = Object.keys(shapes) as readonly Shape[];
export const sizes = [2, 5, 10, 50, 200] as const;

export interface ConcurrencyOutcome {
  readonly violations: readonly string[];
  readonly ended: readonly Ended[];
  readonly trace: readonly CallTrace[];
}

/** A world in which each call meets a passing fault at this rate, with what was there and what does not hold meanwhile. */
export async function openFaulty(faultRate: number, seed: number) {
  const world = await openWorld({ seed, delays: { role: 3000, dataPlane: 2000 } });
  const violations: string[] = [];
  watch(world, [], violations);
  const before = contentOf(world.save());
  const chance = randomFrom(seed + 1);
  world.setMeet(() => (chance() < faultRate ? pick(chance, transient) : undefined));
  return { world, before, violations };
}

export async function runTogether(
  shape: Shape,
  size: number,
  faultRate: number,
  seed = 1,
): Promise<ConcurrencyOutcome> {
  const { world, before, violations } = await openFaulty(faultRate, seed);
  const inputs = Array.from({ length: size }, (_, index) => shapes[shape](index));
  const ended = await Promise.all(inputs.map((input, index) => world.run(`e${index}`, input)));
  await world.settle();
  world.setFaults([]);
  const expected = { before, after: contentOf(world.save()), isForeign: () => false };
  violations.push(...always(world, ended, expected));
  for (const { result } of ended) violations.push(...(await serves(world, result)));
  if (faultRate === 0)
    for (const { name, result } of ended)
      if (result.status !== 'SUCCEEDED')
        violations.push(`${name} did not succeed: ${result.error}: ${result.cause.slice(0, 200)}`);
  return { violations: [...new Set(violations)], ended, trace: world.trace };
}
