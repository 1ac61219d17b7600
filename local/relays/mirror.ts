// Keeps in the account's store what a library has in memory: only what has changed since the last time is written.
import type { Store } from '../store.ts';

export interface Row {
  readonly collection: string;
  readonly key: string;
  /** The same values as long as the document is the same. */
  readonly marks: readonly unknown[];
  document(): unknown;
}

/** Takes all that the library has, as rows; the first ones are those restored from the store. */
export type Mirror = (rows: Iterable<Row>) => void;

export function openMirror(store: Store, restored: Iterable<Row>): Mirror {
  let known = byName(restored);
  return rows => {
    const current = byName(rows);
    store.atomically(() => {
      for (const [name, row] of current) {
        if (!isSame(row, known.get(name))) store.collection(row.collection).set(row.key, row.document());
      }
      for (const [name, { collection, key }] of known) {
        if (!current.has(name)) store.collection(collection).delete(key);
      }
    });
    known = current;
  };
}

const byName = (rows: Iterable<Row>) =>
  new Map([...rows].map(row => [`${row.collection} ${row.key}`, row] as const));

const isSame = ({ marks }: Row, before: Row | undefined) =>
  marks.every((mark, index) => mark === before?.marks[index]);
