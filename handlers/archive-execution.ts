// Writes an execution that has ended, or waits for a decision, into the archive; told by EventBridge, never waited for.
import { DescribeExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { ServiceProxyError } from '../core/errors.ts';
import { type ArchivedExecution, archivedExecution, finishedBy } from '../history/archived-execution.ts';
import { type ArchiveRecord, chainKeyOf, sealRecord } from '../history/chain.ts';
import { indexEntry } from '../history/index-entry.ts';
import { archiveClientsFromEnvironment } from './archive-clients.ts';
import { type ArchiveClients, claimPlace, putIndexEntry, putRecord, readChain } from './archive-store.ts';
import { readHistory } from './execution-history.ts';
import { loadCalls, loadExecution } from './ledger.ts';

export interface ArchiverClients extends ArchiveClients {
  readonly sfn: SFNClient;
}

/** Records of one API that end at the same time compete for the next place in its chain. */
const mostClaims = 20;

/** An execution as its record will say it, from Step Functions and the ledger. */
export async function readExecution(
  clients: ArchiverClients,
  executionArn: string,
): Promise<ArchivedExecution> {
  const described = await clients.sfn.send(new DescribeExecutionCommand({ executionArn }));
  const events = await readHistory(clients.sfn, executionArn);
  // The ledger knows what a rollback execution does under the name of the one that it finishes.
  const name = finishedBy(described)?.split(':').at(-1) ?? described.name ?? '';
  const [{ plan }, ledgerCalls] = await Promise.all([loadExecution(clients, name), loadCalls(clients, name)]);
  return archivedExecution({ described, events, plan, ledgerCalls });
}

/** A rollback execution has the name of the one it finishes. */
const subjectOf = ({ name, finishes }: ArchivedExecution) =>
  finishes === undefined ? name : `${name}#ROLLBACK`;

/** Which of an execution's records this is. */
function placeNameOf(execution: ArchivedExecution): string {
  const { redriveCount, status, states } = execution;
  const which = status === 'RUNNING' ? `WAITING${states.length}` : 'ENDED';
  return `${subjectOf(execution)}#${redriveCount}#${which}`;
}

/** The record of what is told twice is the one that has its place already. */
async function placed(clients: ArchiverClients, execution: ArchivedExecution): Promise<ArchiveRecord> {
  const { name } = execution;
  const key = chainKeyOf(execution);
  const of = placeNameOf(execution);
  for (let claim = 0; claim < mostClaims; claim++) {
    const chain = await readChain(clients, key);
    const own = chain.find(place => place.of === of);
    const last = chain.at(-1);
    const { sequence, previous } = own ?? {
      sequence: (last?.sequence ?? 0) + 1,
      previous: last?.sha256 ?? '',
    };
    const earlier = chain.findLast(
      place => place.sequence < sequence && place.of.startsWith(`${subjectOf(execution)}#`),
    );
    const supersedes = earlier && { supersedes: earlier.sequence };
    const record = sealRecord(execution, { key, sequence, previous, ...supersedes });
    if (own && own.sha256 !== record.sha256) {
      throw new ServiceProxyError(
        'Refused',
        `archiving ${name}: its history is no longer what place ${sequence} in the chain of ${key} was given to`,
      );
    }
    if (own || (await claimPlace(clients, { key, sequence, previous, sha256: record.sha256, of })))
      return record;
  }
  throw new ServiceProxyError(
    'Contended',
    `archiving ${name}: no place in the chain of ${key} after ${mostClaims} tries`,
  );
}

/** Planning takes seconds; the event of the start is delivered again for minutes. */
const longestPlanning = 150_000;

/** Nothing tells when an execution begins to wait: the event of its start does, when it is delivered again. */
function willWait({ input, states, startedAt }: ArchivedExecution, now: number): boolean {
  const asks = (input as { readonly approval?: unknown }).approval === true;
  const hasAsked = states.some(({ state, error }) => state === 'RequestApproval' && error !== undefined);
  const isPast = states.some(({ state }) => state === 'ProvisionOrRemove');
  return asks && !hasAsked && !isPast && now - Date.parse(startedAt) < longestPlanning;
}

interface StatusChange {
  readonly detail: { readonly executionArn: string };
}

export const archiveExecution = {
  name: 'ArchiveExecution',
  timeoutSeconds: 120,

  async run(event: unknown, clients: ArchiverClients): Promise<{ readonly key?: string }> {
    const { executionArn } = (event as StatusChange).detail;
    const execution = await readExecution(clients, executionArn);
    // That it has begun is no news; that it waits for somebody is.
    if (execution.status === 'RUNNING' && !execution.states.some(({ isWaiting }) => isWaiting)) {
      if (willWait(execution, clients.now()))
        throw new ServiceProxyError('NotStabilized', `${execution.name} does not wait for approval yet`);
      return {};
    }
    const record = await placed(clients, execution);
    const key = await putRecord(clients, record);
    await putIndexEntry(clients, indexEntry(execution, key), record.chain.key);
    return { key };
  },
};

let clients: ArchiverClients | undefined;

export const handler = (event: unknown): Promise<unknown> => {
  clients ??= archiveClientsFromEnvironment();
  return archiveExecution.run(event, clients);
};
