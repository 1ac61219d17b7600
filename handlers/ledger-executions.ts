// What one execution planned and made: its plan, and for each thing it creates the intent before and the result after.
import { gunzipSync, gzipSync } from 'node:zlib';
import type { ExecutionIdentity, HeldLock, Made, MadeDocument, Thing } from '../core/execution.ts';
import type { Plan } from '../core/plan.ts';
import { checkFence, finisherIn } from './ledger-course.ts';
import { heldPrefix } from './ledger-locks.ts';
import {
  deleteDocument,
  executionKey,
  expiry,
  type LedgerClients,
  type LedgerItem,
  putDocument,
  queryDocuments,
  writeDocuments,
} from './ledger-table.ts';

/** A DynamoDB item holds 400 KB; base64 makes four bytes of three. */
const chunkBytes = 270_000;

/** Stands for the whole of a removal that has begun. */
export const removalOf = ({ restApi }: Plan) => `removal ${restApi.name}` as const;

/** The first plan is made before the lock is held; the one made under the lock counts from then on. */
type PlanVersion = 'FIRST' | 'LOCKED';

interface PlanChunk {
  readonly chunk: string;
  readonly chunks: number;
}

export async function savePlan(clients: LedgerClients, plan: Plan, version: PlanVersion): Promise<void> {
  const pk = executionKey(plan.executionName);
  const packed = gzipSync(JSON.stringify(plan));
  const chunks = Math.ceil(packed.length / chunkBytes);
  for (let index = 0; index < chunks; index++) {
    const chunk = packed.subarray(index * chunkBytes, (index + 1) * chunkBytes).toString('base64');
    const expiresAt = expiry(clients.now());
    await putDocument(clients, pk, `PLAN#${version}#${index}`, { chunk, chunks }, { expiresAt });
  }
}

/** The latest whole plan among the documents. */
function planIn(items: readonly LedgerItem[]): Pick<ExecutionRecord, 'plan' | 'isLocked'> {
  for (const version of ['LOCKED', 'FIRST']) {
    const found = items.filter(({ sk }) => sk.startsWith(`PLAN#${version}#`));
    const chunks = found.map(({ document }) => document as PlanChunk);
    if (chunks.length === 0 || chunks.length < (chunks[0]?.chunks ?? 1)) continue;
    const packed = Buffer.concat(chunks.map(({ chunk }) => Buffer.from(chunk, 'base64')));
    return { plan: JSON.parse(gunzipSync(packed).toString()) as Plan, isLocked: version === 'LOCKED' };
  }
  return { isLocked: false };
}

/** What every function needs to know of its execution; one query reads it all. */
export interface ExecutionRecord {
  /** The plan that counts; undefined where none was saved whole. */
  readonly plan?: Plan;
  /** Whether that plan was made under the lock. */
  readonly isLocked: boolean;
  readonly made: Made;
  readonly held: ReadonlyMap<string, HeldLock>;
  readonly finisher?: string;
}

export async function loadExecution(clients: LedgerClients, executionName: string): Promise<ExecutionRecord> {
  const items = await queryDocuments(clients, executionKey(executionName), { from: 'FENCE', to: 'PLAN$' });
  const fence = items.find(({ sk }) => sk === 'FENCE');
  const under = <Key extends string, Value>(prefix: string) =>
    new Map(
      items.flatMap(({ sk, document }): [Key, Value][] =>
        sk.startsWith(prefix) ? [[sk.slice(prefix.length) as Key, document as Value]] : [],
      ),
    );
  return {
    ...planIn(items),
    made: under<Thing, MadeDocument>('MADE#'),
    held: under<string, HeldLock>(heldPrefix),
    ...(fence && { finisher: finisherIn(fence.document) }),
  };
}

/** Names of the roles an execution made, or set out to make: its first plan may have needed more than the one that counts. */
export const rolesMade = (made: Made): string[] =>
  [...made.keys()].flatMap(thing => (thing.startsWith('role ') ? thing.slice('role '.length) : []));

/** Written before a thing is created: from here on, finding it counts as having made it. */
export async function recordIntent(
  clients: LedgerClients,
  execution: ExecutionIdentity,
  thing: Thing,
): Promise<void> {
  await checkFence(clients, execution);
  await writeMade(clients, execution.name, thing, { state: 'INTENDED' });
}

export async function recordMade(
  clients: LedgerClients,
  executionName: string,
  thing: Thing,
  id?: string,
): Promise<void> {
  await writeMade(clients, executionName, thing, { state: 'MADE', ...(id !== undefined && { id }) });
}

/** Somebody else turned out to have made it, or it has been taken away again. */
export async function forgetMade(clients: LedgerClients, executionName: string, thing: Thing): Promise<void> {
  await deleteDocument(clients, executionKey(executionName), `MADE#${thing}`);
}

/** Nothing of it is left. */
export async function forgetAllMade(clients: LedgerClients, executionName: string): Promise<void> {
  const pk = executionKey(executionName);
  const made = await queryDocuments(clients, pk, 'MADE#');
  await writeDocuments(
    clients,
    made.map(({ sk }) => ({ pk, sk })),
  );
}

async function writeMade(
  clients: LedgerClients,
  executionName: string,
  thing: Thing,
  document: Omit<MadeDocument, 'at'>,
) {
  const at = clients.now();
  await putDocument(
    clients,
    executionKey(executionName),
    `MADE#${thing}`,
    { ...document, at },
    { expiresAt: expiry(at) },
  );
}
