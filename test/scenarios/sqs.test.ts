// SQS through deployed URLs: a message that was sent is received and deleted.
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestAccount } from './account.ts';
import { type CallRoute, json, openServing, post, serveRoutes } from './served.ts';

const QueueUrl = 'https://sqs.us-east-1.amazonaws.com/000000000000/orders';
const resources = ['arn:aws:sqs:us-east-1:000000000000:orders'];
const parameters = { QueueUrl: { value: QueueUrl } };
const routes = [
  { action: 'SendMessage', path: '/orders', resources, parameters },
  { action: 'ReceiveMessage', path: '/orders/receive', resources, parameters },
  { action: 'DeleteMessage', path: '/orders/delete', resources, parameters },
  {
    action: 'GetQueueAttributes',
    path: '/attributes',
    resources,
    parameters: { QueueUrl: { from: 'query', name: 'queue' } },
    test: { parameters: { QueueUrl } },
  },
];
const makeQueues = async ({ client }: TestAccount) => {
  for (const QueueName of ['orders', 'invoices'])
    await new SQSClient(client).send(new CreateQueueCommand({ QueueName }));
};

describe('SQS routes', () => {
  let account: TestAccount;
  let call: CallRoute;
  beforeAll(async () => {
    account = await openServing();
    await makeQueues(account);
    call = await serveRoutes(account, 'sqs', routes);
  });
  afterAll(() => account.aws.close());

  it('send a message that is received unchanged, and deleted', async () => {
    const MessageBody = 'a&b=c "quoted"\n\\ 🍕 $input.body #set($x = 1)';
    const sent = await call('SendMessage', '/orders', post({ MessageBody }));
    expect(sent.status).toBe(200);
    const received = json(await call('ReceiveMessage', '/orders/receive', post({ VisibilityTimeout: 0 })));
    expect(received.Messages).toMatchObject([{ MessageId: json(sent).MessageId, Body: MessageBody }]);
    const { ReceiptHandle } = received.Messages[0];
    expect((await call('DeleteMessage', '/orders/delete', post({ ReceiptHandle }))).status).toBe(200);
    expect(json(await call('ReceiveMessage', '/orders/receive', post({})))).toEqual({});
  });

  it.each([
    ['a missing body', {}],
    ['an unknown member', { MessageBody: 'x', Extra: 1 }],
    ['a member that is fixed', { MessageBody: 'x', QueueUrl: `${QueueUrl}x` }],
    ['a delay that is no number', { MessageBody: 'x', DelaySeconds: 'soon' }],
  ])('answer 400 to %s', async (_, body) => {
    expect((await call('SendMessage', '/orders', post(body))).status).toBe(400);
  });

  it('answer 403 for a queue that is not among the resources', async () => {
    const other = QueueUrl.replace('orders', 'invoices');
    const ask = (url: string) => call('GetQueueAttributes', '/attributes', { query: { queue: url } });
    expect((await ask(QueueUrl)).status).toBe(200);
    const refused = await ask(other);
    expect(refused.status).toBe(403);
    expect(refused.bytes.toString()).toContain('sqs:GetQueueAttributes');
  });
});
