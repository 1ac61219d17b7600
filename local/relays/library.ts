// Dynalite and kinesalite opened for one account: their request listener, and the store behind it.
import type { RequestListener, Server } from 'node:http';
import type { Aws } from '../service.ts';
import { keepDatabase, keptWrites, type Write, type WrittenDatabase } from './kept-database.ts';

interface Names {
  awsAccountId: string;
  awsRegion: string;
}

interface LibraryStore {
  readonly db: LibraryDatabase;
  /** Dynalite's and kinesalite's: where each looks up the account and region of its ARNs. */
  readonly tableDb?: Names;
  readonly metaDb?: Names;
}

interface LibraryDatabase extends WrittenDatabase {
  batch(writes: readonly Write[]): Promise<void>;
  close(done: (error?: Error) => void): void;
  /** Kinesalite's: the one below, which the streams write to as well. */
  readonly _db?: WrittenDatabase;
}

export interface Database {
  create(options: Readonly<Record<string, unknown>>): LibraryStore;
}

export interface Library {
  readonly listener: RequestListener;
  /** Runs a call that may write; in a durable account it may be acknowledged once this resolves. */
  write<T>(call: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

type CreateServer = (options: Readonly<Record<string, unknown>>) => Server;

export async function openLibrary(
  aws: Aws,
  createServer: CreateServer,
  database: Database,
  options: Readonly<Record<string, unknown>>,
  collection: string,
): Promise<Library> {
  const { listener, store } = openServer(aws, createServer, database, options);
  const close = () =>
    new Promise<void>((resolve, reject) => {
      store.db.close(error => (error ? reject(error) : resolve()));
    });
  if (!aws.store.files) return { listener, close, write: call => call() };
  await store.db.batch(keptWrites(aws.store, collection));
  const written = store.metaDb ? store.db._db : store.db;
  if (!written) throw unexpected();
  return { listener, close, ...keepDatabase(aws.store, collection, written) };
}

const unexpected = () => new Error('the library is not made as this relay expects');

/**
 * Both libraries keep their store to themselves, take account and region from the environment, and close
 * the store only with a server that listened. Ours never listens, so the store is caught as it is made.
 */
function openServer(
  aws: Aws,
  createServer: CreateServer,
  database: Database,
  options: Readonly<Record<string, unknown>>,
) {
  const { create } = database;
  const stores: LibraryStore[] = [];
  database.create = made => {
    const store = create(made);
    stores.push(store);
    return store;
  };
  try {
    const [listener] = createServer(options).listeners('request');
    const [store] = stores;
    const names = store?.tableDb ?? store?.metaDb;
    if (!listener || !store || !names) throw unexpected();
    names.awsAccountId = aws.account;
    names.awsRegion = aws.region;
    return { listener: listener as RequestListener, store };
  } finally {
    database.create = create;
  }
}
