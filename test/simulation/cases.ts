// One case of the matrix: a start, an input, the faults it meets; run to its end and checked.
import type { Result } from '../../cli/outcome.ts';
import type { CallTrace } from './clients.ts';
import { contentOf } from './content.ts';
import { courseOf, delays, seedOf } from './courses.ts';
import type { SimulatedFault } from './faults.ts';
import { afterFailure, afterRemoval, always, serves } from './invariants.ts';
import { executionName, isLarge, type StartName, startFrom } from './starts.ts';
import { watch } from './watch.ts';
import { openWorld } from './world.ts';

export interface Case {
  readonly start: StartName;
  readonly operation: 'provision' | 'remove';
  readonly faults: readonly SimulatedFault[];
  /** A state function that fails with this error name, every time. */
  readonly raise?: { readonly in: string; readonly error: string };
}

export interface CaseOutcome {
  readonly violations: readonly string[];
  readonly results: readonly Result[];
  readonly trace: readonly CallTrace[];
  readonly durationMs: number;
}

const isDuplicateApi = ({ kind, call }: SimulatedFault) =>
  kind === 'lateDuplicate' && call === 'apigateway:CreateRestApi';

const faultText = ({ in: where, call, kind, lasts }: SimulatedFault) => `${where} ${call} ${kind} ${lasts}`;

export const caseName = ({ start, operation, faults, raise }: Case) =>
  [
    `${operation} from ${start}`,
    ...faults.map(faultText),
    ...(raise ? [`${raise.in} raises ${raise.error}`] : []),
  ].join(', ');

/** Starts in which everything there is ours. */
const ours = new Set<StartName>([
  'largeFresh',
  'largeBeside',
  'largeOver',
  'fresh',
  'ourApi',
  'ourRoute',
  'same',
  'beside',
  'otherStage',
  'firstCors',
  'moreCors',
  'besideCors',
]);

/** The state that the last of what goes wrong is about, and what goes wrong before it. */
async function enteredBy({ start, operation, faults, raise }: Case) {
  const state = raise?.in ?? faults.at(-1)?.in;
  if (state === undefined) return undefined;
  const course = await courseOf({ start, operation, faults: raise ? faults : faults.slice(0, -1) });
  return course.entered.get(state);
}

export async function runCase(one: Case): Promise<CaseOutcome> {
  const start = await startFrom(one.start);
  const entered = await enteredBy(one);
  const from = entered?.saved ?? start.saved;
  const quotas = isLarge(one.start);
  const world = await openWorld({ seed: seedOf(caseName(one)), from, delays, quotas });
  const violations: string[] = [];
  const before = contentOf(start.saved);
  const { raise } = one;
  const others = start.others.filter(
    ({ path }) => one.operation === 'provision' || /other|theirs/.test(path),
  );
  watch(world, others, violations);
  world.setFaults(one.faults);
  if (raise) world.setRaise(name => (name === raise.in ? raise.error : undefined));
  const input = { ...start.input, operation: one.operation };
  const ended = entered ? await world.resume(executionName) : await world.run(executionName, input);
  const { result, durationMs } = ended;
  await world.settle();
  world.setFaults([]);
  // CreateRestApi takes no token: the API that a duplicate of it makes is the sweep's to find, by its tag.
  if (one.faults.some(isDuplicateApi)) await world.sweep(true);
  world.setRaise(() => undefined);
  const isForeign = (key: string) =>
    one.operation === 'provision' &&
    !ours.has(one.start) &&
    start.original.has(key) &&
    !/^apigateway\/(stages|restapis) /.test(key);
  const expected = { before, after: contentOf(world.save()), isForeign };
  violations.push(...(await serves(world, result)), ...always(world, [ended], expected));
  const results = [result];
  if (one.operation === 'provision') violations.push(...afterFailure(world, result, expected));
  else if (result.status !== 'SUCCEEDED') {
    // A removal goes forward only: running it again finishes it.
    const again = await world.run('again', input);
    results.push(again.result);
    const isNothingLeft = again.result.status !== 'SUCCEEDED' && /is not served/.test(again.result.cause);
    if (again.result.status !== 'SUCCEEDED' && !isNothingLeft)
      violations.push(`(a) the removal cannot be finished: ${again.result.error}: ${again.result.cause}`);
    violations.push(...always(world, [again], { before, after: contentOf(world.save()), isForeign }));
  }
  if (one.operation === 'remove' && one.start !== 'beside')
    violations.push(...afterRemoval(start.original, contentOf(world.save())));
  const trace = [...(entered?.trace ?? []), ...world.trace];
  return { violations: [...new Set(violations)], results, trace, durationMs };
}
