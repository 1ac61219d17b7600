// DynamoDB through deployed URLs: items are put, read, changed, queried and deleted.
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestAccount } from './account.ts';
import { type CallRoute, json, openServing, post, serveRoutes } from './served.ts';

const resources = ['arn:aws:dynamodb:us-east-1:000000000000:table/orders'];
const parameters = { TableName: { value: 'orders' } };
const route = (action: string) => ({
  action,
  path: `/orders/${action}`,
  httpMethod: 'POST',
  resources,
  parameters,
});
const byId = {
  KeyConditionExpression: 'id = :id',
  ExpressionAttributeValues: { ':id': { S: 'a' } },
};
const routes = [
  ...['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Scan'].map(route),
  { ...route('Query'), test: { parameters: byId } },
  { action: 'DescribeTable', path: '/tables/{tableName}', resources },
];

async function makeTables({ client }: TestAccount) {
  const dynamodb = new DynamoDBClient(client);
  for (const TableName of ['orders', 'invoices']) {
    await dynamodb.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'id', AttributeType: 'S' },
          { AttributeName: 'line', AttributeType: 'N' },
        ],
        KeySchema: [
          { AttributeName: 'id', KeyType: 'HASH' },
          { AttributeName: 'line', KeyType: 'RANGE' },
        ],
      }),
    );
  }
}

const key = (line: number) => ({ id: { S: 'a' }, line: { N: String(line) } });

describe('DynamoDB routes', () => {
  let account: TestAccount;
  let call: CallRoute;
  beforeAll(async () => {
    account = await openServing({ services: {} });
    await makeTables(account);
    call = await serveRoutes(account, 'dynamodb', routes);
  });
  afterAll(() => account.aws.close());

  const ask = (action: string, body: object) => call(action, `/orders/${action}`, post(body));

  it('put, read, change, query, scan and delete items', async () => {
    const note = { S: 'a "b"\n\\ & 🍕 </x> $util.x' };
    const data = { B: Buffer.from([0, 255]).toString('base64') };
    for (const line of [1, 2, 3]) {
      expect((await ask('PutItem', { Item: { ...key(line), note, data } })).status).toBe(200);
    }
    expect(json(await ask('GetItem', { Key: key(2) })).Item).toEqual({ ...key(2), note, data });
    const changed = await ask('UpdateItem', {
      Key: key(2),
      UpdateExpression: 'SET #n = :n',
      ExpressionAttributeNames: { '#n': 'note' },
      ExpressionAttributeValues: { ':n': { S: 'new' } },
      ReturnValues: 'ALL_NEW',
    });
    expect(json(changed).Attributes.note).toEqual({ S: 'new' });
    const found = await ask('Query', {
      KeyConditionExpression: 'id = :id AND line > :line',
      ExpressionAttributeValues: { ':id': { S: 'a' }, ':line': { N: '1' } },
    });
    expect(json(found)).toMatchObject({ Count: 2, Items: [key(2), key(3)] });
    const page = json(await ask('Scan', { Limit: 2 }));
    expect(page).toMatchObject({ Count: 2, LastEvaluatedKey: key(2) });
    const rest = {
      ExclusiveStartKey: page.LastEvaluatedKey,
      FilterExpression: '#n <> :n',
      ExpressionAttributeNames: { '#n': 'note' },
      ExpressionAttributeValues: { ':n': { S: 'new' } },
    };
    expect(json(await ask('Scan', rest))).toMatchObject({ Count: 1, Items: [key(3)] });
    expect((await ask('DeleteItem', { Key: key(2) })).status).toBe(200);
    expect(json(await ask('GetItem', { Key: key(2) }))).toEqual({});
  });

  it('answer 400 with AWS’s own error where the service refuses', async () => {
    const ConditionExpression = 'attribute_exists(id)';
    const refused = await ask('DeleteItem', {
      Key: { id: { S: 'none' }, line: { N: '1' } },
      ConditionExpression,
    });
    expect(refused.status).toBe(400);
    expect(json(refused).error.type).toContain('ConditionalCheckFailedException');
  });

  it.each([
    ['a missing key', 'GetItem', {}],
    ['an unknown member', 'PutItem', { Item: key(1), Extra: 1 }],
    ['another table', 'PutItem', { Item: key(1), TableName: 'invoices' }],
    ['a limit that is no number', 'Scan', { Limit: 'two' }],
  ])('answer 400 to %s', async (_, action, body) => {
    expect((await ask(action, body)).status).toBe(400);
  });

  it('answer 403 for a table that is not among the resources', async () => {
    expect((await call('DescribeTable', '/tables/orders')).status).toBe(200);
    const refused = await call('DescribeTable', '/tables/invoices');
    expect(refused.status).toBe(403);
    expect(refused.bytes.toString()).toContain('dynamodb:DescribeTable');
  });
});
