// DynamoDB through the embedded AWS, as SDK clients use it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, test } from 'vitest';
import { createEmbeddedAws, type EmbeddedAws, type EmbeddedOptions } from '../../../local/embedded.ts';

const ledger = {
  TableName: 'ledger',
  BillingMode: 'PAY_PER_REQUEST' as const,
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' as const },
    { AttributeName: 'sk', AttributeType: 'S' as const },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' as const },
    { AttributeName: 'sk', KeyType: 'RANGE' as const },
  ],
};

const opened: EmbeddedAws[] = [];
afterEach(async () => {
  for (const aws of opened.splice(0)) await aws.close();
});

async function open(options: EmbeddedOptions = {}) {
  const aws = await createEmbeddedAws(options);
  opened.push(aws);
  const { region, credentials, requestHandler } = aws;
  return { aws, client: new DynamoDBClient({ region, credentials, requestHandler, maxAttempts: 1 }) };
}

const item = (sk: string, value: string) => ({ pk: { S: 'p' }, sk: { S: sk }, value: { S: value } });
const key = (sk: string) => ({ pk: { S: 'p' }, sk: { S: sk } });

describe('DynamoDB', () => {
  test('a table can be used as soon as its creation was answered, under the account and region', async () => {
    const { client } = await open({ account: '111122223333', region: 'eu-central-1' });
    await client.send(new CreateTableCommand(ledger));
    await client.send(new PutItemCommand({ TableName: 'ledger', Item: item('a', '1') }));
    const { Table } = await client.send(new DescribeTableCommand({ TableName: 'ledger' }));
    expect(Table).toMatchObject({
      TableStatus: 'ACTIVE',
      TableArn: 'arn:aws:dynamodb:eu-central-1:111122223333:table/ledger',
    });
    await client.send(new DeleteTableCommand({ TableName: 'ledger' }));
    expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual([]);
  });

  test('items are written, updated on a condition, queried and deleted', async () => {
    const { client } = await open({ tables: [ledger] });
    const requests = ['b', 'a', 'c'].map(sk => ({ PutRequest: { Item: item(sk, sk) } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { ledger: requests } }));
    const update = {
      TableName: 'ledger',
      Key: key('a'),
      UpdateExpression: 'SET #v = :new',
      ConditionExpression: '#v = :old',
      ExpressionAttributeNames: { '#v': 'value' },
      ExpressionAttributeValues: { ':old': { S: 'a' }, ':new': { S: 'z' } },
    };
    await client.send(new UpdateItemCommand(update));
    await expect(client.send(new UpdateItemCommand(update))).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
    });
    await client.send(new DeleteItemCommand({ TableName: 'ledger', Key: key('b') }));
    const { Items } = await client.send(
      new QueryCommand({
        TableName: 'ledger',
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: 'p' } },
      }),
    );
    expect(Items).toEqual([item('a', 'z'), item('c', 'c')]);
  });

  test('a table in a data directory is there again when the account is opened anew', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'embedded-'));
    try {
      const first = await open({ dataDir, tables: [ledger] });
      await first.client.send(new PutItemCommand({ TableName: 'ledger', Item: item('a', 'kept') }));
      await first.aws.close();
      opened.splice(0);
      const second = await open({ dataDir, tables: [ledger] });
      const { Item } = await second.client.send(
        new GetItemCommand({ TableName: 'ledger', Key: key('a'), ConsistentRead: true }),
      );
      expect(Item).toEqual(item('a', 'kept'));
      await second.aws.close();
      opened.splice(0);
    } finally {
      rmSync(dataDir, { recursive: true });
    }
  });

  test('calls made at the same time find one and the same account', async () => {
    const { client } = await open();
    const names = ['one', 'two', 'three'];
    await Promise.all(names.map(TableName => client.send(new CreateTableCommand({ ...ledger, TableName }))));
    const { TableNames } = await client.send(new ListTablesCommand({}));
    expect(TableNames?.toSorted()).toEqual(names.toSorted());
  });

  test('an operation it does not have is said not to be implemented', async () => {
    const { client } = await open();
    await expect(client.send(new TransactWriteItemsCommand({ TransactItems: [] }))).rejects.toMatchObject({
      name: 'NotImplemented',
      $metadata: { httpStatusCode: 501 },
    });
  });
});
