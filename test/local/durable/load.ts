// Writes into every durable service, one after the other until the engine is gone, and what of them must be there again.
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordCommand,
} from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { CreateTopicCommand, GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { walkthroughInput } from '../../../cli/commands/walkthrough.ts';
import { embeddedStateMachineArn } from '../../../cli/embedded.ts';
import { ledgerTable } from '../../../statemachine/settings.ts';
import type { RunningUp } from './up.ts';

type Client = RunningUp['client'];

/** A kind of write, and whether what was acknowledged under these names is there. */
interface Kind {
  prepare?(client: Client): Promise<unknown>;
  write(client: Client, name: string): Promise<unknown>;
  areThere(client: Client, names: readonly string[]): Promise<boolean>;
}

const StreamName = 'load';
const QueueUrl = 'http://localhost/000000000000/load';
const executionArn = (name: string) =>
  `${embeddedStateMachineArn.replace('stateMachine', 'execution')}:${name}`;
const kinesisOf = (client: Client) => new KinesisClient({ ...client, requestHandler: new NodeHttpHandler() });
const s3Of = (client: Client) => new S3Client({ ...client, forcePathStyle: true });

async function each(names: readonly string[], isThere: (name: string) => Promise<boolean>): Promise<boolean> {
  for (const name of names) if (!(await isThere(name))) return false;
  return true;
}

export const kinds: Readonly<Record<string, Kind>> = {
  topic: {
    write: (client, Name) => new SNSClient(client).send(new CreateTopicCommand({ Name })),
    areThere: (client, names) =>
      each(names, async name => {
        const TopicArn = `arn:aws:sns:us-east-1:000000000000:${name}`;
        const { Attributes } = await new SNSClient(client).send(new GetTopicAttributesCommand({ TopicArn }));
        return Attributes?.TopicArn === TopicArn;
      }),
  },
  message: {
    prepare: client => new SQSClient(client).send(new CreateQueueCommand({ QueueName: 'load' })),
    write: (client, MessageBody) =>
      new SQSClient(client).send(new SendMessageCommand({ QueueUrl, MessageBody })),
    async areThere(client, names) {
      const asked = { QueueUrl, AttributeNames: ['ApproximateNumberOfMessages' as const] };
      const { Attributes } = await new SQSClient(client).send(new GetQueueAttributesCommand(asked));
      return Number(Attributes?.ApproximateNumberOfMessages) >= names.length;
    },
  },
  object: {
    prepare: client => s3Of(client).send(new CreateBucketCommand({ Bucket: 'load' })),
    write: (client, Key) =>
      s3Of(client).send(new PutObjectCommand({ Bucket: 'load', Key, Body: Key.repeat(999) })),
    areThere: (client, names) =>
      each(names, async Key => {
        const { Body } = await s3Of(client).send(new GetObjectCommand({ Bucket: 'load', Key }));
        return (await Body?.transformToString()) === Key.repeat(999);
      }),
  },
  record: {
    prepare: client => kinesisOf(client).send(new CreateStreamCommand({ StreamName, ShardCount: 1 })),
    write: (client, name) =>
      kinesisOf(client).send(
        new PutRecordCommand({ StreamName, PartitionKey: 'k', Data: Buffer.from(name) }),
      ),
    async areThere(client, names) {
      const kinesis = kinesisOf(client);
      const shard = {
        StreamName,
        ShardId: 'shardId-000000000000',
        ShardIteratorType: 'TRIM_HORIZON',
      } as const;
      const { ShardIterator } = await kinesis.send(new GetShardIteratorCommand(shard));
      const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
      const found = new Set(Records.map(({ Data }) => Buffer.from(Data ?? []).toString()));
      return names.every(name => found.has(name));
    },
  },
  item: {
    write(client, name) {
      const Item = { pk: { S: name }, sk: { S: 'load' } };
      return new DynamoDBClient(client).send(new PutItemCommand({ TableName: ledgerTable, Item }));
    },
    areThere: (client, names) =>
      each(names, async name => {
        const Key = { pk: { S: name }, sk: { S: 'load' } };
        const asked = { TableName: ledgerTable, Key, ConsistentRead: true };
        return (await new DynamoDBClient(client).send(new GetItemCommand(asked))).Item !== undefined;
      }),
  },
  execution: {
    write(client, name) {
      const input = JSON.stringify({ ...walkthroughInput, api: { name }, path: `/${name}` });
      const asked = { stateMachineArn: embeddedStateMachineArn, name, input };
      return new SFNClient(client).send(new StartExecutionCommand(asked));
    },
    // Interrupted or not, each comes to its end without anybody asking for it.
    areThere: (client, names) =>
      each(names, async name => {
        for (;;) {
          const asked = new DescribeExecutionCommand({ executionArn: executionArn(name) });
          const { status } = await new SFNClient(client).send(asked);
          if (status !== 'RUNNING') return status === 'SUCCEEDED';
          await new Promise(resolve => setTimeout(resolve, 50));
        }
      }),
  },
};
