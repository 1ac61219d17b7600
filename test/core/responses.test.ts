// Integration responses: an error never comes back as success, and always in one shape of valid JSON.
import { describe, expect, it } from 'vitest';
import { answered, derive, operationOf } from './derived.ts';

const method = (service: string, action: string, constants: Readonly<Record<string, unknown>> = {}) => {
  const parameters = Object.fromEntries(Object.entries(constants).map(([name, value]) => [name, { value }]));
  return derive(operationOf(service, action), { parameters }).definition;
};

const hostile = `it's "quoted" \\ / <b>&amp; $x #end \n\r\t\u0001 é \u{1f600} \ud83d`;

/** The answer's body in full, so that nothing can hide beside the error. */
function errorOf({ body }: { readonly body: string }): { type: string; message: string } {
  const { error, ...rest } = JSON.parse(body);
  expect(rest).toEqual({});
  expect(Object.keys(error)).toEqual(['type', 'message', 'requestId']);
  expect(error.requestId).toBe('id-1');
  return error;
}

describe('an error of a query service', () => {
  const definition = method('sns', 'GetTopicAttributes');
  const json = (Code: string, Message = 'm') =>
    JSON.stringify({ Error: { Type: 'Sender', Code, Message }, RequestId: 'r' });

  it('keeps its status, code and message', () => {
    for (const [status, code] of [
      [404, 'NotFound'],
      [403, 'AuthorizationError'],
      [429, 'Throttling'],
      [400, 'InvalidParameter'],
    ] as const) {
      const answer = answered(definition, status, json(code, hostile));
      expect(answer.status).toBe(status);
      expect(errorOf(answer)).toMatchObject({ type: code, message: hostile });
    }
    expect(answered(definition, 500, json('InternalError')).status).toBe(500);
    expect(answered(definition, 503, json('ServiceUnavailable')).status).toBe(503);
  });

  it('is read from XML or base64 as well, and is an error whatever it says', () => {
    const xml = '<ErrorResponse><Error><Code>NotFound</Code><Message>gone</Message></Error></ErrorResponse>';
    expect(errorOf(answered(definition, 404, xml))).toMatchObject({ type: 'NotFound', message: 'gone' });
    const coded = Buffer.from(json('NotFound', hostile.slice(0, -1))).toString('base64');
    expect(answered(definition, 404, coded).status).toBe(404);
    expect(errorOf(answered(definition, 404, coded)).type).toBe('NotFound');
    for (const body of [
      '',
      '{}',
      '[]',
      'null',
      '"x"',
      '{"Error":',
      'Service Unavailable',
      '<html>',
      'NotFound',
      '{"Error":{"Code":7}}',
    ]) {
      for (const status of [400, 418, 499, 500, 599]) {
        const answer = answered(definition, status, body);
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(errorOf(answer).type).not.toBe('');
      }
    }
  });
});

describe('an error of a JSON service', () => {
  it('gets the status its code stands for', () => {
    const definition = method('dynamodb', 'GetItem', { TableName: 'items', Key: {} });
    const json = (type: string) =>
      JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: hostile });
    const status = (type: string) => answered(definition, 400, json(type)).status;
    expect(status('ResourceNotFoundException')).toBe(404);
    expect(status('ProvisionedThroughputExceededException')).toBe(429);
    expect(status('AccessDeniedException')).toBe(403);
    expect(status('ValidationException')).toBe(400);
    expect(errorOf(answered(definition, 400, json('ResourceNotFoundException')))).toMatchObject({
      type: 'ResourceNotFoundException',
      message: hostile,
    });
  });
});

