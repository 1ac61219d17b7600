// Dynalite and kinesalite opened for one account: their request listener, and the store behind it.
import type { RequestListener, Server } from 'node:http';
import type { Aws, WireRequest, WireResponse } from '../service.ts';
import { keepDatabase, keptWrites, type Write, type WrittenDatabase } from './kept-database.ts';
import { callListener } from './listener.ts';

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
  answer(request: WireRequest): Promise<WireResponse>;
  /** Runs a call that may write; in a durable account it may be acknowledged once this resolves. */
  write<T>(call: () => Promise<T>): Promise<T>;
  /** Once what was under way is answered. */
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
  const underWay = new Set<Promise<WireResponse>>();
  let isClosed = false;
  const answer = (request: WireRequest): Promise<WireResponse> => {
    // The library itself would throw where nobody can catch it.
    if (isClosed) return Promise.reject(new Error(`the account is closed: no more calls to ${collection}`));
    const answered = callListener(listener, request);
    underWay.add(answered);
    return answered.finally(() => underWay.delete(answered));
  };
  const close = async () => {
    isClosed = true;
    await Promise.allSettled(underWay);
    await new Promise<void>((resolve, reject) => {
      store.db.close(error => (error ? reject(error) : resolve()));
    });
  };
  if (!aws.store.files) return { answer, close, write: call => call() };
  await store.db.batch(keptWrites(aws.store, collection));
  const written = store.metaDb ? store.db._db : store.db;
  if (!written) throw unexpected();
  return { answer, close, ...keepDatabase(aws.store, collection, written) };
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
