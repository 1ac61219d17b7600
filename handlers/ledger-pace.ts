// How far a step has come, and which turn in the account's queue it has.
import { queueUp } from './ledger-queue.ts';
import { executionKey, expiry, getDocument, type LedgerClients, putDocument } from './ledger-table.ts';

const millisecondsPerCall = 100;

/** API Gateway takes forty calls at once: half of them may be made before their time. */
const headStart = 20 * millisecondsPerCall;

/** When so many calls may be made, in milliseconds since the epoch; at once where no rates hold. */
export async function reserveCalls(
  clients: LedgerClients,
  calls: number,
  mayBeEarly: boolean,
): Promise<number> {
  if (clients.settings.deploymentIntervalSeconds === 0) return clients.now();
  const turnAt = await queueUp(clients, 'CALLS', calls * millisecondsPerCall);
  return mayBeEarly ? turnAt - headStart : turnAt;
}

interface Progress {
  /** How many things the attempts before this one have finished. */
  readonly done: number;
  readonly results: readonly unknown[];
  /** The turn that is reserved for the next ones. */
  readonly turnAt?: number;
}

const progressKey = (state: string) => `PROGRESS#${state}`;

export async function loadProgress(
  clients: LedgerClients,
  executionName: string,
  state: string,
): Promise<Progress | undefined> {
  const document = await getDocument(clients, executionKey(executionName), progressKey(state));
  return document as Progress | undefined;
}

export async function saveProgress(
  clients: LedgerClients,
  executionName: string,
  state: string,
  progress: Progress,
): Promise<void> {
  const expiresAt = expiry(clients.now());
  await putDocument(clients, executionKey(executionName), progressKey(state), progress, { expiresAt });
}
