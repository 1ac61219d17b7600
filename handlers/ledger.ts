// The ledger: what this product made and serves, by API. Ownership is read from here, never guessed from names.
import type { ApiRecord, RouteRecord, StageRecord } from '../core/existing.ts';
import {
  deleteDocument,
  getDocument,
  type LedgerClients,
  putDocument,
  queryDocuments,
} from './ledger-table.ts';

export * from './ledger-calls.ts';
export * from './ledger-course.ts';
export * from './ledger-executions.ts';
export * from './ledger-locks.ts';
export * from './ledger-pace.ts';
export * from './ledger-queue.ts';
export type { LedgerClients } from './ledger-table.ts';
export * from './ledger-tokens.ts';

const apiKey = (restApiId: string) => `API#${restApiId}`;
const nameKey = (name: string) => `NAME#${name}`;
const routeKey = ({ path, httpMethod }: { readonly path: string; readonly httpMethod: string }) =>
  `ROUTE#${path}#${httpMethod}`;

type ApiDocument = Pick<
  ApiRecord,
  'restApiId' | 'name' | 'isOwned' | 'binaryMediaTypes' | 'requestValidatorId'
>;

/** The API of that name which this product made; API names are not unique, so they are never searched for. */
export async function findApiByName(clients: LedgerClients, name: string): Promise<string | undefined> {
  const found = (await getDocument(clients, nameKey(name), 'API')) as { restApiId: string } | undefined;
  return found?.restApiId;
}

export async function readApi(clients: LedgerClients, restApiId: string): Promise<ApiRecord | undefined> {
  const items = await queryDocuments(clients, apiKey(restApiId));
  const of = <T>(prefix: string) =>
    items.filter(({ sk }) => sk.startsWith(prefix)).map(({ document }) => document as T);
  const [api] = of<ApiDocument>('API');
  if (!api) return undefined;
  return {
    ...api,
    resources: of<{ path: string }>('RESOURCE#'),
    routes: of<RouteRecord>('ROUTE#'),
    stages: of<StageRecord>('STAGE#'),
  };
}

/** Makes the ledger's account of an API `after` out of `before`: writes what differs, deletes what is gone. */
export async function writeApi(
  clients: LedgerClients,
  before: ApiRecord | undefined,
  after: ApiRecord,
): Promise<void> {
  const pk = apiKey(after.restApiId);
  const old = new Map(
    before ? documentsOf(before).map(([sk, document]) => [sk, JSON.stringify(document)]) : [],
  );
  const kept = new Set<string>();
  for (const [sk, document] of documentsOf(after)) {
    kept.add(sk);
    if (old.get(sk) !== JSON.stringify(document)) await putDocument(clients, pk, sk, document);
  }
  for (const sk of old.keys()) if (!kept.has(sk)) await deleteDocument(clients, pk, sk);
  if (after.isOwned && !before)
    await putDocument(clients, nameKey(after.name), 'API', { restApiId: after.restApiId });
}

export async function forgetApi(clients: LedgerClients, record: ApiRecord): Promise<void> {
  if (record.isOwned && (await findApiByName(clients, record.name)) === record.restApiId) {
    await deleteDocument(clients, nameKey(record.name), 'API');
  }
  // The API's own document goes last: while it is there, a repeated attempt finds the others.
  for (const [sk] of documentsOf(record).reverse())
    await deleteDocument(clients, apiKey(record.restApiId), sk);
}

function documentsOf(record: ApiRecord): [sk: string, document: unknown][] {
  const { resources, routes, stages, ...api } = record;
  return [
    ['API', api satisfies ApiDocument],
    ...resources.map(({ path }): [string, unknown] => [`RESOURCE#${path}`, { path }]),
    ...routes.map((route): [string, unknown] => [routeKey(route), route]),
    ...stages.map((stage): [string, unknown] => [`STAGE#${stage.name}`, stage]),
  ];
}
