import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { anAccount, asForm } from './account.ts';

describe('SQS', () => {
  it('gives each caller the queue URL at the address it came by, and takes any of them', async () => {
    const { aws, client } = await anAccount();
    const { url } = await aws.listen(0);
    const { requestHandler: _, ...config } = client;
    const remote = new SQSClient({ ...config, endpoint: url });
    const inside = new SQSClient(client);
    const created = await remote.send(new CreateQueueCommand({ QueueName: 'q' }));
    expect(created.QueueUrl).toBe(`${url}/000000000000/q`);
    const found = await inside.send(new GetQueueUrlCommand({ QueueName: 'q' }));
    expect(found.QueueUrl).toBe('https://sqs.us-east-1.amazonaws.com/000000000000/q');
    await inside.send(new SendMessageCommand({ QueueUrl: found.QueueUrl, MessageBody: 'hello' }));
    const { Messages } = await remote.send(new ReceiveMessageCommand({ QueueUrl: created.QueueUrl }));
    expect(Messages?.[0]?.Body).toBe('hello');
    expect((await remote.send(new ListQueuesCommand({}))).QueueUrls).toEqual([created.QueueUrl]);
    remote.destroy();
  });

  it('gives a caller of the query protocol the address it came by, too', async () => {
    const { send } = await anAccount();
    const body = 'Action=CreateQueue&QueueName=q&Version=2012-11-05';
    const { text } = await send('sqs', { headers: asForm, body });
    expect(text).toContain('<QueueUrl>https://sqs.us-east-1.amazonaws.com/000000000000/q</QueueUrl>');
  });

  it('keeps a message until it is deleted, and returns the attributes that are asked for', async () => {
    const { client } = await anAccount();
    const sqs = new SQSClient(client);
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'q' }));
    const MessageAttributes = { colour: { DataType: 'String', StringValue: 'red' } };
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello', MessageAttributes }));
    const receive = async (MessageAttributeNames: string[]) => {
      const seen = new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames, VisibilityTimeout: 0 });
      return (await sqs.send(seen)).Messages?.[0];
    };
    expect((await receive([]))?.MessageAttributes).toBeUndefined();
    const message = await receive(['All']);
    expect(message).toMatchObject({ Body: 'hello', MessageAttributes });
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
    expect(await receive([])).toBeUndefined();
  });

  it('takes forms at a queue’s path, as an API Gateway integration sends them', async () => {
    const { client, send } = await anAccount();
    const sqs = new SQSClient(client);
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'q' }));
    const path = '/000000000000/q';
    const body = 'Action=SendMessage&MessageBody=a%26b%20%C3%A4';
    const json = await send('sqs', { path, headers: { ...asForm, accept: 'application/json' }, body });
    expect(JSON.parse(json.text)).toMatchObject({
      SendMessageResponse: { SendMessageResult: { MessageId: expect.any(String) } },
    });
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 0 }));
    expect(Messages?.map(({ Body }) => Body)).toEqual(['a&b ä']);
    const xml = await send('sqs', { path, headers: asForm, body: 'Action=ReceiveMessage' });
    expect(xml.text).toMatch(/<ReceiveMessageResult><Message>.*<Body>a&amp;b ä<\/Body>/);
  });

  it('names a queue that does not exist in each protocol’s own way', async () => {
    const { client, send } = await anAccount();
    const QueueUrl = 'https://sqs.us-east-1.amazonaws.com/000000000000/none';
    const json = new SQSClient(client).send(new GetQueueAttributesCommand({ QueueUrl }));
    await expect(json).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
      message: 'The specified queue does not exist.',
    });
    const query = await send('sqs', {
      path: '/000000000000/none',
      headers: asForm,
      body: 'Action=SendMessage&MessageBody=x',
    });
    expect([query.status, query.text]).toEqual([
      400,
      expect.stringContaining('<Code>AWS.SimpleQueueService.NonExistentQueue</Code>'),
    ]);
    const named = new SQSClient(client).send(new CreateQueueCommand({ QueueName: 'a b' }));
    await expect(named).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });
});