describe('an error of a REST service', () => {
  it('keeps its status where only a header names it', () => {
    const definition = method('lambda', 'GetFunction', { FunctionName: 'f' });
    for (const status of [403, 404, 429]) {
      const answer = answered(definition, status, JSON.stringify({ Type: 'User', Message: hostile }));
      expect(answer.status).toBe(status);
      expect(errorOf(answer).message).toBe(hostile);
    }
    expect(errorOf(answered(definition, 404, '{}')).type).toBe('ResourceNotFoundException');
    expect(answered(definition, 418, '{}').status).toBe(400);
  });

  it('of S3 is JSON though S3 answers in XML', () => {
    const definition = method('s3', 'GetObject');
    const xml = (code: string) =>
      `<?xml version="1.0"?>\n<Error><Code>${code}</Code><Message>it's "gone"</Message></Error>`;
    const answer = (status: number, code: string) =>
      answered(definition, status, xml(code), 'application/xml');
    expect(errorOf(answer(404, 'NoSuchKey'))).toMatchObject({ type: 'NoSuchKey', message: `it's "gone"` });
    expect(answer(404, 'NoSuchKey').status).toBe(404);
    expect(answer(403, 'AccessDenied').status).toBe(403);
    expect(answer(412, 'PreconditionFailed').status).toBe(412);
    expect(answer(416, 'InvalidRange').status).toBe(416);
    expect(answered(definition, 404, Buffer.from(xml('NoSuchKey')).toString('base64')).status).toBe(404);
    expect(answered(definition, 304, '').status).toBe(304);
    expect(answered(definition, 206, 'part')).toEqual({ status: 206, body: 'part' });
  });

  it('to HEAD keeps its status without a body to read it from', () => {
    const definition = method('s3', 'HeadObject');
    expect(
      [200, 304, 403, 404, 412, 400, 500].map(status => answered(definition, status, '').status),
    ).toEqual([200, 304, 403, 404, 412, 400, 500]);
  });
});

describe('an error of a function', () => {
  it('is a 502 without its trace, never a 200', () => {
    const definition = method('lambda', 'Invoke', { FunctionName: 'f' });
    const [success, failure] = definition.integrationResponses;
    expect(success).toMatchObject({ statusCode: '200', responseTemplates: {} });
    expect(success?.selectionPattern).toBeUndefined();
    for (const message of ['boom', 'two\nlines', ' ']) {
      expect(message).toMatch(new RegExp(`^(?:${failure?.selectionPattern})$`));
    }
    expect(definition.methodResponses.map(({ statusCode }) => statusCode)).toEqual(['200', '502']);
    const body = JSON.stringify({ errorType: 'TypeError', errorMessage: hostile, trace: ['secret'] });
    const only = {
      ...definition,
      integrationResponses: failure ? [{ ...failure, selectionPattern: '200' }] : [],
    };
    const answer = answered(only, 200, body);
    expect(answer.status).toBe(502);
    expect(errorOf(answer)).toMatchObject({ type: 'TypeError', message: hostile });
  });
});

describe('a success', () => {
  it.each(['sns', 's3', 'kinesis', 'lambda', 'dynamodb', 'sqs'])('of %s passes through as it is', service => {
    const action = {
      sns: 'ListTopics',
      s3: 'ListBuckets',
      kinesis: 'ListStreams',
      lambda: 'ListFunctions',
      dynamodb: 'ListTables',
      sqs: 'ListQueues',
    }[service];
    expect(answered(method(service, action ?? ''), 200, 'as it is')).toEqual({
      status: 200,
      body: 'as it is',
    });
  });
});

describe('the service’s own error', () => {
  it('comes as the service wrote it, under the status its code stands for', () => {
    const own = (service: string, action: string) =>
      derive(operationOf(service, action), { errors: 'service' }).definition;
    const json = `{"__type":"com.amazonaws.dynamodb#ResourceNotFoundException","message":${JSON.stringify(hostile)}}`;
    expect(answered(own('dynamodb', 'ListTables'), 400, json)).toEqual({ status: 404, body: json });
    const xml = '<?xml version="1.0"?><Error><Code>NoSuchBucket</Code><Message>$x #end</Message></Error>';
    const definition = own('s3', 'ListBuckets');
    expect(answered(definition, 404, xml, 'application/xml')).toEqual({ status: 404, body: xml });
    expect(definition.integrationResponses.at(-1)?.responseParameters).toEqual({
      'method.response.header.Content-Type': 'integration.response.header.Content-Type',
    });
  });
});
