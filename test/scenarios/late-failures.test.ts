// Routes of the services whose own scenarios do not fail: each fails late, and the account is what it was before.
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { describe, it } from 'vitest';
import type { TestAccount } from './account.ts';
import { expectRollback, inputOf, type RouteInput } from './served.ts';

const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:000000000000:${resource}`;
const stateMachineArn = arn('states', 'stateMachine:Orders');
const skip = { test: { skip: 'it would do something' } };

type Case = readonly [
  service: string,
  failedState: string,
  routes: readonly RouteInput[],
  prepare: (account: TestAccount) => Promise<unknown>,
];

const cases: readonly Case[] = [
  [
    'sqs',
    'VerifyStage',
    [
      {
        action: 'GetQueueAttributes',
        path: '/orders',
        resources: [arn('sqs', 'orders')],
        parameters: { QueueUrl: { value: 'https://sqs.us-east-1.amazonaws.com/000000000000/orders' } },
      },
    ],
    ({ client }) => new SQSClient(client).send(new CreateQueueCommand({ QueueName: 'orders' })),
  ],
  [
    'dynamodb',
    'CreateDeployment',
    [
      {
        action: 'Query',
        path: '/orders',
        httpMethod: 'POST',
        resources: [arn('dynamodb', 'table/orders')],
        parameters: { TableName: { value: 'orders' } },
        test: {
          parameters: {
            KeyConditionExpression: 'id = :id',
            ExpressionAttributeValues: { ':id': { S: 'a' } },
          },
        },
      },
    ],
    ({ client }) =>
      new DynamoDBClient(client).send(
        new CreateTableCommand({
          TableName: 'orders',
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        }),
      ),
  ],
  [
    'events',
    'RecordOutcome',
    [{ action: 'PutEvents', path: '/events', resources: [arn('events', 'event-bus/default')], ...skip }],
    async () => {},
  ],
  [
    'states',
    'CreateDeployment',
    [
      {
        action: 'StartExecution',
        path: '/orders',
        resources: [stateMachineArn],
        parameters: { stateMachineArn: { value: stateMachineArn } },
        ...skip,
      },
    ],
    async () => {},
  ],
  [
    'ssm',
    'VerifyStage',
    [
      {
        action: 'GetParameter',
        path: '/parameters',
        resources: [arn('ssm', 'parameter/app/*')],
        test: { parameters: { Name: '/app/url' } },
      },
    ],
    ({ client }) =>
      new SSMClient(client).send(new PutParameterCommand({ Name: '/app/url', Value: 'x', Type: 'String' })),
  ],
];

describe('a route that fails late', () => {
  it.each(cases)('to %s, in %s, leaves the account as it was before', (service, state, routes, prepare) =>
    expectRollback(inputOf(service, routes), prepare, state, { services: {} }),
  );
});
