// The content of the embedded account: named collections of documents, kept in memory and, by choice, in a journal.
import { type Files, openFiles } from './files.ts';
import { type Journal, type JournalRecord, openJournal } from './journal.ts';

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
  /** Of the collections that have been asked for. */
  names(): Iterable<string>;
  /** After a kill the writes of `run`, which must not wait for anything, are all there or none of them is. */
  atomically<T>(run: () => T): T;
  /** For bytes too many for a document; only where the account is durable. */
  readonly files: Files | undefined;
  /** Everything the account contains, for comparison in tests: collection name → key → document. */
  content(): Record<string, Record<string, unknown>>;
  close(): void;
}

interface Change {
  readonly record: JournalRecord;
  undo(): void;
}

/** An account in memory or, with a directory, one that is there again after the process was killed. */
export function openStore(dataDir?: string): Store {
  const collections = new Map<string, MemoryCollection<unknown>>();
  let journal: Journal | undefined;
  let changes: Change[] | undefined;

  function atomically<T>(run: () => T): T {
    if (!journal || changes) return run();
    const made: Change[] = [];
    changes = made;
    try {
      return run();
    } finally {
      changes = undefined;
      commit(journal, made);
    }
  }

  const open = (name: string): MemoryCollection<unknown> => {
    let collection = collections.get(name);
    if (!collection) {
      const opened = new MemoryCollection<unknown>((key, previous, document) => {
        if (!journal) return;
        const record = document === undefined ? ([name, key] as const) : ([name, key, document] as const);
        atomically(() => changes?.push({ record, undo: () => opened.restore(key, previous) }));
      });
      collection = opened;
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
    names: () => collections.keys(),
    atomically,
    files: dataDir === undefined ? undefined : openFiles(dataDir),
    content() {
      const filled = [...collections].filter(([, collection]) => collection.size > 0);
      return Object.fromEntries(
        filled.map(([name, collection]) => [name, Object.fromEntries(collection.entries())]),
      );
    },
    close: () => journal?.close(),
  };
}

/** What cannot be written down is taken back: nobody may be told that it is done. */
function commit(journal: Journal, changes: readonly Change[]): void {
  if (changes.length === 0) return;
  try {
    journal.append(changes.map(({ record }) => record));
  } catch (error) {
    for (const { undo } of [...changes].reverse()) undo();
    throw error;
  }
}

class MemoryCollection<T> implements Collection<T> {
  readonly #documents = new Map<string, T>();
  readonly #changed: (key: string, previous?: T, document?: T) => void;

  constructor(changed: (key: string, previous?: T, document?: T) => void) {
    this.#changed = changed;
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
    const previous = this.#documents.get(key);
    this.#documents.set(key, document);
    this.#changed(key, previous, document);
  }

  delete(key: string) {
    const previous = this.#documents.get(key);
    if (!this.#documents.delete(key)) return false;
    this.#changed(key, previous);
    return true;
  }

  /** As the journal has it, which need not be told again. */
  restore(key: string, document: T | undefined) {
    if (document === undefined) this.#documents.delete(key);
    else this.#documents.set(key, document);
  }
}
