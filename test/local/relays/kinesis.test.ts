// Kinesis through the embedded AWS: by the SDK client in process and over HTTP.
import {
  CreateStreamCommand,
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListStreamsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterEach, describe, expect, test } from 'vitest';
import { createEmbeddedAws, type EmbeddedAws } from '../../../local/embedded.ts';
import { kinesisService } from '../../../local/relays/kinesis.ts';
import { aDoor, anAccount } from '../front-door.ts';

const opened: EmbeddedAws[] = [];
afterEach(async () => {
  for (const aws of opened.splice(0)) await aws.close();
});

async function open() {
  const aws = await createEmbeddedAws({ region: 'eu-west-1' });
  opened.push(aws);
  const { region, credentials, requestHandler } = aws;
  const settings = { region, credentials, maxAttempts: 1 };
  return { aws, settings, client: new KinesisClient({ ...settings, requestHandler }) };
}

async function readAll(client: KinesisClient, StreamARN: string, ShardId: string): Promise<string[]> {
  const { ShardIterator } = await client.send(
    new GetShardIteratorCommand({ StreamARN, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator }));
  return Records.map(({ Data }) => Buffer.from(Data ?? []).toString());
}

const StreamName = 'orders';

describe('Kinesis', () => {
  test('records come back in order, the stream named by its ARN', async () => {
    const { client } = await open();
    await client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    const put = await client.send(
      new PutRecordCommand({ StreamName, PartitionKey: 'k', Data: Buffer.from('first') }),
    );
    const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamName }));
    const StreamARN = StreamDescription?.StreamARN ?? '';
    expect(StreamDescription).toMatchObject({
      StreamStatus: 'ACTIVE',
      StreamARN: 'arn:aws:kinesis:eu-west-1:000000000000:stream/orders',
    });
    const Records = ['second', 'third'].map(text => ({ PartitionKey: 'k', Data: Buffer.from(text) }));
    await client.send(new PutRecordsCommand({ StreamARN, Records }));
    expect(await readAll(client, StreamARN, put.ShardId ?? '')).toEqual(['first', 'second', 'third']);
  });

  test('an on-demand stream begins with four shards', async () => {
    const { client } = await open();
    const StreamModeDetails = { StreamMode: 'ON_DEMAND' as const };
    await client.send(new CreateStreamCommand({ StreamName, StreamModeDetails }));
    const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamName }));
    expect(StreamDescription?.Shards).toHaveLength(4);
  });

  test.each([
    ['HTTP/1.1', { requestHandler: new NodeHttpHandler() }],
    ['HTTP/2 without TLS, which the SDK speaks by itself', {}],
  ])('it answers over %s, and says which streams and operations it does not have', async (_, protocol) => {
    const { aws, settings } = await open();
    const { url } = await aws.listen(0);
    const client = new KinesisClient({ ...settings, endpoint: url, ...protocol });
    expect((await client.send(new ListStreamsCommand({}))).StreamNames).toEqual([]);
    await expect(client.send(new DescribeStreamCommand({ StreamName }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Stream orders under account 000000000000 not found.',
    });
    const StreamARN = 'arn:aws:kinesis:eu-west-1:000000000000:stream/orders';
    await expect(
      client.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'c' })),
    ).rejects.toMatchObject({ name: 'NotImplemented' });
    client.destroy();
  });

  test('permission to read is asked for on the stream that the iterator was given out for', async () => {
    const aws = anAccount();
    const service = kinesisService(aws);
    const client = new KinesisClient(aDoor(service, { aws }).client);
    await client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    const { ShardIterator } = await client.send(
      new GetShardIteratorCommand({
        StreamName,
        ShardId: 'shardId-000000000000',
        ShardIteratorType: 'LATEST',
      }),
    );
    const caller = { account: aws.account, arn: '', accessKeyId: '' };
    const call = { aws, caller, region: aws.region, requestId: '' };
    expect(service.authorize('GetRecords', { ShardIterator }, call)).toEqual([
      { action: 'kinesis:GetRecords', resource: 'arn:aws:kinesis:us-east-1:000000000000:stream/orders' },
    ]);
    await service.close();
  });
});
