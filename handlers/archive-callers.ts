// Adds to the archive who started an execution, as soon as CloudTrail knows: with the record itself, or in a later pass.
import type { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import type { ArchivedExecution } from '../history/archived-execution.ts';
import { writeRecord } from './archive-record.ts';
import { type ArchiveClients, getRecord } from './archive-store.ts';
import { findCaller } from './execution-caller.ts';
import { deleteDocument, expiry, putDocument, queryDocuments } from './ledger-table.ts';

export type CallerClients = ArchiveClients & { readonly cloudtrail: CloudTrailClient };

/** An execution whose caller is not known yet. */
interface Wanted {
  /** Of its record in the archive. */
  readonly key: string;
  readonly passes: number;
}

const partition = 'CALLERS';

/** A pass every 15 minutes, for two hours: an account without CloudTrail's event history has no answer at all. */
const mostPasses = 8;

/** LookupEvents may be called twice a second: a pass looks for so many, and the next one for the others. */
const mostInOnePass = 50;

/** A record that is found in CloudTrail is written once more, with who it was. */
async function complete(clients: CallerClients, execution: ArchivedExecution): Promise<boolean> {
  const startedBy = await findCaller(clients.cloudtrail, execution);
  if (startedBy) await writeRecord(clients, { ...execution, startedBy });
  return startedBy !== undefined;
}

/** Right after the record was written, which counts as the first pass. */
export async function completeOrWant(
  clients: CallerClients,
  execution: ArchivedExecution,
  key: string,
): Promise<void> {
  if (!(await isKnown(clients, execution))) await want(clients, execution.executionArn, { key, passes: 1 });
}

/** That CloudTrail does not answer keeps no record from being written. */
async function isKnown(clients: CallerClients, execution: ArchivedExecution): Promise<boolean> {
  try {
    return await complete(clients, execution);
  } catch (error) {
    if (error instanceof Error && /Throttl|TooManyRequests/.test(error.name)) return false;
    throw error;
  }
}

async function want(clients: CallerClients, executionArn: string, wanted: Wanted): Promise<void> {
  const expiresAt = expiry(clients.now());
  await putDocument(clients, partition, executionArn, wanted, { expiresAt });
}

/** One pass over all whose caller is not known yet: how many are known now, and how many are given up. */
export async function lookUpCallers(
  clients: CallerClients,
): Promise<{ readonly found: number; readonly givenUp: number }> {
  const wanted = await queryDocuments(clients, partition);
  let [found, givenUp] = [0, 0];
  for (const { sk: executionArn, document } of wanted.slice(0, mostInOnePass)) {
    const { key, passes } = document as Wanted;
    const { execution } = await getRecord(clients, key);
    const isFound = await isKnown(clients, execution);
    if (isFound) found += 1;
    else if (passes + 1 >= mostPasses) givenUp += 1;
    else {
      await want(clients, executionArn, { key, passes: passes + 1 });
      continue;
    }
    await deleteDocument(clients, partition, executionArn);
  }
  return { found, givenUp };
}
