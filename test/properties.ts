// How often properties are tried: some tens of times with one seed in the suite, or as often as asked for, with seeds of their own.
import type { Parameters } from 'fast-check';

/** `PROPERTY_RUNS` and `PROPERTY_SEED`; a failure prints its seed, and the path to the smallest case. */
export function tries<T>(quick: number): Parameters<T> {
  const { PROPERTY_RUNS, PROPERTY_SEED } = process.env;
  const seed = PROPERTY_SEED ?? (PROPERTY_RUNS === undefined ? '1' : undefined);
  return {
    numRuns: PROPERTY_RUNS === undefined ? quick : Number(PROPERTY_RUNS),
    ...(seed !== undefined && { seed: Number(seed) }),
  };
}
