// A store that remembers what it held: reads that lag behind, snapshots, and a look at every write.
import { type Collection, openStore, type Store } from '../../local/store.ts';

export interface Write {
  readonly collection: string;
  readonly key: string;
  readonly document: unknown;
  readonly before: unknown;
}

interface Version {
  readonly at: number;
  readonly document: unknown;
}

type Past = ReadonlyMap<string, ReadonlyMap<string, readonly Version[]>>;

/** What a store holds, and what it remembers. */
export interface Kept {
  readonly content: ReturnType<Store['content']>;
  readonly past: Past;
}

export interface RememberingStore extends Store {
  /** The account as it was so many milliseconds ago. Only reads. */
  ago(milliseconds: () => number): Store;
  /** From now on, instead of who listened before. */
  onWrite(listener: (write: Write) => void): void;
  save(): Kept;
  /** Makes the account, and its past, what was saved. */
  reset(kept: Kept): void;
}

const remembered = /^apigateway\//;

export function rememberingStore(now: () => number): RememberingStore {
  const store = openStore();
  const past = new Map<string, Map<string, readonly Version[]>>();
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
    save: () => ({
      content: store.content(),
      past: new Map([...past].map(([name, keys]) => [name, new Map(keys)])),
    }),
    reset(kept) {
      listener = () => {};
      past.clear();
      for (const [name, keys] of kept.past) past.set(name, new Map(keys));
      for (const name of store.names()) {
        const collection = store.collection(name);
        const documents = kept.content[name] ?? {};
        for (const key of [...collection.keys()]) if (!(key in documents)) collection.delete(key);
      }
      for (const [name, documents] of Object.entries(kept.content)) {
        const collection = store.collection(name);
        for (const key in documents) {
          const document = documents[key];
          if (collection.get(key) !== document) collection.set(key, document);
        }
      }
    },
  };
}
