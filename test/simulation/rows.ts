// Every row of the matrix by its name, and how to run it.
import { type CaseOutcome, caseName, runCase } from './cases.ts';
import { runTogether, shapeNames, sizes } from './concurrency.ts';
import { allInterruptions } from './interruption-cases.ts';
import { interruptionName, runInterruption } from './interruptions.ts';
import { allCases } from './matrix.ts';

export interface Row {
  readonly kind: 'fault' | 'interruption' | 'concurrency';
  readonly name: string;
  run(): Promise<CaseOutcome>;
}

/** The largest take minutes. */
function concurrencyRows(): Row[] {
  return sizes.flatMap(size =>
    shapeNames.flatMap(shape =>
      [0, 0.02].map((faultRate): Row => {
        const name = `${size} executions at once on ${shape}, faults in ${faultRate * 100}% of calls`;
        return {
          kind: 'concurrency',
          name,
          async run() {
            const { ended, ...outcome } = await runTogether(shape, size, faultRate);
            const durations = ended.map(({ durationMs }) => durationMs).sort((one, other) => one - other);
            return {
              ...outcome,
              results: ended.map(({ result }) => result),
              durationMs: durations.at(-1) ?? 0,
            };
          },
        };
      }),
    ),
  );
}

export async function allRows(): Promise<Row[]> {
  const cases = (await allCases()).map(
    (one): Row => ({ kind: 'fault', name: caseName(one), run: () => runCase(one) }),
  );
  const interruptions = (await allInterruptions()).map(
    (one): Row => ({ kind: 'interruption', name: interruptionName(one), run: () => runInterruption(one) }),
  );
  // The largest first: whoever comes to them last would keep everybody waiting.
  return [...concurrencyRows().reverse(), ...cases, ...interruptions];
}
