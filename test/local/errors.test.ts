// Every error of every service, raised behind the front door and caught from its SDK client.
import { APIGatewayClient, GetAccountCommand } from '@aws-sdk/client-api-gateway';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { ServiceError } from '../../local/service.ts';
import { serviceModel } from '../../local/wire/model.ts';
import { aDoor, answering } from './front-door.ts';

type Door = ReturnType<typeof aDoor>['client'];

const calls: Record<string, (client: Door) => Promise<unknown>> = {
  apigateway: client => new APIGatewayClient(client).send(new GetAccountCommand({})),
  dynamodb: client => new DynamoDBClient(client).send(new ListTablesCommand({})),
  iam: client => new IAMClient(client).send(new ListRolesCommand({})),
  lambda: client => new LambdaClient(client).send(new ListFunctionsCommand({})),
  sns: client => new SNSClient(client).send(new ListTopicsCommand({})),
  sqs: client => new SQSClient(client).send(new ListQueuesCommand({})),
  states: client => new SFNClient(client).send(new ListStateMachinesCommand({})),
};

/** What a client throws, as far as it is looked at here. */
interface Caught extends Error {
  readonly $metadata: { readonly httpStatusCode?: number };
  readonly $response: { readonly headers: Readonly<Record<string, string>> };
  readonly retryAfterSeconds?: string;
}
const asCaught = (error: unknown) => error as Caught;

it.each(Object.keys(calls))('names the errors of %s as the SDK does', async service => {
  let raised = new ServiceError('', 0, '');
  const { client } = aDoor(
    answering(() => {
      throw raised;
    }),
  );
  const call = calls[service];
  for (const { name, schema } of (await serviceModel(service))?.errors.values() ?? []) {
    const status = Number(schema.getMergedTraits().httpError ?? 400);
    raised = new ServiceError(name, status, `about <${name}>`);
    const caught = (await call?.(client).catch(asCaught)) as Caught;
    expect([name, caught.name, caught.message, caught.$metadata.httpStatusCode]).toEqual([
      name,
      name,
      `about <${name}>`,
      status,
    ]);
  }
});

it('hands over the further members of an error', async () => {
  const raised = new ServiceError('TooManyRequestsException', 429, 'Too Many Requests', {
    retryAfterSeconds: '7',
  });
  const door = aDoor(
    answering(() => {
      throw raised;
    }),
  );
  const caught = (await calls.apigateway?.(door.client).catch(asCaught)) as Caught;
  expect(caught.retryAfterSeconds).toBe('7');
  expect(caught.$response.headers['retry-after']).toBe('7');
});
