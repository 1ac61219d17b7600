// The content of the embedded account: named collections of documents, kept in memory and, by choice, in a journal.
import { type Journal, openJournal } from './journal.ts';

/**
 * Documents are JSON values; a service that holds bytes stores them as base64. What `get` returns
 * must be treated as read-only: a change is a new document handed to `set`.
 */
export interface Collection<T> {
  get(key: string): T | undefined;
  has(key: string): boolean;
  /** Acknowledged only once it is in the journal, where there is one. */
  set(key: string, document: T): void;
  delete(key: string): boolean;
  entries(): IterableIterator<[string, T]>;
  values(): IterableIterator<T>;
  keys(): IterableIterator<string>;
  readonly size: number;
}

export interface Store {
  /** The collection of that name, made when first asked for. */
  collection<T>(name: string): Collection<T>;
  /** Everything the account contains, for comparison in tests: collection name → key → document. */
  content(): Record<string, Record<string, unknown>>;
  close(): void;
}

/** An account in memory or, with a directory, one that is there again after the process was killed. */
export function openStore(dataDir?: string): Store {
  const collections = new Map<string, MemoryCollection<unknown>>();
  let journal: Journal | undefined;

  const open = (name: string): MemoryCollection<unknown> => {
    let collection = collections.get(name);
    if (!collection) {
      collection = new MemoryCollection((key, document) =>
        journal?.append(document === undefined ? [name, key] : [name, key, document]),
      );
      collections.set(name, collection);
    }
    return collection;
  };

  if (dataDir !== undefined) {
    journal = openJournal(dataDir, {
      replay: ([name, key, document]) => open(name).restore(key, document),
      *content() {
        for (const [name, collection] of collections) {
          for (const [key, document] of collection.entries()) yield [name, key, document];
        }
      },
    });
  }

  return {
    collection: <T>(name: string) => open(name) as unknown as Collection<T>,
    content() {
      const filled = [...collections].filter(([, collection]) => collection.size > 0);
      return Object.fromEntries(
        filled.map(([name, collection]) => [name, Object.fromEntries(collection.entries())]),
      );
    },
    close: () => journal?.close(),
  };
}

class MemoryCollection<T> implements Collection<T> {
  readonly #documents = new Map<string, T>();
  readonly #record: (key: string, document?: T) => void;

  constructor(record: (key: string, document?: T) => void) {
    this.#record = record;
  }

  get = (key: string) => this.#documents.get(key);
  has = (key: string) => this.#documents.has(key);
  entries = () => this.#documents.entries();
  values = () => this.#documents.values();
  keys = () => this.#documents.keys();

  get size() {
    return this.#documents.size;
  }

  set(key: string, document: T) {
    this.#record(key, document);
    this.#documents.set(key, document);
  }

  delete(key: string) {
    if (!this.#documents.has(key)) return false;
    this.#record(key);
    return this.#documents.delete(key);
  }

  /** A write read back from the journal, which need not be recorded again. */
  restore(key: string, document: T | undefined) {
    if (document === undefined) this.#documents.delete(key);
    else this.#documents.set(key, document);
  }
}
