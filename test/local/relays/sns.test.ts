import {
  CreateTopicCommand,
  DeleteTopicCommand,
  ListPlatformApplicationsCommand,
  ListTopicsCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { anAccount, asForm } from './account.ts';

const arnOf = (name: string) => `arn:aws:sns:us-east-1:000000000000:${name}`;

describe('SNS', () => {
  it('lists the topics that were made and not deleted', async () => {
    const { client } = await anAccount();
    const sns = new SNSClient(client);
    for (const Name of ['one', 'two', 'two']) await sns.send(new CreateTopicCommand({ Name }));
    await sns.send(new DeleteTopicCommand({ TopicArn: arnOf('one') }));
    expect((await sns.send(new ListTopicsCommand({}))).Topics).toEqual([{ TopicArn: arnOf('two') }]);
  });

  it('answers the query protocol with JSON for a caller that accepts it, as API Gateway does, else with XML', async () => {
    const { client, send } = await anAccount();
    await new SNSClient(client).send(new CreateTopicCommand({ Name: 'one' }));
    const query = { Action: 'ListTopics' };
    const json = await send('sns', { method: 'GET', query, headers: { accept: 'application/json' } });
    expect(JSON.parse(json.text)).toEqual({
      ListTopicsResponse: {
        ListTopicsResult: { Topics: [{ TopicArn: arnOf('one') }], NextToken: null },
        ResponseMetadata: { RequestId: json.headers['x-amzn-requestid'] },
      },
    });
    const xml = await send('sns', { method: 'GET', query });
    expect(xml.text).toBe(
      '<ListTopicsResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><ListTopicsResult><Topics><member>' +
        `<TopicArn>${arnOf('one')}</TopicArn></member></Topics></ListTopicsResult><ResponseMetadata>` +
        `<RequestId>${xml.headers['x-amzn-requestid']}</RequestId></ResponseMetadata></ListTopicsResponse>`,
    );
  });

  it('answers errors in the form that was asked for', async () => {
    const { send } = await anAccount();
    const body = `Action=Publish&Message=m&TopicArn=${arnOf('none')}`;
    const json = await send('sns', { headers: { ...asForm, accept: 'application/json' }, body });
    expect([json.status, JSON.parse(json.text).Error]).toEqual([
      404,
      { Code: 'NotFound', Message: 'Topic does not exist', Type: 'Sender' },
    ]);
    const xml = await send('sns', { headers: asForm, body });
    expect([xml.status, xml.text]).toEqual([404, expect.stringContaining('<Code>NotFound</Code>')]);
  });

  it('delivers into the queues that subscribe, each protocol its own message', async () => {
    const { client } = await anAccount();
    const [sns, sqs] = [new SNSClient(client), new SQSClient(client)];
    await sns.send(new CreateTopicCommand({ Name: 'one' }));
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'q' }));
    const subscription = {
      TopicArn: arnOf('one'),
      Protocol: 'sqs',
      Endpoint: 'arn:aws:sqs:us-east-1:000000000000:q',
    };
    await sns.send(new SubscribeCommand({ ...subscription, Attributes: { RawMessageDelivery: 'true' } }));
    const Message = JSON.stringify({ default: 'for others', sqs: 'for queues' });
    await sns.send(new PublishCommand({ TargetArn: arnOf('one'), Message, MessageStructure: 'json' }));
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(Messages?.map(({ Body }) => Body)).toEqual(['for queues']);
  });

  it('refuses what it would not do', async () => {
    const { client } = await anAccount();
    const sns = new SNSClient(client);
    const TopicArn = arnOf('one');
    await sns.send(new CreateTopicCommand({ Name: 'one' }));
    await expect(sns.send(new CreateTopicCommand({ Name: 'a b' }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'Invalid parameter: Topic Name',
    });
    await expect(sns.send(new PublishCommand({ TopicArn, Message: '' }))).rejects.toMatchObject({
      message: 'Invalid parameter: Empty message',
    });
    const toFunction = {
      TopicArn,
      Protocol: 'lambda',
      Endpoint: 'arn:aws:lambda:us-east-1:000000000000:function:f',
    };
    for (const command of [
      new PublishCommand({ PhoneNumber: '+41000000000', Message: 'm' }),
      new SubscribeCommand(toFunction),
      new ListPlatformApplicationsCommand({}),
    ]) {
      await expect(sns.send(command as PublishCommand)).rejects.toMatchObject({ name: 'NotImplemented' });
    }
  });
});
