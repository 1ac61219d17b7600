// The account's queues for what API Gateway takes so much of in a time: first come, first served.
import { UpdateItemCommand, type UpdateItemInput, type UpdateItemOutput } from '@aws-sdk/client-dynamodb';
import { ServiceProxyError } from '../core/errors.ts';
import { ifCondition, keyOf, type LedgerClients, number } from './ledger-table.ts';

/**
 * A place in the account's queue for CreateDeployment: the time, in milliseconds since the epoch, at which this
 * execution may deploy. First come, first served: far better than every execution retrying by itself.
 */
export async function reserveDeployment(clients: LedgerClients): Promise<number> {
  const interval = clients.settings.deploymentIntervalSeconds * 1000;
  return interval === 0 ? clients.now() : queueUp(clients, 'DEPLOYMENT', interval);
}

/**
 * When this execution may create an API, in milliseconds since the epoch: of regional ones API Gateway takes one in
 * three seconds; at once where no rates hold.
 */
export async function reserveRestApi(clients: LedgerClients): Promise<number> {
  const isPaced = clients.settings.deploymentIntervalSeconds > 0;
  return isPaced ? queueUp(clients, 'REST_API', 3000) : clients.now();
}

/** When this execution may call PutRestApi, which API Gateway takes once a second: a little less often. */
export const reserveImport = (clients: LedgerClients): Promise<number> => queueUp(clients, 'IMPORT', 1100);

/** Each account has rates of its own in each region. */
const queueKey = ({ place }: LedgerClients, queue: string) =>
  keyOf(place ? `${queue}#${place}` : queue, 'NEXT');

/** When the time that is asked for begins, after everything that is queued already. */
export async function queueUp(clients: LedgerClients, queue: string, milliseconds: number): Promise<number> {
  const now = clients.now();
  const place =
    (await firstPlace(clients, queue, milliseconds, now)) ??
    (await placeAfterLast(clients, queue, milliseconds, now)) ??
    // Its last place has come meanwhile.
    (await firstPlace(clients, queue, milliseconds, now));
  if (place === undefined) {
    throw new ServiceProxyError('Contended', 'another execution took the place in the queue');
  }
  return place;
}

/** Moves the queue's next place where the condition holds; undefined where it does not. */
const moveQueue = (
  clients: LedgerClients,
  queue: string,
  move: Pick<UpdateItemInput, 'ConditionExpression' | 'UpdateExpression' | 'ExpressionAttributeValues'>,
): Promise<UpdateItemOutput | undefined> =>
  ifCondition(
    clients.dynamodb.send(
      new UpdateItemCommand({
        TableName: clients.settings.ledgerTable,
        Key: queueKey(clients, queue),
        ReturnValues: 'UPDATED_NEW',
        ...move,
      }),
    ),
  );

/** The place in an empty queue, which is now; undefined where it is not empty. */
async function firstPlace(
  clients: LedgerClients,
  queue: string,
  milliseconds: number,
  now: number,
): Promise<number | undefined> {
  const moved = await moveQueue(clients, queue, {
    ConditionExpression: 'attribute_not_exists(nextAt) OR nextAt <= :now',
    UpdateExpression: 'SET nextAt = :next',
    ExpressionAttributeValues: { ':now': number(now), ':next': number(now + milliseconds) },
  });
  return moved && now;
}

/** The place in a queue that is not empty; undefined where it is. */
async function placeAfterLast(
  clients: LedgerClients,
  queue: string,
  milliseconds: number,
  now: number,
): Promise<number | undefined> {
  const moved = await moveQueue(clients, queue, {
    ConditionExpression: 'nextAt > :now',
    UpdateExpression: 'SET nextAt = nextAt + :interval',
    ExpressionAttributeValues: { ':now': number(now), ':interval': number(milliseconds) },
  });
  return moved && Number(moved.Attributes?.nextAt?.N) - milliseconds;
}
