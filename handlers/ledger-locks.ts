// The lock of an API, with a lease. Whoever waits for it has a place in line: ledger-line.ts.
import { ConditionalCheckFailedException, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { ServiceProxyError } from '../core/errors.ts';
import type { ExecutionIdentity } from '../core/execution.ts';
import { checkFence } from './ledger-course.ts';
import { isAwaited, type Line, leaveLine, nextLook, standInLine, waitingBefore } from './ledger-line.ts';
import {
  deleteDocument,
  executionKey,
  expiry,
  type LedgerClients,
  lockKey,
  number,
  putDocument,
  queryDocuments,
} from './ledger-table.ts';

/**
 * Longer than the longest function (15 minutes is Lambda's limit; ours take less) plus the pauses between
 * two attempts, so that a holder that is alive renews in time.
 */
const leaseMilliseconds = 15 * 60_000;

const heldPrefix = 'HELD#';
const heldKey = (lock: string) => `${heldPrefix}${lock}`;

interface Lock extends Line {
  /** Grows with every holder and every release: a call that comes late names one that is past. */
  readonly epoch: number;
  readonly holder?: string;
  readonly leaseUntil: number;
}

async function readLock({ dynamodb, settings }: LedgerClients, lock: string): Promise<Lock> {
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: settings.ledgerTable, Key: lockKey(lock), ConsistentRead: true }),
  );
  const { epoch, holder, leaseUntil, heldSince, lastHold, awaitedUntil } = Item ?? {};
  return {
    epoch: Number(epoch?.N ?? 0),
    leaseUntil: Number(leaseUntil?.N ?? 0),
    heldSince: Number(heldSince?.N ?? 0),
    lastHold: Number(lastHold?.N ?? 0),
    awaitedUntil: Number(awaitedUntil?.N ?? 0),
    ...(holder?.S !== undefined && { holder: holder.S }),
  };
}

/** Makes the lock what `next` says, unless it has changed since it was read; whether it did. */
async function changeLock(
  { dynamodb, settings, now }: LedgerClients,
  lock: string,
  read: Lock,
  next: Omit<Lock, 'awaitedUntil'>,
): Promise<boolean> {
  const isHeld = next.holder !== undefined;
  try {
    await dynamodb.send(
      new UpdateItemCommand({
        TableName: settings.ledgerTable,
        Key: lockKey(lock),
        ConditionExpression: read.epoch === 0 ? 'attribute_not_exists(epoch)' : 'epoch = :read',
        UpdateExpression: `SET epoch = :next, leaseUntil = :until, heldSince = :since, lastHold = :hold, expiresAt = :expiry${
          isHeld ? ', holder = :holder' : ' REMOVE holder'
        }`,
        ExpressionAttributeValues: {
          ...(read.epoch !== 0 && { ':read': number(read.epoch) }),
          ':next': number(next.epoch),
          ':until': number(next.leaseUntil),
          ':since': number(next.heldSince),
          ':hold': number(next.lastHold),
          ':expiry': expiry(now()),
          ...(next.holder !== undefined && { ':holder': { S: next.holder } }),
        },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/**
 * Takes or renews the lock for this execution.
 * @throws ServiceProxyError `Locked` while another execution holds it, or stands in line before this one; its message
 * says when to look again, as an ISO time.
 */
export async function acquireLock(
  clients: LedgerClients,
  lock: string,
  execution: ExecutionIdentity,
): Promise<void> {
  const holder = execution.name;
  await checkFence(clients, execution);
  // Before it is taken: whoever finishes a dead execution finds here what to release.
  await putDocument(
    clients,
    executionKey(holder),
    heldKey(lock),
    { lock },
    { expiresAt: expiry(clients.now()) },
  );
  const read = await readLock(clients, lock);
  const now = clients.now();
  const isOurs = read.holder === holder;
  const isFree = read.holder === undefined || read.leaseUntil < now;
  const before = isOurs ? 0 : await waitingBefore(clients, lock, execution, read);
  const next = {
    holder,
    epoch: isOurs ? read.epoch : read.epoch + 1,
    leaseUntil: Math.max(now + leaseMilliseconds, isOurs ? read.leaseUntil : 0),
    heldSince: isOurs ? read.heldSince : now,
    lastHold: read.lastHold,
  };
  if ((isOurs || (isFree && before === 0)) && (await changeLock(clients, lock, read, next))) {
    if (!isOurs && isAwaited(read, now)) await leaveLine(clients, lock, holder);
    return;
  }
  const lookAt = nextLook(isFree ? { ...read, heldSince: now } : read, before, now);
  await standInLine(clients, lock, execution, lookAt);
  const other = isFree ? 'another execution' : `execution ${read.holder}`;
  throw new ServiceProxyError(
    'Locked',
    `${lock} is being changed by ${other}, and ${before} more come first; looks again at ${new Date(lookAt).toISOString()}`,
  );
}

/**
 * Called before each change: API Gateway accepts no fencing token, so a function that lost its lease must not write.
 * @throws ServiceProxyError `Contended` when another execution holds the lock now.
 */
export async function renewLock(
  clients: LedgerClients,
  lock: string,
  holder: string,
  keepUntil = 0,
): Promise<void> {
  const now = clients.now();
  try {
    await clients.dynamodb.send(
      new UpdateItemCommand({
        TableName: clients.settings.ledgerTable,
        Key: lockKey(lock),
        ConditionExpression: 'holder = :holder',
        UpdateExpression: 'SET leaseUntil = :until',
        ExpressionAttributeValues: {
          ':holder': { S: holder },
          ':until': number(Math.max(now + leaseMilliseconds, keepUntil)),
        },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    throw new ServiceProxyError(
      'Contended',
      `the lock of ${lock} was lost: its lease ended and another execution took it`,
    );
  }
}

/** Whether it was ours to release. One that is free gets a new epoch all the same, so that a late call cannot take it. */
export async function releaseLock(clients: LedgerClients, lock: string, holder: string): Promise<boolean> {
  const read = await readLock(clients, lock);
  const wasHeld = read.holder === holder;
  if (wasHeld || read.holder === undefined) {
    const isReleased = await changeLock(clients, lock, read, {
      epoch: read.epoch + 1,
      leaseUntil: 0,
      heldSince: 0,
      lastHold: wasHeld ? clients.now() - read.heldSince : read.lastHold,
    });
    if (!isReleased) throw new ServiceProxyError('Contended', `${lock} changed while it was released`);
  }
  if (!wasHeld) await leaveLine(clients, lock, holder);
  return wasHeld;
}

/** After its release: nobody need release it any more. */
export async function forgetHeld(clients: LedgerClients, lock: string, holder: string): Promise<void> {
  await deleteDocument(clients, executionKey(holder), heldKey(lock));
}

/** The locks an execution has taken, or was about to take, and has not released; the API's own first. */
export async function locksHeldBy(clients: LedgerClients, holder: string): Promise<string[]> {
  const items = await queryDocuments(clients, executionKey(holder), heldPrefix);
  return items.map(({ sk }) => sk.slice(heldPrefix.length));
}
