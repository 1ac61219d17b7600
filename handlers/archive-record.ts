// An execution's record in the archive: its place in the chain of its API, its object, its line in the index.
import { ServiceProxyError } from '../core/errors.ts';
import type { ArchivedExecution } from '../history/archived-execution.ts';
import { type ArchiveRecord, chainKeyOf, sealRecord } from '../history/chain.ts';
import { indexEntry } from '../history/index-entry.ts';
import {
  type ArchiveClients,
  claimPlace,
  type Place,
  putIndexEntry,
  putRecord,
  readChain,
} from './archive-store.ts';

/** Records of one API that end at the same time compete for the next place in its chain. */
const mostClaims = 20;

/** A rollback execution has the name of the one it finishes. No name has a # in it. */
const subjectOf = ({ name, finishes }: ArchivedExecution) =>
  finishes === undefined ? `${name}#` : `#ROLLBACK#${name}#`;

/** Which of an execution's records this is. */
function placeNameOf(execution: ArchivedExecution): string {
  const { redriveCount, status, states, startedBy } = execution;
  const which = status === 'RUNNING' ? `WAITING${states.length}` : 'ENDED';
  return `${subjectOf(execution)}${redriveCount}#${which}${startedBy ? '+CALLER' : ''}`;
}

interface Placed {
  readonly record: ArchiveRecord;
  /** Whether no later record supersedes it. */
  readonly isLatest: boolean;
}

/** The record of what is told twice is the one that has its place already. */
async function placed(clients: ArchiveClients, execution: ArchivedExecution): Promise<Placed> {
  const { name } = execution;
  const isOfIt = (place: Place) => place.of.startsWith(subjectOf(execution));
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
    const earlier = chain.findLast(place => place.sequence < sequence && isOfIt(place));
    const isLatest = !chain.some(place => place.sequence > sequence && isOfIt(place));
    const supersedes = earlier && { supersedes: earlier.sequence };
    const record = sealRecord(execution, { key, sequence, previous, ...supersedes });
    if (own && own.sha256 !== record.sha256) {
      throw new ServiceProxyError(
        'Refused',
        `archiving ${name}: its history is no longer what place ${sequence} in the chain of ${key} was given to`,
      );
    }
    if (own || (await claimPlace(clients, { key, sequence, previous, sha256: record.sha256, of })))
      return { record, isLatest };
  }
  throw new ServiceProxyError(
    'Contended',
    `archiving ${name}: no place in the chain of ${key} after ${mostClaims} tries`,
  );
}

/** Returns the key of the record's object. */
export async function writeRecord(clients: ArchiveClients, execution: ArchivedExecution): Promise<string> {
  const { record, isLatest } = await placed(clients, execution);
  const key = await putRecord(clients, record);
  if (isLatest) await putIndexEntry(clients, indexEntry(execution, key), record.chain.key);
  return key;
}
