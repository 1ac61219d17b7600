// What a caller other than an SDK may ask for, and the shapes AWS answers in.
import { describe, expect, it } from 'vitest';
import { type RelayedService, type Service, ServiceError, type WireRequest } from '../../local/service.ts';
import { decodeRequest, encodeOutput, styleOf } from '../../local/wire/codec.ts';
import { serviceModel } from '../../local/wire/model.ts';
import { relayAs } from '../../local/wire/relay.ts';
import { parseXml } from '../../local/wire/xml-reader.ts';
import { anAccount, answering } from './front-door.ts';

const form = (text: string, accept = 'application/json'): WireRequest => ({
  method: 'POST',
  path: '/',
  query: '',
  headers: { accept, host: 'localhost', 'content-type': 'application/x-www-form-urlencoded' },
  body: Buffer.from(text),
});

async function answerOf(name: string, service: Service | RelayedService, request: WireRequest) {
  const model = await serviceModel(name);
  if (!model) throw new Error(name);
  const style = styleOf(model.wire, request);
  const { operation, input } = decodeRequest(style, model, request);
  const aws = anAccount();
  const caller = { account: aws.account, arn: 'arn:aws:iam::000000000000:root', accessKeyId: 'test' };
  const call = { aws, caller, region: aws.region, requestId: 'the-request' };
  const response =
    'relay' in service
      ? await relayAs(style, service, operation, request, input, call)
      : encodeOutput(
          style,
          operation,
          (await service.operations[operation.name]?.(input, call)) as never,
          'the-request',
        );
  return { input, response, text: Buffer.from(response.body).toString() };
}

function relaying(body: string, status = 200) {
  const requests: WireRequest[] = [];
  const service: RelayedService = {
    operationNames: new Set(),
    authorize: () => [],
    async relay(request) {
      requests.push(request);
      return { status, headers: {}, body: Buffer.from(body) };
    },
  };
  return { service, requests };
}

const topics =
  '<ListTopicsResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><ListTopicsResult><Topics>' +
  '<member><TopicArn>arn:a&amp;b</TopicArn></member><member><TopicArn>arn:c</TopicArn></member>' +
  '</Topics></ListTopicsResult></ListTopicsResponse>';

describe('a query service asked for JSON', () => {
  it('answers in one document, with null for what is absent', async () => {
    const { text, response } = await answerOf('sns', relaying(topics).service, form('Action=ListTopics'));
    expect(response.headers['content-type']).toBe('application/json');
    expect(JSON.parse(text)).toEqual({
      ListTopicsResponse: {
        ListTopicsResult: { NextToken: null, Topics: [{ TopicArn: 'arn:a&b' }, { TopicArn: 'arn:c' }] },
        ResponseMetadata: { RequestId: 'the-request' },
      },
    });
  });

  it('may be called with GET, as the walkthrough does', async () => {
    const { service, requests } = relaying(topics);
    await answerOf('sns', service, {
      ...form(''),
      method: 'GET',
      query: 'Action=ListTopics&NextToken=a%2Bb',
    });
    expect(requests).toMatchObject([{ method: 'POST', query: '' }]);
    expect(Buffer.from(requests[0]?.body ?? []).toString()).toBe('Action=ListTopics&NextToken=a%2Bb');
  });

  it('answers in XML where that is accepted, as the library behind it does', async () => {
    const { text } = await answerOf('sns', relaying(topics).service, form('Action=ListTopics', '*/*'));
    expect(text).toBe(topics);
  });

  it('passes on the error of the library behind it', async () => {
    const xml =
      '<ErrorResponse><Error><Code>NotFound</Code><Message>no topic</Message></Error></ErrorResponse>';
    const call = answerOf('sns', relaying(xml, 404).service, form('Action=GetTopicAttributes&TopicArn=x'));
    await expect(call).rejects.toEqual(new ServiceError('NotFound', 404, 'no topic'));
  });

  it('writes dates as seconds', async () => {
    const service = answering(() => ({ Roles: [{ RoleName: 'r', CreateDate: new Date(1500) }] }));
    const { text } = await answerOf('iam', service, form('Action=ListRoles'));
    expect(JSON.parse(text).ListRolesResponse.ListRolesResult.Roles[0]).toMatchObject({
      RoleName: 'r',
      CreateDate: 1.5,
      PermissionsBoundary: null,
    });
  });
});

describe('SQS', () => {
  const attributes =
    'MessageAttribute.1.Name=a&MessageAttribute.1.Value.DataType=String&MessageAttribute.1.Value.StringValue=b';

  it('is called by its older protocol on the path of the queue, and answered in it', async () => {
    const { service, requests } = relaying('{"MessageId":"m","MD5OfMessageBody":"5"}');
    const request = {
      ...form(`Action=SendMessage&MessageBody=a%26b&${attributes}`, '*/*'),
      path: '/000000000000/q',
    };
    const { text } = await answerOf('sqs', service, request);
    expect(requests[0]?.headers['x-amz-target']).toBe('AmazonSQS.SendMessage');
    expect(JSON.parse(Buffer.from(requests[0]?.body ?? []).toString())).toEqual({
      QueueUrl: 'http://localhost/000000000000/q',
      MessageBody: 'a&b',
      MessageAttributes: { a: { DataType: 'String', StringValue: 'b' } },
    });
    expect(text).toContain(
      '<SendMessageResult><MD5OfMessageBody>5</MD5OfMessageBody><MessageId>m</MessageId>',
    );
  });

  it('spells received messages in JSON as mapping templates expect them', async () => {
    const request = form('Action=ReceiveMessage&QueueUrl=u');
    const received = await answerOf(
      'sqs',
      relaying('{"Messages":[{"MessageId":"m","Body":"b"}]}').service,
      request,
    );
    expect(JSON.parse(received.text).ReceiveMessageResponse.ReceiveMessageResult).toEqual({
      messages: [expect.objectContaining({ MessageId: 'm', Body: 'b', Attributes: null })],
    });
    const empty = await answerOf('sqs', relaying('{}').service, request);
    expect(JSON.parse(empty.text).ReceiveMessageResponse.ReceiveMessageResult).toEqual({ messages: null });
  });

  it('takes parameters from the query string as well', async () => {
    const { service } = relaying('{"QueueUrl":"u"}');
    const request = { ...form('', '*/*'), query: 'Action=GetQueueUrl&QueueName=q%20q' };
    expect((await answerOf('sqs', service, request)).input).toEqual({ QueueName: 'q q' });
  });
});

it('reads XML with entities, empty elements and prefixes', () => {
  const root = parseXml('<?xml version="1.0"?><a xmlns="u"><s:b>x&#38;&lt;&#x41;</s:b><!-- <c> --><d/></a>');
  expect(root.children.map(({ name, text }) => [name, text])).toEqual([
    ['b', 'x&<A'],
    ['d', ''],
  ]);
  expect(() => parseXml('<a><b></a>')).toThrow('not well-formed');
});

describe('a malformed request', () => {
  const json = (body: string): WireRequest => ({
    method: 'POST',
    path: '/',
    query: '',
    headers: { 'x-amz-target': 'DynamoDB_20120810.ListTables' },
    body: Buffer.from(body),
  });

  it.each([
    ['{', 'The request body is not valid JSON'],
    ['{"Limit":"1"}', 'STRING_VALUE cannot be converted to Number'],
    ['{"ExclusiveStartTableName":[]}', 'Start of list found where not expected'],
  ])('is refused: %s', async (body, message) => {
    await expect(
      answerOf(
        'dynamodb',
        answering(() => ({})),
        json(body),
      ),
    ).rejects.toThrow(message);
  });
});
