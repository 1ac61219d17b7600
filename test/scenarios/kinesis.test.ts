// Kinesis through deployed URLs: what is put into a stream comes back out of it.
import { CreateStreamCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestAccount } from './account.ts';
import { type CallRoute, expectRollback, inputOf, json, openServing, post, serveRoutes } from './served.ts';

const resources = ['arn:aws:kinesis:us-east-1:000000000000:stream/orders'];
const parameters = { StreamName: { value: 'orders' } };
const routes = [
  { action: 'ListStreams', path: '/streams' },
  { action: 'DescribeStream', path: '/streams/{streamName}', resources },
  { action: 'PutRecord', path: '/orders/record', resources, parameters },
  { action: 'PutRecords', path: '/orders/records', resources, parameters },
  { action: 'GetShardIterator', path: '/orders/iterator', resources, parameters },
  { action: 'GetRecords', path: '/orders/records', resources },
];
const shard = 'shardId-000000000000';
const makeStream = (account: TestAccount) =>
  new KinesisClient(account.client).send(new CreateStreamCommand({ StreamName: 'orders', ShardCount: 1 }));

const base64 = (text: string | Uint8Array) => Buffer.from(text).toString('base64');

describe('Kinesis routes', () => {
  let account: TestAccount;
  let call: CallRoute;
  beforeAll(async () => {
    account = await openServing();
    await makeStream(account);
    call = await serveRoutes(account, 'kinesis', routes);
  });
  afterAll(() => account.aws.close());

  const send = (action: string, path: string, body: object) => call(action, path, post(body));

  it('list the streams', async () => {
    const answer = await call('ListStreams', '/streams');
    expect(answer.status).toBe(200);
    expect(json(answer)).toMatchObject({ StreamNames: ['orders'], HasMoreStreams: false });
  });

  it('describe a stream named in the path', async () => {
    const { StreamDescription } = json(await call('DescribeStream', '/streams/orders'));
    expect(StreamDescription).toMatchObject({ StreamName: 'orders', StreamStatus: 'ACTIVE' });
    expect(StreamDescription.Shards).toMatchObject([{ ShardId: shard }]);
  });

  it('answer 403 for a stream that is not among the resources', async () => {
    const answer = await call('DescribeStream', '/streams/invoices');
    expect(answer.status).toBe(403);
    expect(answer.bytes.toString()).toContain('kinesis:DescribeStream');
  });

  it('give back the records that were put, in order and byte for byte', async () => {
    const records = ['zażółć "gęślą"\n🍕', Buffer.from([0, 1, 2, 253, 254, 255]), 'a&b=c'].map(base64);
    const put = await send('PutRecord', '/orders/record', { PartitionKey: 'a', Data: records[0] });
    expect(put.status).toBe(200);
    expect(json(put)).toMatchObject({ ShardId: shard, SequenceNumber: expect.stringMatching(/^\d+$/) });

    const Records = records.slice(1).map(Data => ({ PartitionKey: 'b', Data }));
    const both = await send('PutRecords', '/orders/records', { Records });
    expect(json(both)).toMatchObject({
      FailedRecordCount: 0,
      Records: [{ ShardId: shard }, { ShardId: shard }],
    });

    const query = { ShardId: shard, ShardIteratorType: 'TRIM_HORIZON' };
    const { ShardIterator } = json(await call('GetShardIterator', '/orders/iterator', { query }));
    const read = await call('GetRecords', '/orders/records', { query: { ShardIterator } });
    expect(read.status).toBe(200);
    expect(json(read).Records.map(({ Data }: { Data: string }) => Data)).toEqual(records);
  });
});

describe('Kinesis routes that fail in VerifyStage', () => {
  it('are gone, with everything made for them', async () => {
    await expectRollback(inputOf('kinesis', routes), makeStream);
  });
});
