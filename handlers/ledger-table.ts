// The ledger's table: documents under a partition and a sort key.
import {
  type AttributeValue,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import type { Clients } from '../core/step.ts';

export interface LedgerItem {
  readonly sk: string;
  readonly document: unknown;
}

export type LedgerClients = Pick<Clients, 'dynamodb' | 'now' | 'settings'>;

export const keyOf = (pk: string, sk: string): Record<string, AttributeValue> => ({
  pk: { S: pk },
  sk: { S: sk },
});

/** Partition of everything about one execution. */
export const executionKey = (executionName: string) => `EXECUTION#${executionName}`;

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
      Item: { ...keyOf(pk, sk), document: { S: JSON.stringify(document) }, ...attributes },
    }),
  );
}

export async function getDocument(
  { dynamodb, settings }: LedgerClients,
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

/** Everything under one partition key whose sort key begins with `prefix`, in order. */
export async function queryDocuments(
  { dynamodb, settings }: LedgerClients,
  pk: string,
  prefix = '',
): Promise<LedgerItem[]> {
  const found: LedgerItem[] = [];
  let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
  do {
    const page = await dynamodb.send(
      new QueryCommand({
        TableName: settings.ledgerTable,
        KeyConditionExpression: prefix ? 'pk = :pk AND begins_with(sk, :prefix)' : 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: pk }, ...(prefix && { ':prefix': { S: prefix } }) },
        ConsistentRead: true,
        ...(ExclusiveStartKey && { ExclusiveStartKey }),
      }),
    );
    for (const item of page.Items ?? []) found.push({ sk: item.sk?.S ?? '', document: documentOf(item) });
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return found;
}
