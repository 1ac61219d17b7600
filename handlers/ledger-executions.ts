// What one execution planned and made: its plan, and for each thing it creates the intent before and the result after.
import { gunzipSync, gzipSync } from 'node:zlib';
import type { ExecutionIdentity } from '../core/execution.ts';
import type { Plan } from '../core/plan.ts';
import { checkFence } from './ledger-fences.ts';
import {
  deleteDocument,
  executionKey,
  expiry,
  getDocument,
  type LedgerClients,
  putDocument,
  queryDocuments,
} from './ledger-table.ts';

/** A DynamoDB item holds 400 KB; base64 makes four bytes of three. */
const chunkBytes = 270_000;

/** Identifies one thing an execution creates: its kind, and its planned name or path. */
export type Thing =
  `${'restApi' | 'resource' | 'method' | 'model' | 'requestValidator' | 'role' | 'deployment' | 'stage' | 'record'} ${string}`;

interface MadeDocument {
  readonly state: 'INTENDED' | 'MADE';
  readonly id?: string;
}

/** The things of one execution: what it set out to make, and the ids of what is known to be there. */
export type Made = ReadonlyMap<string, MadeDocument>;

export async function savePlan(clients: LedgerClients, plan: Plan): Promise<void> {
  const pk = executionKey(plan.executionName);
  const packed = gzipSync(JSON.stringify(plan));
  const chunks = Math.ceil(packed.length / chunkBytes);
  for (let index = 0; index < chunks; index++) {
    const chunk = packed.subarray(index * chunkBytes, (index + 1) * chunkBytes).toString('base64');
    await putDocument(clients, pk, `PLAN#${index}`, { chunk, chunks }, { expiresAt: expiry(clients.now()) });
  }
}

/** The plan as it was last saved; undefined where PlanChanges never got that far. */
export async function loadPlan(clients: LedgerClients, executionName: string): Promise<Plan | undefined> {
  const pk = executionKey(executionName);
  const parts: Buffer[] = [];
  let chunks = 1;
  for (let index = 0; index < chunks; index++) {
    const part = (await getDocument(clients, pk, `PLAN#${index}`)) as
      | { chunk: string; chunks: number }
      | undefined;
    if (!part) return undefined;
    chunks = part.chunks;
    parts.push(Buffer.from(part.chunk, 'base64'));
  }
  return JSON.parse(gunzipSync(Buffer.concat(parts)).toString()) as Plan;
}

export async function loadMade(clients: LedgerClients, executionName: string): Promise<Made> {
  const items = await queryDocuments(clients, executionKey(executionName), 'MADE#');
  return new Map(items.map(({ sk, document }) => [sk.slice('MADE#'.length), document as MadeDocument]));
}

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

async function writeMade(
  clients: LedgerClients,
  executionName: string,
  thing: Thing,
  document: MadeDocument,
) {
  await putDocument(clients, executionKey(executionName), `MADE#${thing}`, document, {
    expiresAt: expiry(clients.now()),
  });
}
