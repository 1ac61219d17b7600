// The lock of an API, with a lease. Whoever waits for it has a place in line: ledger-line.ts.
import { ConditionalCheckFailedException, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { ServiceProxyError } from '../core/errors.ts';
import type { ExecutionIdentity, HeldLock } from '../core/execution.ts';
import { checkFence } from './ledger-course.ts';
import { isAwaited, type Line, leaveLine, nextLook, standInLine, waitingBefore } from './ledger-line.ts';
import {
  executionKey,
  expiry,
  type LedgerClients,
  lockKey,
  number,
  putDocument,
  writeDocuments,
} from './ledger-table.ts';

/**
 * Longer than the longest function (15 minutes is Lambda's limit; ours take less) plus the pauses between
 * two attempts, so that a holder that is alive renews in time.
 */
const leaseMilliseconds = 15 * 60_000;

/** A lease with so much left outlives every function (ten minutes at most): it need not be renewed before a change. */
const ampleMilliseconds = 12 * 60_000;

export const heldPrefix = 'HELD#';
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
  read: Pick<Lock, 'epoch' | 'holder'>,
  next: Omit<Lock, 'awaitedUntil'>,
): Promise<boolean> {
  const isHeld = next.holder !== undefined;
  try {
    await dynamodb.send(
      new UpdateItemCommand({
        TableName: settings.ledgerTable,
        Key: lockKey(lock),
        ConditionExpression:
          read.epoch === 0
            ? 'attribute_not_exists(epoch)'
            : `epoch = :read${read.holder === undefined ? '' : ' AND holder = :was'}`,
        UpdateExpression: `SET epoch = :next, leaseUntil = :until, heldSince = :since, lastHold = :hold, expiresAt = :expiry${
          isHeld ? ', holder = :holder' : ' REMOVE holder'
        }`,
        ExpressionAttributeValues: {
          ...(read.epoch !== 0 && { ':read': number(read.epoch) }),
          ...(read.holder !== undefined && { ':was': { S: read.holder } }),
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

/** Noted before the lock is taken: whoever finishes a dead execution finds here what to release. */
async function noteHeld(clients: LedgerClients, lock: string, holder: string, held: HeldLock): Promise<void> {
  const expiresAt = expiry(clients.now());
  await putDocument(clients, executionKey(holder), heldKey(lock), held, { expiresAt });
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
  const read = await readLock(clients, lock);
  const now = clients.now();
  const isOurs = read.holder === holder;
  if (isOurs && read.leaseUntil - now > ampleMilliseconds) return;
  const isFree = read.holder === undefined || read.leaseUntil < now;
  const before = isOurs ? 0 : await waitingBefore(clients, lock, execution, read);
  if (isOurs || (isFree && before === 0)) {
    const held = {
      epoch: isOurs ? read.epoch : read.epoch + 1,
      since: isOurs ? read.heldSince : now,
      leaseUntil: Math.max(now + leaseMilliseconds, isOurs ? read.leaseUntil : 0),
    };
    await noteHeld(clients, lock, holder, held);
    if (
      await changeLock(clients, lock, read, {
        holder,
        epoch: held.epoch,
        leaseUntil: held.leaseUntil,
        heldSince: held.since,
        lastHold: read.lastHold,
      })
    ) {
      if (!isOurs && isAwaited(read, now)) await leaveLine(clients, lock, holder);
      return;
    }
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
 * Nobody takes a lock whose lease has not ended: as long as enough is left, this execution's own note of it will do.
 * @throws ServiceProxyError `Contended` when another execution holds the lock now.
 */
export async function renewLock(
  clients: LedgerClients,
  lock: string,
  holder: string,
  { held, keepUntil = 0 }: { readonly held?: HeldLock | undefined; readonly keepUntil?: number } = {},
): Promise<void> {
  const now = clients.now();
  if (held && held.leaseUntil >= Math.max(now + ampleMilliseconds, keepUntil)) return;
  const leaseUntil = Math.max(now + leaseMilliseconds, keepUntil);
  try {
    await clients.dynamodb.send(
      new UpdateItemCommand({
        TableName: clients.settings.ledgerTable,
        Key: lockKey(lock),
        ConditionExpression: 'holder = :holder',
        UpdateExpression: 'SET leaseUntil = :until',
        ExpressionAttributeValues: {
          ':holder': { S: holder },
          ':until': number(leaseUntil),
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
  if (held) await noteHeld(clients, lock, holder, { ...held, leaseUntil });
}

/** Whether it was ours to release. One that is free gets a new epoch all the same, so that a late call cannot take it. */
export async function releaseLock(
  clients: LedgerClients,
  lock: string,
  holder: string,
  held?: HeldLock,
): Promise<boolean> {
  const freed = (epoch: number, lastHold: number) => ({
    epoch: epoch + 1,
    leaseUntil: 0,
    heldSince: 0,
    lastHold,
  });
  // What the holder noted is mostly still so, and saves a read.
  if (held) {
    const noted = { epoch: held.epoch, holder };
    const free = freed(held.epoch, clients.now() - held.since);
    if (await changeLock(clients, lock, noted, free)) return true;
  }
  const read = await readLock(clients, lock);
  const wasHeld = read.holder === holder;
  if (wasHeld || read.holder === undefined) {
    const lastHold = wasHeld ? clients.now() - read.heldSince : read.lastHold;
    const isReleased = await changeLock(clients, lock, read, freed(read.epoch, lastHold));
    if (!isReleased) throw new ServiceProxyError('Contended', `${lock} changed while it was released`);
  }
  if (!wasHeld) await leaveLine(clients, lock, holder);
  return wasHeld;
}

/** After their release: nobody need release them any more. */
export async function forgetHeld(
  clients: LedgerClients,
  locks: readonly string[],
  holder: string,
): Promise<void> {
  const pk = executionKey(holder);
  await writeDocuments(
    clients,
    locks.map(lock => ({ pk, sk: heldKey(lock) })),
  );
}
