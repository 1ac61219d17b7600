// A store that remembers what it held: reads that lag behind, snapshots, and a look at every write.
import { type Collection, openStore, type Store } from '../../local/store.ts';

export interface Write {
  readonly collection: string;
  readonly key: string;
  readonly document: unknown;
  readonly before: unknown;
}

export interface RememberingStore extends Store {
  /** The account as it was so many milliseconds ago. Only reads. */
  ago(milliseconds: () => number): Store;
  /** From now on, instead of who listened before. */
  onWrite(listener: (write: Write) => void): void;
  /** Makes the account what `content` says. */
  reset(content: ReturnType<Store['content']>): void;
}

interface Version {
  readonly at: number;
  readonly document: unknown;
}

const remembered = /^apigateway\//;

export function rememberingStore(now: () => number): RememberingStore {
  const store = openStore();
  const past = new Map<string, Map<string, Version[]>>();
  let listener: (write: Write) => void = () => {};

  function note(collection: string, key: string, before: unknown, document: unknown): void {
    if (remembered.test(collection)) {
      const keys = past.get(collection) ?? new Map<string, Version[]>();
      past.set(collection, keys);
      const versions = keys.get(key) ?? [{ at: 0, document: before }];
      keys.set(key, [...versions, { at: now(), document }]);
    }
    listener({ collection, key, document, before });
  }

  function watched<T>(name: string): Collection<T> {
    const real = store.collection<T>(name);
    return {
      get: key => real.get(key),
      has: key => real.has(key),
      entries: () => real.entries(),
      values: () => real.values(),
      keys: () => real.keys(),
      get size() {
        return real.size;
      },
      set(key, document) {
        const before = real.get(key);
        real.set(key, document);
        note(name, key, before, document);
      },
      delete(key) {
        const before = real.get(key);
        const isDeleted = real.delete(key);
        if (isDeleted) note(name, key, before, undefined);
        return isDeleted;
      },
    };
  }

  function seen<T>(name: string, milliseconds: () => number): Collection<T> {
    const real = store.collection<T>(name);
    const at = (key: string) => {
      const versions = past.get(name)?.get(key);
      return (
        versions ? versions.findLast(one => one.at <= now() - milliseconds())?.document : real.get(key)
      ) as T | undefined;
    };
    const entries = (): [string, T][] =>
      [...new Set([...(past.get(name)?.keys() ?? []), ...real.keys()])].flatMap((key): [string, T][] => {
        const document = at(key);
        return document === undefined ? [] : [[key, document]];
      });
    const readOnly = () => {
      throw new Error('the past cannot be changed');
    };
    return {
      get: at,
      has: key => at(key) !== undefined,
      entries: () => entries().values(),
      values: () =>
        entries()
          .map(([, document]) => document)
          .values(),
      keys: () =>
        entries()
          .map(([key]) => key)
          .values(),
      get size() {
        return entries().length;
      },
      set: readOnly,
      delete: readOnly,
    };
  }

  const collections = new Map<string, Collection<unknown>>();
  return {
    collection<T>(name: string) {
      const known = collections.get(name) ?? watched(name);
      collections.set(name, known);
      return known as unknown as Collection<T>;
    },
    names: () => store.names(),
    atomically: run => run(),
    files: undefined,
    content: () => store.content(),
    close: () => store.close(),
    ago: milliseconds => ({
      collection: name => seen(name, milliseconds),
      names: () => store.names(),
      atomically: run => run(),
      files: undefined,
      content: () => store.content(),
      close: () => {},
    }),
    onWrite(given) {
      listener = given;
    },
    reset(kept) {
      listener = () => {};
      past.clear();
      for (const [name, documents] of Object.entries(store.content())) {
        const collection = store.collection(name);
        for (const key of Object.keys(documents)) if (!(key in (kept[name] ?? {}))) collection.delete(key);
      }
      for (const [name, documents] of Object.entries(kept)) {
        const collection = store.collection(name);
        for (const [key, document] of Object.entries(documents)) collection.set(key, document);
      }
    },
  };
}
