// What the ledger notes on the course of an execution: its approval, its outcome, and who goes on with it once it is dead.
import { ServiceProxyError } from '../core/errors.ts';
import type { ExecutionIdentity, Outcome } from '../core/execution.ts';
import {
  deleteDocument,
  executionKey,
  expiry,
  getDocument,
  type LedgerClients,
  putDocument,
  type TableReader,
} from './ledger-table.ts';

/**
 * From here on only `finisher`, another execution's ARN, changes anything for this one. A function that was
 * running when its execution was stopped goes on running, and finds out at its next step.
 */
export async function putFence(
  clients: LedgerClients,
  executionName: string,
  finisher: string,
): Promise<void> {
  await putDocument(
    clients,
    executionKey(executionName),
    'FENCE',
    { finisher },
    { expiresAt: expiry(clients.now()) },
  );
}

/** ARN of the execution that goes on with this one; undefined while it goes on by itself. */
export async function finisherOf(clients: LedgerClients, executionName: string): Promise<string | undefined> {
  const fence = await getDocument(clients, executionKey(executionName), 'FENCE');
  return fence === undefined ? undefined : finisherIn(fence);
}

export const finisherIn = (fence: unknown): string => (fence as { finisher: string }).finisher;

/** How long what was read of a fence counts, in milliseconds: no longer than the call after it may take. */
const fenceReadCounts = 1000;

const fenceReadAt = new WeakMap<ExecutionIdentity, number>();

/** Notes that the fence was read, and let this execution pass. */
export const noteFenceRead = (execution: ExecutionIdentity, at: number) => fenceReadAt.set(execution, at);

/** @throws ServiceProxyError `Refused` when another execution has taken over. */
export async function checkFence(clients: LedgerClients, execution: ExecutionIdentity): Promise<void> {
  const now = clients.now();
  if (now - (fenceReadAt.get(execution) ?? Number.NEGATIVE_INFINITY) < fenceReadCounts) return;
  checkFinisher(execution, await finisherOf(clients, execution.name));
  noteFenceRead(execution, now);
}

/** As checkFence, for a fence that has just been read. */
export function checkFinisher({ name, finisher }: ExecutionIdentity, allowed: string | undefined): void {
  if (allowed !== finisher) {
    throw new ServiceProxyError(
      'Refused',
      `execution ${name} has ended and ${allowed ?? 'nobody'} goes on with it: this is a late call, and changes nothing`,
    );
  }
}

/** The outcome an execution has reached: from here on it is finished, never rolled back. */
export async function recordedOutcome(
  clients: TableReader,
  executionName: string,
): Promise<Outcome | undefined> {
  return (await getDocument(clients, executionKey(executionName), 'OUTCOME')) as Outcome | undefined;
}

export async function recordOutcomeOf(
  clients: LedgerClients,
  executionName: string,
  outcome: Outcome,
): Promise<void> {
  await putDocument(clients, executionKey(executionName), 'OUTCOME', outcome, {
    expiresAt: expiry(clients.now()),
  });
}

export async function forgetOutcome(clients: LedgerClients, executionName: string): Promise<void> {
  await deleteDocument(clients, executionKey(executionName), 'OUTCOME');
}

/** Notes that an execution goes on with another one, which it was to resume. */
export async function continueAs(
  clients: LedgerClients,
  executionName: string,
  { arn, name, startedAt }: ExecutionIdentity,
): Promise<void> {
  await putDocument(
    clients,
    executionKey(executionName),
    'CONTINUES',
    { arn, name, startedAt },
    { expiresAt: expiry(clients.now()) },
  );
}

export async function continuedBy(
  clients: LedgerClients,
  executionName: string,
): Promise<ExecutionIdentity | undefined> {
  return (await getDocument(clients, executionKey(executionName), 'CONTINUES')) as
    | ExecutionIdentity
    | undefined;
}

export async function keepApprovalToken(
  clients: LedgerClients,
  executionName: string,
  token: string,
): Promise<void> {
  await putDocument(
    clients,
    executionKey(executionName),
    'APPROVAL',
    { token },
    { expiresAt: expiry(clients.now()) },
  );
}

export async function approvalToken(
  clients: LedgerClients,
  executionName: string,
): Promise<string | undefined> {
  const found = await getDocument(clients, executionKey(executionName), 'APPROVAL');
  return (found as { readonly token: string } | undefined)?.token;
}

export async function forgetApprovalToken(clients: LedgerClients, executionName: string): Promise<void> {
  await deleteDocument(clients, executionKey(executionName), 'APPROVAL');
}
