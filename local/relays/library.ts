// Dynalite and kinesalite opened for one account: their request listener, and the store behind it.
import type { RequestListener, Server } from 'node:http';
import type { Aws } from '../service.ts';

interface Names {
  awsAccountId: string;
  awsRegion: string;
}

interface LibraryStore {
  readonly db: { close(done: (error?: Error) => void): void };
  /** Dynalite's and kinesalite's: where each looks up the account and region of its ARNs. */
  readonly tableDb?: Names;
  readonly metaDb?: Names;
}

export interface Database {
  create(options: Readonly<Record<string, unknown>>): LibraryStore;
}

export interface Library {
  readonly listener: RequestListener;
  close(): Promise<void>;
}

type CreateServer = (options: Readonly<Record<string, unknown>>) => Server;

/**
 * Both libraries keep their store to themselves, take account and region from the environment, and close
 * the store only with a server that listened. Ours never listens, so the store is caught as it is made.
 */
export function openLibrary(
  aws: Aws,
  createServer: CreateServer,
  database: Database,
  options: Readonly<Record<string, unknown>>,
): Library {
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
    if (!listener || !store || !names) throw new Error('the library is not made as this relay expects');
    names.awsAccountId = aws.account;
    names.awsRegion = aws.region;
    return {
      listener: listener as RequestListener,
      close: () =>
        new Promise((resolve, reject) => {
          store.db.close(error => (error ? reject(error) : resolve()));
        }),
    };
  } finally {
    database.create = create;
  }
}
