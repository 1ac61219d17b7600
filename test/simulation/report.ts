// What a command counts while it runs, added up over its processes.

export type Counts = Readonly<Record<string, number>>;

export function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

export function added(all: readonly Counts[]): Counts {
  const sum: Record<string, number> = {};
  for (const one of all)
    for (const [name, value] of Object.entries(one)) sum[name] = (sum[name] ?? 0) + value;
  return sum;
}

/** Seconds of virtual time: the middle, and what 99 in 100 take at most. */
export function percentiles(milliseconds: readonly number[]): string {
  const sorted = milliseconds.toSorted((one, other) => one - other);
  const at = (share: number) => ((sorted[Math.floor(sorted.length * share)] ?? 0) / 1000).toFixed(1);
  return `p50 ${at(0.5)} s, p99 ${at(0.99)} s, longest ${at(0.99999)} s`;
}

export const percent = (part: number, whole: number) =>
  whole === 0 ? 'none' : `${((100 * part) / whole).toFixed(3)}% (${part} of ${whole})`;
