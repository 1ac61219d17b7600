// EventBridge through a deployed URL: an event that was put reaches the queue that a rule sends it to.
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPolicy, queueArn, queueUrl } from '../local/events/account.ts';
import type { TestAccount } from './account.ts';
import { type CallRoute, json, openServing, post, serveRoutes } from './served.ts';

const routes = [
  {
    action: 'PutEvents',
    path: '/events',
    resources: ['arn:aws:events:us-east-1:000000000000:event-bus/default'],
  },
];

async function makeRule({ client }: TestAccount) {
  const events = new EventBridgeClient(client);
  await new SQSClient(client).send(
    new CreateQueueCommand({ QueueName: 'orders', Attributes: { Policy: openPolicy } }),
  );
  const EventPattern = '{"source":["shop"]}';
  await events.send(new CreateEventBusCommand({ Name: 'other' }));
  await events.send(new PutRuleCommand({ Name: 'orders', EventPattern }));
  await events.send(
    new PutTargetsCommand({ Rule: 'orders', Targets: [{ Id: 'q', Arn: queueArn('orders') }] }),
  );
}

describe('an EventBridge route', () => {
  let account: TestAccount;
  let call: CallRoute;
  beforeAll(async () => {
    account = await openServing();
    await makeRule(account);
    call = await serveRoutes(account, 'events', routes);
  });
  afterAll(() => account.aws.close());

  const put = (entry: object) =>
    call('PutEvents', '/events', post({ Entries: [{ Source: 'shop', DetailType: 'Order', ...entry }] }));

  it('puts events that reach the targets of the rules they match', async () => {
    const detail = { note: 'a "b" & 🍕' };
    const answer = await put({ Detail: JSON.stringify(detail) });
    expect(json(answer)).toMatchObject({ FailedEntryCount: 0 });
    await account.aws.clock.sleep(1000);
    const received = await new SQSClient(account.client).send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl('orders') }),
    );
    expect(JSON.parse(received.Messages?.[0]?.Body ?? '')).toMatchObject({ source: 'shop', detail });
  });

  it('answers 400 to a request without entries', async () => {
    expect((await call('PutEvents', '/events', post({}))).status).toBe(400);
  });

  it('answers with an error for a bus that is not among the resources', async () => {
    const refused = await put({ Detail: '{}', EventBusName: 'other' });
    expect([400, 403]).toContain(refused.status);
    expect(refused.bytes.toString()).toContain('events:PutEvents');
  });
});
