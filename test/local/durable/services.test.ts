// What each service holds is there again after a kill, as it was when it was acknowledged.

import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateStreamCommand,
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordCommand,
} from '@aws-sdk/client-kinesis';
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import {
  CreateTopicCommand,
  ListSubscriptionsByTopicCommand,
  ListTagsForResourceCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { aDirectory, anAccountIn, killed } from './account.ts';

describe('after a kill', () => {
  it('topics, tags and subscriptions are there, and deliver', async () => {
    const directory = aDirectory();
    const { client } = await anAccountIn(directory);
    const sns = new SNSClient(client);
    const tags = [{ Key: 'team', Value: 'a' }];
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'orders', Tags: tags }));
    await new SQSClient(client).send(new CreateQueueCommand({ QueueName: 'inbox' }));
    const Endpoint = 'arn:aws:sqs:us-east-1:000000000000:inbox';
    const { SubscriptionArn } = await sns.send(
      new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, ReturnSubscriptionArn: true }),
    );

    const again = (await anAccountIn(killed(directory))).client;
    const snsAgain = new SNSClient(again);
    expect((await snsAgain.send(new ListTagsForResourceCommand({ ResourceArn: TopicArn }))).Tags).toEqual(
      tags,
    );
    const listed = await snsAgain.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    expect(listed.Subscriptions).toMatchObject([{ SubscriptionArn, Endpoint }]);
    await snsAgain.send(new PublishCommand({ TopicArn, Message: 'hello' }));
    const QueueUrl = 'http://localhost/000000000000/inbox';
    const { Messages } = await new SQSClient(again).send(new ReceiveMessageCommand({ QueueUrl }));
    expect(JSON.parse(Messages?.[0]?.Body ?? '{}')).toMatchObject({ Message: 'hello', TopicArn });
  });

  it('messages are visible, delayed or received as they were, and a receipt still deletes', async () => {
    const directory = aDirectory();
    const { client } = await anAccountIn(directory);
    const sqs = new SQSClient(client);
    const { QueueUrl } = await sqs.send(
      new CreateQueueCommand({ QueueName: 'work', Attributes: { VisibilityTimeout: '600' } }),
    );
    for (const MessageBody of ['deleted', 'received', 'visible'])
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'delayed', DelaySeconds: 600 }));
    const take = async (from: SQSClient) =>
      (await from.send(new ReceiveMessageCommand({ QueueUrl }))).Messages?.[0];
    const deleted = await take(sqs);
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: deleted?.ReceiptHandle }));
    const received = await take(sqs);
    const attributes = { QueueUrl, AttributeNames: ['All'] } as const;
    const counts = (await sqs.send(new GetQueueAttributesCommand({ ...attributes, AttributeNames: ['All'] })))
      .Attributes;

    const again = new SQSClient((await anAccountIn(killed(directory))).client);
    const after = await again.send(new GetQueueAttributesCommand({ ...attributes, AttributeNames: ['All'] }));
    expect(after.Attributes).toEqual(counts);
    expect(counts).toMatchObject({
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '1',
      ApproximateNumberOfMessagesDelayed: '1',
    });
    expect((await take(again))?.Body).toBe('visible');
    await again.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: received?.ReceiptHandle }));
    const left = await again.send(new GetQueueAttributesCommand({ ...attributes, AttributeNames: ['All'] }));
    expect(left.Attributes?.ApproximateNumberOfMessagesNotVisible).toBe('1');
  });

  it('a FIFO queue keeps its order, its sequence and what must not come twice', async () => {
    const directory = aDirectory();
    const sqs = new SQSClient((await anAccountIn(directory)).client);
    const { QueueUrl } = await sqs.send(
      new CreateQueueCommand({ QueueName: 'work.fifo', Attributes: { FifoQueue: 'true' } }),
    );
    const send = (to: SQSClient, text: string) =>
      to.send(
        new SendMessageCommand({
          QueueUrl,
          MessageBody: text,
          MessageGroupId: 'g',
          MessageDeduplicationId: text,
        }),
      );
    const first = await send(sqs, 'first');
    await send(sqs, 'second');

    const again = new SQSClient((await anAccountIn(killed(directory))).client);
    expect((await send(again, 'first')).MessageId).toBe(first.MessageId);
    expect(Number((await send(again, 'third')).SequenceNumber)).toBe(Number(first.SequenceNumber) + 2);
    const bodies: (string | undefined)[] = [];
    for (let round = 0; round < 3; round++) {
      const { Messages } = await again.send(new ReceiveMessageCommand({ QueueUrl }));
      bodies.push(Messages?.[0]?.Body);
      await again.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages?.[0]?.ReceiptHandle }));
    }
    expect(bodies).toEqual(['first', 'second', 'third']);
  });

  it('objects are there byte for byte with their headers, and an upload goes on', async () => {
    const directory = aDirectory();
    const s3 = new S3Client({ ...(await anAccountIn(directory)).client, forcePathStyle: true });
    const Bucket = 'photos';
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256));
    await s3.send(new CreateBucketCommand({ Bucket }));
    const put = { Bucket, Key: 'a/b c.bin', Body: bytes, ContentType: 'image/x', CacheControl: 'no-store' };
    const { ETag } = await s3.send(new PutObjectCommand({ ...put, Metadata: { by: 'me' } }));
    await s3.send(new PutObjectCommand({ Bucket, Key: 'gone', Body: 'x' }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }));
    const upload = { Bucket, Key: 'large' };
    const { UploadId } = await s3.send(
      new CreateMultipartUploadCommand({ ...upload, ContentType: 'text/large' }),
    );
    const part = await s3.send(
      new UploadPartCommand({ ...upload, UploadId, PartNumber: 1, Body: Buffer.from('part one') }),
    );
    const created = (await s3.send(new ListBucketsCommand({}))).Buckets;

    const copy = killed(directory);
    const again = new S3Client({ ...(await anAccountIn(copy)).client, forcePathStyle: true });
    expect((await again.send(new ListBucketsCommand({}))).Buckets).toEqual(created);
    const got = await again.send(new GetObjectCommand({ Bucket, Key: 'a/b c.bin' }));
    expect(got).toMatchObject({
      ETag,
      ContentType: 'image/x',
      CacheControl: 'no-store',
      Metadata: { by: 'me' },
    });
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true);
    await again.send(
      new CompleteMultipartUploadCommand({
        ...upload,
        UploadId,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag: part.ETag }] },
      }),
    );
    const large = await again.send(new GetObjectCommand(upload));
    expect(large.ContentType).toBe('text/large');
    expect(await large.Body?.transformToString()).toBe('part one');
    const { Contents } = await again.send(new ListObjectsV2Command({ Bucket }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(['a/b c.bin', 'large']);
    // The bytes of what was deleted are gone once the account is opened again.
    expect(readdirSync(join(directory, 'content'))).toHaveLength(3);
    expect(readdirSync(join(copy, 'content'))).toHaveLength(2);
  });

  it('a file that is damaged is told of by its name, and nothing is emptied', async () => {
    const directory = aDirectory();
    const s3 = new S3Client({ ...(await anAccountIn(directory)).client, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: 'photos' }));
    await s3.send(new PutObjectCommand({ Bucket: 'photos', Key: 'a', Body: 'content' }));
    const copy = killed(directory);
    const [name = ''] = readdirSync(join(copy, 'content'));
    writeFileSync(join(copy, 'content', name), 'other');
    await expect(anAccountIn(copy)).rejects.toThrow(join(copy, 'content', name));
    expect(readdirSync(join(copy, 'content'))).toEqual([name]);
  });

  it('streams have their records, at the numbers they were put under', async () => {
    const directory = aDirectory();
    const kinesis = new KinesisClient((await anAccountIn(directory)).client);
    const StreamName = 'clicks';
    await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    const Data = Buffer.from('one');
    const put = await kinesis.send(new PutRecordCommand({ StreamName, Data, PartitionKey: 'k' }));

    const again = new KinesisClient((await anAccountIn(killed(directory))).client);
    const { StreamDescription } = await again.send(new DescribeStreamCommand({ StreamName }));
    expect(StreamDescription?.StreamStatus).toBe('ACTIVE');
    const shard = { StreamName, ShardId: put.ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
    const { ShardIterator } = await again.send(new GetShardIteratorCommand(shard));
    const { Records } = await again.send(new GetRecordsCommand({ ShardIterator }));
    expect(Records).toMatchObject([{ SequenceNumber: put.SequenceNumber, PartitionKey: 'k' }]);
    expect(Buffer.from(Records?.[0]?.Data ?? []).toString()).toBe('one');
    const next = await again.send(new PutRecordCommand({ StreamName, Data, PartitionKey: 'k' }));
    expect(BigInt(next.SequenceNumber ?? 0) > BigInt(put.SequenceNumber ?? 0)).toBe(true);
  });

  it('tables have their items, and their indexes find them', async () => {
    const directory = aDirectory();
    const table = {
      TableName: 'people',
      AttributeDefinitions: [
        { AttributeName: 'id', AttributeType: 'S' },
        { AttributeName: 'city', AttributeType: 'S' },
      ],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'cities',
          KeySchema: [{ AttributeName: 'city', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
      BillingMode: 'PAY_PER_REQUEST',
    };
    const dynamodb = new DynamoDBClient((await anAccountIn(directory, { tables: [table] })).client);
    const people = Array.from({ length: 20 }, (_, index) => ({
      id: { S: `p${index}` },
      city: { S: index % 2 ? 'Rome' : 'Oslo' },
    }));
    await Promise.all(people.map(Item => dynamodb.send(new PutItemCommand({ TableName: 'people', Item }))));

    const again = new DynamoDBClient((await anAccountIn(killed(directory), { tables: [table] })).client);
    const { Item } = await again.send(new GetItemCommand({ TableName: 'people', Key: { id: { S: 'p3' } } }));
    expect(Item).toEqual(people[3]);
    const { Count } = await again.send(
      new QueryCommand({
        TableName: 'people',
        IndexName: 'cities',
        KeyConditionExpression: 'city = :c',
        ExpressionAttributeValues: { ':c': { S: 'Rome' } },
      }),
    );
    expect(Count).toBe(10);
  });
});
