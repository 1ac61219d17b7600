import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeAll, describe, expect, it } from 'vitest';
import { aGateway, jsonTemplate } from './gateway.ts';

const arn = 'arn:aws:apigateway:us-east-1';

async function aQueue(statement: object) {
  const api = await aGateway();
  const sqs = new SQSClient(api.client);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'orders' }));
  const credentials = await api.aRole(statement);
  async function receive() {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    return Messages.map(({ Body }) => Body);
  }
  const form = { 'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'" };
  const integration = {
    uri: `${arn}:sqs:path/000000000000/orders`,
    credentials,
    requestParameters: form,
    requestTemplates: jsonTemplate('Action=SendMessage&MessageBody=$util.urlEncode($input.json("$.order"))'),
  };
  return { ...api, receive, integration };
}

const maySend = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' };

describe('an AWS integration', () => {
  it('calls the service as the role, with what the template makes of the body', async () => {
    const { addRoute, deploy, call, receive, integration } = await aQueue(maySend);
    const template = '{"id": "$input.path("$.SendMessageResponse.SendMessageResult.MessageId")"}';
    const responses = [{ statusCode: '202', responseTemplates: jsonTemplate(template) }];
    await addRoute({ pathPart: 'orders', integration, responses });
    await deploy();
    const { status, json, headers } = await call('/orders', { body: '{"order": {"n": "1 & 2"}}' });
    expect([status, json()]).toEqual([202, { id: expect.stringMatching(/^[0-9a-f-]{36}$/) }]);
    expect(headers['x-amzn-trace-id']).toMatch(/^Root=1-/);
    expect(await receive()).toEqual(['{"n":"1 & 2"}']);
  });

  it('lets the service’s status choose the answer, and an unmapped error through as 200', async () => {
    const { addRoute, deploy, call, receive, integration } = await aQueue({ ...maySend, Effect: 'Deny' });
    const denied = {
      statusCode: '502',
      selectionPattern: '4\\d{2}',
      responseTemplates: jsonTemplate('"no"'),
    };
    await addRoute({ pathPart: 'mapped', integration, responses: [{ statusCode: '200' }, denied] });
    await addRoute({ pathPart: 'unmapped', integration });
    await deploy();
    const [mapped, unmapped] = [
      await call('/mapped', { body: '{}' }),
      await call('/unmapped', { body: '{}' }),
    ];
    expect([mapped.status, mapped.body, unmapped.status]).toEqual([502, '"no"', 200]);
    expect(unmapped.body).toContain('is not authorized to perform: sqs:');
    expect(await receive()).toEqual([]);
  });

  it('fails without a role it may assume, and without an answer to choose', async () => {
    const { addRoute, deploy, call, receive, integration } = await aQueue(maySend);
    const credentials = 'arn:aws:iam::000000000000:role/unknown';
    await addRoute({ pathPart: 'role', integration: { ...integration, credentials } });
    await addRoute({
      pathPart: 'answer',
      integration,
      responses: [{ statusCode: '400', selectionPattern: '4..' }],
    });
    await deploy();
    const failed = [await call('/role', { body: '{}' }), await call('/answer', { body: '{"order": 1}' })];
    for (const { status, json } of failed) {
      expect([status, json()]).toEqual([500, { message: 'Internal server error' }]);
    }
    expect(await receive()).toEqual(['1']);
  });

  it('puts mapped parameters into path, query and headers', async () => {
    const { addRoute, deploy, call, receive, integration } = await aQueue(maySend);
    await addRoute({
      pathPart: '{queue}',
      integration: {
        ...integration,
        uri: `${arn}:sqs:path/000000000000/{name}`,
        requestTemplates: {},
        requestParameters: {
          'integration.request.path.name': 'method.request.path.queue',
          'integration.request.querystring.Action': "'SendMessage'",
          'integration.request.querystring.MessageBody': 'method.request.querystring.text',
          'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'",
        },
      },
      method: {
        requestParameters: { 'method.request.path.queue': true, 'method.request.querystring.text': true },
      },
    });
    await deploy();
    await call('/orders?text=first&text=a%26b');
    expect(await receive()).toEqual(['a&b']);
  });
});

describe('a Lambda integration', () => {
  const names = ['echo', 'fail', 'proxy', 'malformed'] as const;
  let bodies: Record<string, { status: number; body: string; headers: Record<string, string> }>;

  beforeAll(async () => {
    const answers: Record<(typeof names)[number], (event: unknown) => unknown> = {
      echo: event => event,
      fail: () => {
        throw new Error('Bad Request: no name');
      },
      proxy: event => ({
        statusCode: '201',
        headers: { 'x-one': 'a' },
        multiValueHeaders: { 'x-many': ['b', 'c'] },
        body: JSON.stringify(event),
      }),
      malformed: () => ({ statusCode: 200, message: 'not a member of the format' }),
    };
    const functions = names.map(name => ({
      name,
      timeoutSeconds: 5,
      policy: { Version: '2012-10-17', Statement: [] },
      invoke: async (event: unknown) => answers[name](event),
    }));
    const { addRoute, aRole, deploy, call } = await aGateway({}, { functions });
    const credentials = await aRole({ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: '*' });
    const responses = [
      { statusCode: '200' },
      {
        statusCode: '400',
        selectionPattern: 'Bad Request.*',
        responseTemplates: jsonTemplate('"$input.path("$.errorMessage")"'),
      },
    ];
    for (const name of names) {
      const type = name === 'echo' || name === 'fail' ? ('AWS' as const) : ('AWS_PROXY' as const);
      const uri = `${arn}:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:${name}/invocations`;
      const mapped = type === 'AWS' ? { responses } : { responses: [] };
      await addRoute({ pathPart: name, integration: { type, uri, credentials }, ...mapped });
    }
    await deploy();
    bodies = {};
    for (const name of names) bodies[name] = await call(`/${name}?q=1&q=2`, { body: '{"a":1}' });
  });

  it('hands the body over and the answer back', () => {
    expect(bodies.echo).toMatchObject({ status: 200, body: '{"a":1}' });
  });

  it('chooses the answer to a failed function by its error message', () => {
    expect(bodies.fail).toMatchObject({ status: 400, body: '"Bad Request: no name"' });
  });

  it('gives a proxied function the whole request, and the caller its answer', () => {
    const { status, headers, body } = bodies.proxy ?? { status: 0, headers: {}, body: '' };
    expect([status, headers['x-one'], headers['x-many']]).toEqual([201, 'a', 'b, c']);
    expect(JSON.parse(body)).toMatchObject({
      resource: '/proxy',
      path: '/proxy',
      httpMethod: 'POST',
      queryStringParameters: { q: '2' },
      multiValueQueryStringParameters: { q: ['1', '2'] },
      pathParameters: null,
      body: '{"a":1}',
      isBase64Encoded: false,
      requestContext: { stage: 'dev', path: '/dev/proxy', accountId: '000000000000' },
    });
  });

  it('answers 502 for a proxied function that does not keep to the format', () => {
    expect(bodies.malformed).toMatchObject({ status: 502 });
  });
});
