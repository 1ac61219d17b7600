// Every row of the matrix by its name, and how to run it.
import { type CaseOutcome, caseName, runCase } from './cases.ts';
import { type ConcurrencyOutcome, runTogether, shapeNames, sizes } from './concurrency.ts';
import { allInterruptions } from './interruption-cases.ts';
import { interruptionName, runInterruption } from './interruptions.ts';
import { allCases } from './matrix.ts';
import { repeatedBy, runRepeats } from './repeats.ts';

export interface Row {
  readonly kind: 'fault' | 'interruption' | 'concurrency';
  readonly name: string;
  run(): Promise<CaseOutcome>;
}

const together = (name: string, outcome: () => Promise<ConcurrencyOutcome>): Row => ({
  kind: 'concurrency',
  name,
  async run() {
    const { ended, violations, trace } = await outcome();
    const durationMs = Math.max(...ended.map(one => one.durationMs));
    return { violations, trace, results: ended.map(({ result }) => result), durationMs };
  },
});

const rates = [0, 0.02] as const;
const withFaults = (rate: number) => `faults in ${rate * 100}% of calls`;

/** The largest take minutes. */
const concurrencyRows = (): Row[] =>
  sizes.flatMap(size =>
    shapeNames.flatMap(shape =>
      rates.map(rate =>
        together(`${size} executions at once on ${shape}, ${withFaults(rate)}`, () =>
          runTogether(shape, size, rate),
        ),
      ),
    ),
  );

const repeatRows = (): Row[] =>
  repeatedBy.flatMap(by =>
    [10, 100].flatMap(times =>
      rates.map(rate =>
        together(`${times} times the same ${by}, ${withFaults(rate)}`, () => runRepeats(by, times, rate)),
      ),
    ),
  );

export async function allRows(): Promise<Row[]> {
  const cases = (await allCases()).map(
    (one): Row => ({ kind: 'fault', name: caseName(one), run: () => runCase(one) }),
  );
  const interruptions = (await allInterruptions()).map(
    (one): Row => ({ kind: 'interruption', name: interruptionName(one), run: () => runInterruption(one) }),
  );
  // The largest first: whoever comes to them last would keep everybody waiting.
  return [...concurrencyRows().reverse(), ...repeatRows(), ...cases, ...interruptions];
}
