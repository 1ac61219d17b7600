// Keeps in the account's store what dynalite and kinesalite write into the database that they have in memory.
import type { Store } from '../store.ts';

/** Where a library's writes all come by: a key-value database, or the part of one that is told of each write. */
export interface WrittenDatabase {
  /** Each ends with a callback, where it has one. */
  put(key: unknown, value: unknown, ...rest: readonly unknown[]): unknown;
  del(key: unknown, ...rest: readonly unknown[]): unknown;
  batch(writes: readonly Write[], ...rest: readonly unknown[]): unknown;
}

export interface Write {
  readonly type: string;
  readonly key: unknown;
  readonly value?: unknown;
}

export interface KeptDatabase {
  /** Runs a call that may write, after those before it; what it wrote is in the account when this resolves. */
  write<T>(call: () => Promise<T>): Promise<T>;
}

export function keepDatabase(store: Store, collection: string, database: WrittenDatabase): KeptDatabase {
  const documents = store.collection<unknown>(collection);
  const unsaved = new Map<string, unknown>();
  const { put, del, batch } = database;
  // The library goes on with the objects that it has handed over.
  const note = (key: unknown, value: unknown) =>
    unsaved.set(String(key), Buffer.isBuffer(value) ? value.toString() : structuredClone(value));

  database.put = (key, value, ...rest) => {
    note(key, value);
    return put.call(database, key, value, ...rest);
  };
  database.del = (key, ...rest) => {
    note(key, undefined);
    return del.call(database, key, ...rest);
  };
  database.batch = (writes, ...rest) => {
    for (const { type, key, value } of writes) note(key, type === 'put' ? value : undefined);
    return batch.call(database, writes, ...rest);
  };

  function save(): void {
    store.atomically(() => {
      for (const [key, document] of unsaved) {
        if (document === undefined) documents.delete(key);
        else documents.set(key, document);
      }
    });
    unsaved.clear();
  }

  // One call at a time: two that write at once would come into the account half and half.
  let last: Promise<unknown> = Promise.resolve();
  return {
    write(call) {
      const turn = last.then(call).finally(save);
      last = turn.catch(() => {});
      return turn;
    },
  };
}

export const keptWrites = (store: Store, collection: string): Write[] =>
  [...store.collection<unknown>(collection).entries()].map(([key, value]) => ({ type: 'put', key, value }));
