// Long lists cut to what a state document can carry: it stays under 32 KiB whatever the number of routes.

const bytesOf = (item: unknown) => new TextEncoder().encode(JSON.stringify(item)).length;

/** The first items that fit into `bytes` of JSON. */
export function firstOf<T>(items: readonly T[], bytes: number): readonly T[] {
  let used = 0;
  const end = items.findIndex(item => {
    used += bytesOf(item) + 1;
    return used > bytes;
  });
  return end === -1 ? items : items.slice(0, end);
}

/** The first lines, and how many more there are; the whole list is in the ledger's plan. */
export function inBrief(lines: readonly string[], bytes = 2400): readonly string[] {
  const first = firstOf(lines, bytes);
  return first.length === lines.length ? lines : [...first, `… and ${lines.length - first.length} more`];
}
