// The ledger: what this product made and serves, by API. Ownership is read from here, never guessed from names.
import type { ApiRecord, RouteRecord, StageRecord } from '../core/existing.ts';
import type { Plan } from '../core/plan.ts';
import type { Clients } from '../core/step.ts';
import {
  getDocument,
  type LedgerClients,
  putDocument,
  queryDocuments,
  writeDocuments,
} from './ledger-table.ts';

export * from './ledger-calls.ts';
export * from './ledger-course.ts';
export * from './ledger-executions.ts';
export * from './ledger-locks.ts';
export * from './ledger-pace.ts';
export * from './ledger-queue.ts';
export type { LedgerClients } from './ledger-table.ts';
export * from './ledger-targets.ts';
export * from './ledger-tokens.ts';

const apiKey = ({ place = '' }: LedgerClients, restApiId: string) => `API#${place}${restApiId}`;
const nameKey = ({ place = '' }: LedgerClients, name: string) => `NAME#${place}${name}`;
const routeKey = ({ path, httpMethod }: { readonly path: string; readonly httpMethod: string }) =>
  `ROUTE#${path}#${httpMethod}`;

type ApiDocument = Omit<ApiRecord, 'resources' | 'routes' | 'stages'>;

/** The clients as the steps of a plan use them: for the account and region where its API is. */
export const whereItIs = ({ reach, executionName }: Plan, clients: Clients): Clients =>
  reach ? clients.at(reach, executionName) : clients;

/** The API of that name which this product made; API names are not unique, so they are never searched for. */
export async function findApiByName(clients: LedgerClients, name: string): Promise<string | undefined> {
  const found = (await getDocument(clients, nameKey(clients, name), 'API')) as
    | { restApiId: string }
    | undefined;
  return found?.restApiId;
}

export async function readApi(clients: LedgerClients, restApiId: string): Promise<ApiRecord | undefined> {
  const items = await queryDocuments(clients, apiKey(clients, restApiId));
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
  const pk = apiKey(clients, after.restApiId);
  const old = new Map(
    before ? documentsOf(before).map(([sk, document]) => [sk, JSON.stringify(document)]) : [],
  );
  const documents = documentsOf(after);
  const kept = new Set(documents.map(([sk]) => sk));
  const changed = documents.filter(([sk, document]) => old.get(sk) !== JSON.stringify(document));
  const gone = [...old.keys()].filter(sk => !kept.has(sk));
  const named = { pk: nameKey(clients, after.name), sk: 'API', document: { restApiId: after.restApiId } };
  // The API's own document goes first: without it nobody finds the others.
  const [api] = changed.filter(([sk]) => sk === 'API');
  if (api) await putDocument(clients, pk, ...api);
  await writeDocuments(clients, [
    ...changed.filter(one => one !== api).map(([sk, document]) => ({ pk, sk, document })),
    ...gone.map(sk => ({ pk, sk })),
    ...(after.isOwned && !before ? [named] : []),
  ]);
}

export async function forgetApi(clients: LedgerClients, record: ApiRecord): Promise<void> {
  const isNamed = record.isOwned && (await findApiByName(clients, record.name)) === record.restApiId;
  const pk = apiKey(clients, record.restApiId);
  const [[api], ...others] = documentsOf(record);
  // All at once where there are few. Else the API's own document goes last, and with it its name: while they are there, a
  // repeated attempt finds the others.
  await writeDocuments(clients, [
    ...others.map(([sk]) => ({ pk, sk })),
    { pk, sk: api },
    ...(isNamed ? [{ pk: nameKey(clients, record.name), sk: 'API' }] : []),
  ]);
}

type Named = [sk: string, document: unknown];

function documentsOf(record: ApiRecord): [api: Named, ...others: Named[]] {
  const { resources, routes, stages, ...api } = record;
  return [
    ['API', api satisfies ApiDocument],
    ...resources.map(({ path }): Named => [`RESOURCE#${path}`, { path }]),
    ...routes.map((route): Named => [routeKey(route), route]),
    ...stages.map((stage): Named => [`STAGE#${stage.name}`, stage]),
  ];
}
