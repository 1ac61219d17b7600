// SNS through deployed URLs: topics are listed, and a message arrives in a subscribed queue as it was sent.
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTopics, type TestAccount } from './account.ts';
import { type CallRoute, expectRollback, inputOf, json, openServing, serveRoutes } from './served.ts';

const topicArn = 'arn:aws:sns:us-east-1:000000000000:orders';
const routes = [
  { action: 'ListTopics', path: '/topics' },
  { action: 'Publish', path: '/orders', httpMethod: 'POST', resources: [topicArn] },
];

/** A topic whose messages arrive in a queue; the returned function empties it. */
async function subscribedTopic(account: TestAccount) {
  const sns = new SNSClient(account.client);
  const sqs = new SQSClient(account.client);
  await sns.send(new CreateTopicCommand({ Name: 'orders' }));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'orders' }));
  await sns.send(
    new SubscribeCommand({
      TopicArn: topicArn,
      Protocol: 'sqs',
      Endpoint: 'arn:aws:sqs:us-east-1:000000000000:orders',
      Attributes: { RawMessageDelivery: 'true' },
    }),
  );
  return async () => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    return Messages.map(({ Body }) => Body);
  };
}

describe('SNS routes', () => {
  let account: TestAccount;
  let call: CallRoute;
  let receive: () => Promise<(string | undefined)[]>;
  beforeAll(async () => {
    account = await openServing();
    receive = await subscribedTopic(account);
    call = await serveRoutes(account, 'sns', routes);
  });
  afterAll(() => account.aws.close());

  it('list the topics that exist', async () => {
    await makeTopics(account, 'invoices');
    const answer = await call('ListTopics', '/topics');
    expect(answer.status).toBe(200);
    expect(json(answer).ListTopicsResponse.ListTopicsResult.Topics).toEqual([
      { TopicArn: topicArn },
      { TopicArn: 'arn:aws:sns:us-east-1:000000000000:invoices' },
    ]);
  });

  it.each([
    ['ampersands and equals signs', 'a=1&Action=DeleteTopic&TopicArn=x&b'],
    ['quotes', `"double", 'single' and \`back\``],
    ['line breaks and tabs', 'one\ntwo\r\nthree\tfour'],
    ['emoji and other scripts', '🍕 żółć 日本語 \u{1F468}\u200D\u{1F469}\u200D\u{1F467}'],
    ['percent signs, plus signs and backslashes', '100% a+b c\\d %41 \\n'],
    ['template syntax', '$input.body #set($x=1) $!context.identity'],
  ])('deliver a message with %s unchanged', async (_, Message) => {
    const answer = await call('Publish', '/orders', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ Message }),
    });
    expect(answer.status).toBe(200);
    expect(json(answer).PublishResponse.PublishResult.MessageId).toMatch(/^[0-9a-f-]{36}$/);
    expect(await receive()).toEqual([Message]);
  });

  it('refuse a body that names a member the route does not take', async () => {
    const answer = await call('Publish', '/orders', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ Message: 'hello', TopicArn: 'arn:aws:sns:us-east-1:000000000000:other' }),
    });
    expect(answer.status).toBe(400);
    expect(await receive()).toEqual([]);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])(
    'let no body of type %s past validation',
    async type => {
      const answer = await call('Publish', '/orders', {
        headers: { 'content-type': type },
        body: 'Action=DeleteTopic&Message=x',
      });
      expect(answer.status).toBe(400);
      expect(json(answer)).toEqual({ message: 'Invalid request body' });
      expect(await receive()).toEqual([]);
    },
  );
});

describe('SNS routes that fail in VerifyStage', () => {
  it('are gone, with everything made for them', async () => {
    await expectRollback(inputOf('sns', routes), subscribedTopic);
  });
});
