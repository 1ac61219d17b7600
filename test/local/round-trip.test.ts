// Every operation of every service, called by its SDK client: input and output arrive as they were sent.
import * as apigateway from '@aws-sdk/client-api-gateway';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as events from '@aws-sdk/client-eventbridge';
import * as iam from '@aws-sdk/client-iam';
import * as kinesis from '@aws-sdk/client-kinesis';
import * as lambda from '@aws-sdk/client-lambda';
import * as states from '@aws-sdk/client-sfn';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import * as ssm from '@aws-sdk/client-ssm';
import * as sts from '@aws-sdk/client-sts';
import { expect, it } from 'vitest';
import { serviceModel } from '../../local/wire/model.ts';
import { aDoor, answering } from './front-door.ts';
import { sampleOf } from './samples.ts';

/** Event streams are no messages of one piece; the others are called without a signature. */
const leftOut = new Set([
  'SubscribeToShard',
  'InvokeWithResponseStream',
  'AssumeRoleWithSAML',
  'AssumeRoleWithWebIdentity',
]);

interface AnyClient {
  send(command: unknown): Promise<Record<string, unknown>>;
}
type Constructor = new (argument: unknown) => AnyClient;

const clients: Record<string, [string, object]> = {
  apigateway: ['APIGatewayClient', apigateway],
  dynamodb: ['DynamoDBClient', dynamodb],
  events: ['EventBridgeClient', events],
  iam: ['IAMClient', iam],
  kinesis: ['KinesisClient', kinesis],
  lambda: ['LambdaClient', lambda],
  sns: ['SNSClient', sns],
  sqs: ['SQSClient', sqs],
  ssm: ['SSMClient', ssm],
  states: ['SFNClient', states],
  sts: ['STSClient', sts],
};

it.each(Object.keys(clients))('carries the operations of %s unchanged', async service => {
  const [clientName, exported] = clients[service] ?? ['', {}];
  const sdk = exported as Record<string, Constructor>;
  const model = await serviceModel(service);
  let received: unknown;
  const door = aDoor(
    answering((name, input) => {
      received = input;
      return sampleOf(operationOf(name).output) as object;
    }),
  );
  const operationOf = (name: string) => {
    const operation = model?.operations.get(name);
    if (!operation) throw new Error(name);
    return operation;
  };
  const Client = sdk[clientName] as Constructor;
  const client = new Client({ ...door.client, md5: false, useQueueUrlAsEndpoint: false });
  const differing: string[] = [];
  for (const [name, operation] of model?.operations ?? []) {
    if (leftOut.has(name)) continue;
    const Command = sdk[`${name}Command`] as Constructor;
    const input = sampleOf(operation.input);
    received = undefined;
    try {
      const { $metadata: _, ...output } = await client.send(new Command(input));
      expect(plain(received)).toEqual(plain(input));
      expect(plain(output)).toEqual(plain(sampleOf(operation.output)));
    } catch (error) {
      differing.push(`${name}: ${error instanceof Error ? error.message.slice(0, 600) : error}`);
    }
  }
  expect(differing).toEqual([]);
});

/** Bytes come as Buffer, Uint8Array and the SDK's own kinds of it. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return [...value];
  if (value instanceof Date || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
}
