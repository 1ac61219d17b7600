// Writes an execution that has ended, or waits for a decision, into the archive; told by EventBridge, never waited for.
import type { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { DescribeExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { ServiceProxyError } from '../core/errors.ts';
import { type ArchivedExecution, archivedExecution, finishedBy } from '../history/archived-execution.ts';
import { completeOrWant, lookUpCallers } from './archive-callers.ts';
import { archiveClientsFromEnvironment } from './archive-clients.ts';
import { writeRecord } from './archive-record.ts';
import type { ArchiveClients } from './archive-store.ts';
import { readHistory } from './execution-history.ts';
import { loadCalls, loadExecution } from './ledger.ts';

export interface ArchiverClients extends ArchiveClients {
  readonly sfn: SFNClient;
  readonly cloudtrail: CloudTrailClient;
}

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

/** Planning takes seconds; the event of the start is delivered again for minutes. */
const longestPlanning = 150_000;

/** Nothing tells when an execution begins to wait: the event of its start does, when it is delivered again. */
function willWait({ input, states, startedAt }: ArchivedExecution, now: number): boolean {
  const asks = (input as { readonly approval?: unknown }).approval === true;
  const hasAsked = states.some(({ state, error }) => state === 'RequestApproval' && error !== undefined);
  const isPast = states.some(({ state }) => state === 'ProvisionOrRemove');
  return asks && !hasAsked && !isPast && now - Date.parse(startedAt) < longestPlanning;
}

/** By the clock: for what CloudTrail did not know yet. */
const isPass = (event: unknown) => typeof event === 'object' && event !== null && 'lookUpCallers' in event;

interface StatusChange {
  readonly detail: { readonly executionArn: string };
}

export const archiveExecution = {
  name: 'ArchiveExecution',
  timeoutSeconds: 120,

  async run(event: unknown, clients: ArchiverClients): Promise<object> {
    if (isPass(event)) return lookUpCallers(clients);
    const { executionArn } = (event as StatusChange).detail;
    const execution = await readExecution(clients, executionArn);
    // That it has begun is no news; that it waits for somebody is.
    if (execution.status === 'RUNNING' && !execution.states.some(({ isWaiting }) => isWaiting)) {
      if (willWait(execution, clients.now()))
        throw new ServiceProxyError('NotStabilized', `${execution.name} does not wait for approval yet`);
      return {};
    }
    const key = await writeRecord(clients, execution);
    if (clients.settings.trail) await completeOrWant(clients, execution, key);
    return { key };
  },
};

let clients: ArchiverClients | undefined;

export const handler = (event: unknown): Promise<unknown> => {
  clients ??= archiveClientsFromEnvironment();
  return archiveExecution.run(event, clients);
};
