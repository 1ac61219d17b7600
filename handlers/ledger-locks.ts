// The lock of an API, with a lease, and the queue for API Gateway's one deployment per five seconds.
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { ServiceProxyError } from '../core/errors.ts';
import type { ExecutionIdentity } from '../core/execution.ts';
import { checkFence } from './ledger-fences.ts';
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

const number = (value: number) => ({ N: String(value) });

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
  const now = clients.now();
  try {
    await clients.dynamodb.send(
      new UpdateItemCommand({
        TableName: clients.settings.ledgerTable,
        Key: keyOf(`LOCK#${lock}`, 'LOCK'),
        ConditionExpression: 'attribute_not_exists(holder) OR holder = :holder OR leaseUntil < :now',
        UpdateExpression: 'SET holder = :holder, leaseUntil = :until',
        ExpressionAttributeValues: {
          ':holder': { S: holder },
          ':now': number(now),
          ':until': number(now + leaseMilliseconds),
        },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const { Item } = await clients.dynamodb.send(
      new GetItemCommand({ TableName: clients.settings.ledgerTable, Key: keyOf(`LOCK#${lock}`, 'LOCK') }),
    );
    throw new ServiceProxyError(
      'Locked',
      `${lock} is being changed by execution ${Item?.holder?.S ?? 'unknown'}`,
    );
  }
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
        Key: keyOf(`LOCK#${lock}`, 'LOCK'),
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

/** Whether it was ours to release; a lock that is free, or another's, is left alone. */
export async function releaseLock(clients: LedgerClients, lock: string, holder: string): Promise<boolean> {
  let wasHeld = true;
  try {
    await clients.dynamodb.send(
      new DeleteItemCommand({
        TableName: clients.settings.ledgerTable,
        Key: keyOf(`LOCK#${lock}`, 'LOCK'),
        ConditionExpression: 'holder = :holder',
        ExpressionAttributeValues: { ':holder': { S: holder } },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    wasHeld = false;
  }
  await deleteDocument(clients, executionKey(holder), heldKey(lock));
  return wasHeld;
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
  const now = clients.now();
  if (interval === 0) return now;
  const Key = keyOf('DEPLOYMENT', 'NEXT');
  const TableName = clients.settings.ledgerTable;
  try {
    // The queue is not empty: the place after the last one.
    const { Attributes } = await clients.dynamodb.send(
      new UpdateItemCommand({
        TableName,
        Key,
        ConditionExpression: 'nextAt > :now',
        UpdateExpression: 'SET nextAt = nextAt + :interval',
        ExpressionAttributeValues: { ':now': number(now), ':interval': number(interval) },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    return Number(Attributes?.nextAt?.N) - interval;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
  await clients.dynamodb.send(
    new UpdateItemCommand({
      TableName,
      Key,
      ConditionExpression: 'attribute_not_exists(nextAt) OR nextAt <= :now',
      UpdateExpression: 'SET nextAt = :next',
      ExpressionAttributeValues: { ':now': number(now), ':next': number(now + interval) },
    }),
  );
  return now;
}
