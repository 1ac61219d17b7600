// The same request many times at once, by its client token or by its execution's name: the effects and the outcome of one.
import { isDeepStrictEqual } from 'node:util';
import { type ConcurrencyOutcome, openFaulty } from './concurrency.ts';
import { contentOf } from './content.ts';
import { inputFor } from './inputs.ts';
import { always, serves } from './invariants.ts';
import type { Ended } from './world.ts';

export const repeatedBy = ['client token', 'name'] as const;

/** What a caller is told, but for when and under which name. */
function told({ result }: Ended): object {
  const { executionArn: _, ...rest } = result;
  return { ...rest, ...('durationMs' in rest && { durationMs: 0 }) };
}

export async function runRepeats(
  by: (typeof repeatedBy)[number],
  times: number,
  faultRate: number,
  seed = 1,
): Promise<ConcurrencyOutcome> {
  const { world, before, violations } = await openFaulty(faultRate, seed);
  const input = { ...inputFor({ name: 'A' }), ...(by === 'client token' && { clientToken: 'order-42' }) };
  const ended = await Promise.all(
    Array.from({ length: times }, (_, index) => world.run(by === 'name' ? 'once' : `e${index}`, input)),
  );
  await world.settle();
  world.setFaults([]);
  const [first] = ended;
  const others = ended.filter(one => !isDeepStrictEqual(told(one), first && told(first)));
  for (const { name, result } of others)
    violations.push(`${name} was told something else: ${JSON.stringify(result).slice(0, 300)}`);
  const makes = world.trace.filter(
    ({ call, answer }) => call.endsWith(':CreateDeployment') && answer === 'ok',
  );
  if (makes.length > 1) violations.push(`${makes.length} executions deployed`);
  violations.push(
    ...always(world, ended, { before, after: contentOf(world.save()), isForeign: () => false }),
  );
  if (first) violations.push(...(await serves(world, first.result)));
  return { violations: [...new Set(violations)], ended, trace: world.trace };
}
