// The line of executions that wait for a lock: by their start, so that none starves, each looking when its turn is near.
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { ExecutionIdentity } from '../core/execution.ts';
import {
  deleteDocument,
  expiry,
  ifCondition,
  type LedgerClients,
  lockKey,
  lockPartition,
  number,
  putDocument,
  queryDocuments,
} from './ledger-table.ts';

/** What of a lock tells how long one will wait for it; times in milliseconds, and since the epoch. */
export interface Line {
  readonly heldSince: number;
  /** How long the holder before this one held it; 0 where there was none. */
  readonly lastHold: number;
  /** Until when somebody may stand in line. */
  readonly awaitedUntil: number;
}

interface Place {
  /** When the execution was started, ISO 8601. */
  readonly since: string;
  /** Who has not looked again by then is dead: its place is nobody's. */
  readonly until: number;
}

const placePrefix = 'PLACE#';

/** How late an execution that is alive may look: the state machine and Lambda take their time. */
const patience = 60_000;

const usualHold = 10_000;
const shortestWait = 1000;
const longestWait = 5 * 60_000;

export const isAwaited = ({ awaitedUntil }: Line, now: number) => awaitedUntil > now;

/** How many executions come before this one. Where nobody stands in line it costs no call. */
export async function waitingBefore(
  clients: LedgerClients,
  lock: string,
  { name, startedAt }: ExecutionIdentity,
  line: Line,
): Promise<number> {
  const now = clients.now();
  if (!isAwaited(line, now)) return 0;
  const since = new Date(startedAt).toISOString();
  const places = await queryDocuments(clients, lockPartition(lock), placePrefix);
  return places.filter(({ sk, document }) => {
    const other = document as Place;
    const otherName = sk.slice(placePrefix.length);
    const isBefore = other.since < since || (other.since === since && otherName < name);
    return other.until >= now && isBefore;
  }).length;
}

/**
 * When to look again: halfway to when it should be this one's turn. Where the holder takes longer than the one before,
 * ever less often.
 */
export function nextLook({ heldSince, lastHold }: Line, before: number, now: number): number {
  const turnAt = heldSince + (lastHold || usualHold) * (before + 1);
  const wait = Math.max(shortestWait, (turnAt - now) / 2, (now - heldSince) / 10);
  return now + Math.min(longestWait, Math.round(wait));
}

/** Takes the place in line, or keeps it until after the next look. */
export async function standInLine(
  clients: LedgerClients,
  lock: string,
  { name, startedAt }: ExecutionIdentity,
  lookAt: number,
): Promise<void> {
  const until = lookAt + patience;
  const place: Place = { since: new Date(startedAt).toISOString(), until };
  const expiresAt = expiry(clients.now());
  await putDocument(clients, lockPartition(lock), `${placePrefix}${name}`, place, { expiresAt });
  // Where another one waits for longer, it stays as it is.
  await ifCondition(
    clients.dynamodb.send(
      new UpdateItemCommand({
        TableName: clients.settings.ledgerTable,
        Key: lockKey(lock),
        ConditionExpression: 'attribute_not_exists(awaitedUntil) OR awaitedUntil < :until',
        UpdateExpression: 'SET awaitedUntil = :until',
        ExpressionAttributeValues: { ':until': number(until) },
      }),
    ),
  );
}

export async function leaveLine(clients: LedgerClients, lock: string, executionName: string): Promise<void> {
  await deleteDocument(clients, lockPartition(lock), `${placePrefix}${executionName}`);
}
