// The lock of an API, with a lease, and the queue for API Gateway's one deployment per five seconds.
import { ConditionalCheckFailedException, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { ServiceProxyError } from '../core/errors.ts';
import type { ExecutionIdentity } from '../core/execution.ts';
import { checkFence } from './ledger-course.ts';
import {
  deleteDocument,
  executionKey,
  expiry,
  keyOf,
  type LedgerClients,
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

const lockKey = (lock: string) => keyOf(`LOCK#${lock}`, 'LOCK');

const number = (value: number) => ({ N: String(value) });

interface Lock {
  /** Grows with every holder and every release: a call that comes late names one that is past. */
  readonly epoch: number;
  readonly holder?: string;
  readonly leaseUntil: number;
}

async function readLock({ dynamodb, settings }: LedgerClients, lock: string): Promise<Lock> {
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: settings.ledgerTable, Key: lockKey(lock), ConsistentRead: true }),
  );
  const { epoch, holder, leaseUntil } = Item ?? {};
  return {
    epoch: Number(epoch?.N ?? 0),
    leaseUntil: Number(leaseUntil?.N ?? 0),
    ...(holder?.S !== undefined && { holder: holder.S }),
  };
}

/** Makes the lock what `next` says, unless it has changed since it was read; whether it did. */
async function changeLock(
  { dynamodb, settings, now }: LedgerClients,
  lock: string,
  read: Lock,
  next: Lock,
): Promise<boolean> {
  const isHeld = next.holder !== undefined;
  try {
    await dynamodb.send(
      new UpdateItemCommand({
        TableName: settings.ledgerTable,
        Key: lockKey(lock),
        ConditionExpression: read.epoch === 0 ? 'attribute_not_exists(epoch)' : 'epoch = :read',
        UpdateExpression: `SET epoch = :next, leaseUntil = :until, expiresAt = :expiry${
          isHeld ? ', holder = :holder' : ' REMOVE holder'
        }`,
        ExpressionAttributeValues: {
          ...(read.epoch !== 0 && { ':read': number(read.epoch) }),
          ':next': number(next.epoch),
          ':until': number(next.leaseUntil),
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
 * @throws ServiceProxyError `Locked` while another execution holds it.
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
  const next = {
    holder,
    epoch: isOurs ? read.epoch : read.epoch + 1,
    leaseUntil: Math.max(now + leaseMilliseconds, isOurs ? read.leaseUntil : 0),
  };
  if ((isOurs || isFree) && (await changeLock(clients, lock, read, next))) return;
  const other = isFree ? 'another execution' : `execution ${read.holder}`;
  throw new ServiceProxyError('Locked', `${lock} is being changed by ${other}`);
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
    const isReleased = await changeLock(clients, lock, read, { epoch: read.epoch + 1, leaseUntil: 0 });
    if (!isReleased) throw new ServiceProxyError('Contended', `${lock} changed while it was released`);
  }
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

/**
 * A place in the account's queue for CreateDeployment: the time, in milliseconds since the epoch, at which this
 * execution may deploy. First come, first served: far better than every execution retrying by itself.
 */
export async function reserveDeployment(clients: LedgerClients): Promise<number> {
  const interval = clients.settings.deploymentIntervalSeconds * 1000;
  return interval === 0 ? clients.now() : queueUp(clients, 'DEPLOYMENT', interval);
}

/** When the time that is asked for begins, after everything that is queued already. */
export async function queueUp(clients: LedgerClients, queue: string, milliseconds: number): Promise<number> {
  const now = clients.now();
  const Key = keyOf(queue, 'NEXT');
  const TableName = clients.settings.ledgerTable;
  try {
    // The queue is not empty: the place after the last one.
    const { Attributes } = await clients.dynamodb.send(
      new UpdateItemCommand({
        TableName,
        Key,
        ConditionExpression: 'nextAt > :now',
        UpdateExpression: 'SET nextAt = nextAt + :interval',
        ExpressionAttributeValues: { ':now': number(now), ':interval': number(milliseconds) },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    return Number(Attributes?.nextAt?.N) - milliseconds;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
  try {
    await clients.dynamodb.send(
      new UpdateItemCommand({
        TableName,
        Key,
        ConditionExpression: 'attribute_not_exists(nextAt) OR nextAt <= :now',
        UpdateExpression: 'SET nextAt = :next',
        ExpressionAttributeValues: { ':now': number(now), ':next': number(now + milliseconds) },
      }),
    );
    return now;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    throw new ServiceProxyError('Contended', 'another execution took the place in the queue');
  }
}
