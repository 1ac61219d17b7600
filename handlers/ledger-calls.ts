// AWS calls of an execution that its history has no room for: those of failed attempts, and very many in one attempt.
import { gunzipSync, gzipSync } from 'node:zlib';
import type { RecordedAttempt } from '../core/recorded-call.ts';
import { expiry, type LedgerClients, putDocument, queryDocuments } from './ledger-table.ts';

/** Apart from the execution's other items, which every state reads. */
const callsKey = (executionName: string) => `CALLS#${executionName}`;

export async function saveCalls(
  clients: LedgerClients,
  executionName: string,
  attempt: RecordedAttempt,
): Promise<void> {
  const now = clients.now();
  const key = `${new Date(now).toISOString()}#${attempt.state}#${attempt.attempt}`;
  const packed = gzipSync(JSON.stringify(attempt)).toString('base64');
  await putDocument(clients, callsKey(executionName), key, { packed }, { expiresAt: expiry(now) });
}

/** In the order in which they were made. */
export async function loadCalls(clients: LedgerClients, executionName: string): Promise<RecordedAttempt[]> {
  const items = await queryDocuments(clients, callsKey(executionName));
  return items.map(({ document }) => {
    const { packed } = document as { readonly packed: string };
    return JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString()) as RecordedAttempt;
  });
}
