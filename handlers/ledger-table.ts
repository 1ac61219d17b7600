// The ledger's table: documents under a partition and a sort key.
import {
  type AttributeValue,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { ServiceProxyError } from '../core/errors.ts';
import type { Clients } from '../core/step.ts';

export interface LedgerItem {
  readonly sk: string;
  readonly document: unknown;
}

/** Enough to read what the table holds. */
export type TableReader = Pick<Clients, 'dynamodb'> & {
  readonly settings: Pick<Clients['settings'], 'ledgerTable'>;
};

export type LedgerClients = Pick<Clients, 'dynamodb' | 'now' | 'settings' | 'place'>;

export const keyOf = (pk: string, sk: string): Record<string, AttributeValue> => ({
  pk: { S: pk },
  sk: { S: sk },
});

export const number = (value: number): AttributeValue => ({ N: String(value) });

export const lockPartition = (lock: string) => `LOCK#${lock}`;
export const lockKey = (lock: string) => keyOf(lockPartition(lock), 'LOCK');

/** Partition of everything about one execution. */
export const executionKey = (executionName: string) => `EXECUTION#${executionName}`;

const itemOf = (pk: string, sk: string, document: unknown) => ({
  ...keyOf(pk, sk),
  document: { S: JSON.stringify(document) },
});

const documentOf = (item: Record<string, AttributeValue>): unknown => JSON.parse(item.document?.S ?? 'null');

/** How long the records of a finished execution are kept: as long as Step Functions keeps its history. */
const executionRetentionSeconds = 90 * 24 * 60 * 60;

export const expiry = (now: number): AttributeValue => ({
  N: String(Math.floor(now / 1000) + executionRetentionSeconds),
});

export async function putDocument(
  { dynamodb, settings }: LedgerClients,
  pk: string,
  sk: string,
  document: unknown,
  attributes: Record<string, AttributeValue> = {},
): Promise<void> {
  await dynamodb.send(
    new PutItemCommand({
      TableName: settings.ledgerTable,
      Item: { ...itemOf(pk, sk, document), ...attributes },
    }),
  );
}

export async function getDocument(
  { dynamodb, settings }: TableReader,
  pk: string,
  sk: string,
): Promise<unknown> {
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: settings.ledgerTable, Key: keyOf(pk, sk), ConsistentRead: true }),
  );
  return Item ? documentOf(Item) : undefined;
}

export async function deleteDocument(
  { dynamodb, settings }: LedgerClients,
  pk: string,
  sk: string,
): Promise<void> {
  await dynamodb.send(new DeleteItemCommand({ TableName: settings.ledgerTable, Key: keyOf(pk, sk) }));
}

/** A document to write, or, without one, to delete. */
export interface Write {
  readonly pk: string;
  readonly sk: string;
  readonly document?: unknown;
}

/** DynamoDB takes so many in one BatchWriteItem. */
const writesInBatch = 25;

/** Writes and deletes, in no certain order: what fails half-way is done again as a whole. */
export async function writeDocuments(
  { dynamodb, settings }: LedgerClients,
  writes: readonly Write[],
): Promise<void> {
  let left: WriteRequest[] = writes.map(({ pk, sk, document }) =>
    document === undefined
      ? { DeleteRequest: { Key: keyOf(pk, sk) } }
      : { PutRequest: { Item: itemOf(pk, sk, document) } },
  );
  while (left.length > 0) {
    const { UnprocessedItems = {} } = await dynamodb.send(
      new BatchWriteItemCommand({ RequestItems: { [settings.ledgerTable]: left.slice(0, writesInBatch) } }),
    );
    const unprocessed = UnprocessedItems[settings.ledgerTable] ?? [];
    if (unprocessed.length === Math.min(left.length, writesInBatch)) {
      throw new ServiceProxyError(
        'Throttled',
        `table ${settings.ledgerTable} took none of ${left.length} writes`,
      );
    }
    left = [...unprocessed, ...left.slice(writesInBatch)];
  }
}

/** Sort keys that begin with a text, or lie between two, both included. */
type SortKeys = string | { readonly from: string; readonly to: string };

function keyCondition(pk: string, sortKeys: SortKeys) {
  const partition = { ':pk': { S: pk } };
  if (typeof sortKeys === 'object') {
    const { from, to } = sortKeys;
    return {
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ...partition, ':from': { S: from }, ':to': { S: to } },
    };
  }
  if (sortKeys === '') return { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: partition };
  return {
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ...partition, ':prefix': { S: sortKeys } },
  };
}

/** Everything under one partition key, or what of it has these sort keys, in order. */
export async function queryDocuments(
  { dynamodb, settings }: LedgerClients,
  pk: string,
  sortKeys: SortKeys = '',
): Promise<LedgerItem[]> {
  const found: LedgerItem[] = [];
  let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
  do {
    const page = await dynamodb.send(
      new QueryCommand({
        TableName: settings.ledgerTable,
        ...keyCondition(pk, sortKeys),
        ConsistentRead: true,
        ...(ExclusiveStartKey && { ExclusiveStartKey }),
      }),
    );
    for (const item of page.Items ?? []) found.push({ sk: item.sk?.S ?? '', document: documentOf(item) });
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return found;
}

/** What the call answers; undefined where its condition does not hold. */
export async function ifCondition<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}
