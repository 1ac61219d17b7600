// Leaves out the members that are undefined: documents are JSON, and AWS sends no empty members.

export function defined<T extends object>(members: T): T {
  const kept = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as T;
}

/** A map without one of its keys; undefined when nothing is left. */
export function without<V>(
  map: Readonly<Record<string, V>> | undefined,
  key: string,
): Record<string, V> | undefined {
  const kept = Object.entries(map ?? {}).filter(([name]) => name !== key);
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

/** The text, or undefined where AWS treats an empty one as not given. */
export const nonEmpty = (text: string | undefined): string | undefined => (text ? text : undefined);
