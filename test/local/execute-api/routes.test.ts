import { PutGatewayResponseCommand, TestInvokeMethodCommand } from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import { aGateway, jsonTemplate, mock } from './gateway.ts';

it('runs a test as the caller, with what tells a test apart', async () => {
  const { addRoute, gateway } = await aGateway();
  const identity = '$context.identity.sourceIp $context.identity.apiKey $context.identity.userArn';
  const place = await addRoute({
    pathPart: 'me',
    ...mock(`${identity} $context.stage $context.domainName`),
  });
  const { body } = await gateway.send(new TestInvokeMethodCommand({ ...place, body: '{}' }));
  expect(body).toBe(
    'test-invoke-source-ip test-invoke-api-key arn:aws:iam::000000000000:root test-invoke-stage testPrefix.testDomainName',
  );
});

describe('a request to a stage', () => {
  it('goes to the most specific resource that has its method', async () => {
    const { addRoute, deploy, call } = await aGateway();
    const pets = await addRoute({ pathPart: 'pets', httpMethod: 'GET', ...mock('"literal"') });
    await addRoute({ pathPart: '{id}', ...mock('"variable $input.params(\'id\')"') }, pets.resourceId);
    await addRoute({ pathPart: '{proxy+}', httpMethod: 'ANY', ...mock('"greedy $input.params(\'proxy\')"') });
    await deploy();
    const bodies = [
      await call('/pets', { method: 'GET' }),
      await call('/pets/1', { method: 'POST' }),
      await call('/pets', { method: 'DELETE' }),
      await call('/pets/1//2/', { method: 'GET' }),
    ].map(({ body }) => body);
    expect(bodies).toEqual(['"literal"', '"variable 1"', '"greedy pets"', '"greedy pets/1//2"']);
  });

  it('is refused where the stage or the route is missing', async () => {
    const { addRoute, deploy, call, aws } = await aGateway();
    await addRoute({ pathPart: 'pets', ...mock() });
    await deploy();
    const missing = await call('/cats');
    expect(missing.status).toBe(403);
    expect(missing.headers['x-amzn-errortype']).toBe('MissingAuthenticationTokenException');
    expect(missing.json()).toEqual({ message: 'Missing Authentication Token' });
    const url = 'http://none.execute-api.us-east-1.amazonaws.com/dev/pets';
    const unknown = await aws.http({ method: 'POST', url, headers: {} });
    expect([unknown.status, JSON.parse(unknown.body)]).toEqual([403, { message: 'Forbidden' }]);
  });

  it('gets the answer that is deployed, not what was changed since', async () => {
    const { addRoute, deploy, call } = await aGateway();
    await addRoute({ pathPart: 'old', ...mock() });
    await deploy();
    await addRoute({ pathPart: 'new', ...mock() });
    expect((await call('/new')).status).toBe(403);
    await deploy();
    expect((await call('/new')).status).toBe(200);
  });

  it('gets API Gateway’s own answers as the API customised them', async () => {
    const { addRoute, deploy, call, gateway, restApiId } = await aGateway();
    await addRoute({ pathPart: 'pets', ...mock() });
    await gateway.send(
      new PutGatewayResponseCommand({
        restApiId,
        responseType: 'MISSING_AUTHENTICATION_TOKEN',
        statusCode: '404',
        responseParameters: { 'gatewayresponse.header.x-reason': "'no route'" },
        responseTemplates: jsonTemplate('{"error":$context.error.messageString}'),
      }),
    );
    await deploy();
    const { status, headers, json } = await call('/cats');
    expect([status, headers['x-reason'], json()]).toEqual([
      404,
      'no route',
      { error: 'Missing Authentication Token' },
    ]);
  });
});

describe('a mock integration', () => {
  it('chooses its answer by the status in its template', async () => {
    const { addRoute, deploy, call } = await aGateway();
    await addRoute({
      pathPart: 'pets',
      integration: {
        type: 'MOCK',
        requestTemplates: jsonTemplate('{"statusCode": #if($input.path("$.ok"))200#{else}404#end}'),
      },
      responses: [
        { statusCode: '200', responseTemplates: jsonTemplate('"found"') },
        { statusCode: '410', selectionPattern: '4\\d{2}', responseTemplates: jsonTemplate('"gone"') },
      ],
    });
    await deploy();
    const found = await call('/pets', { body: '{"ok": true}' });
    const gone = await call('/pets', { body: '{"ok": false}' });
    expect([found.status, found.body, gone.status, gone.body]).toEqual([200, '"found"', 410, '"gone"']);
  });

  it('answers with the status and headers its templates override', async () => {
    const { addRoute, deploy, call } = await aGateway();
    await addRoute({
      pathPart: 'pets',
      integration: {
        type: 'MOCK',
        requestTemplates: jsonTemplate(
          '#set($context.responseOverride.header.x-from = "request"){"statusCode": 200}',
        ),
      },
      responses: [
        {
          statusCode: '200',
          responseParameters: { 'method.response.header.x-from': "'mapping'" },
          responseTemplates: jsonTemplate('#set($context.responseOverride.status = 418)$stageVariables.tea'),
        },
      ],
    });
    await deploy('dev', { tea: 'oolong' });
    const { status, headers, body } = await call('/pets');
    expect([status, headers['x-from'], body]).toEqual([418, 'request', 'oolong']);
  });

  it('fails without a status', async () => {
    const { addRoute, deploy, call } = await aGateway();
    await addRoute({
      pathPart: 'pets',
      ...mock(),
      integration: { type: 'MOCK', requestTemplates: jsonTemplate('{}') },
    });
    await deploy();
    const { status, json } = await call('/pets');
    expect([status, json()]).toEqual([500, { message: 'Internal server error' }]);
  });

  it('can be tested before it is deployed, with a log', async () => {
    const { addRoute, gateway } = await aGateway();
    const place = await addRoute({ pathPart: '{id}', ...mock('{"id": "$input.params(\'id\')"}') });
    const { status, body, log } = await gateway.send(
      new TestInvokeMethodCommand({ ...place, pathWithQueryString: '/42?a=b', body: '{}' }),
    );
    expect([status, body]).toEqual([200, '{"id": "42"}']);
    expect(log?.split('\n').map(line => line.replace(/^.* : /, ''))).toEqual([
      expect.stringMatching(/^Execution log for request [0-9a-f-]{36}$/),
      expect.stringMatching(/^Starting execution for request: /),
      'HTTP Method: POST, Resource Path: /42',
      'Method request path: {id=42}',
      'Method request query string: {a=b}',
      'Method request headers: {}',
      'Method request body before transformations: {}',
      'Method response body after transformations: {"id": "42"}',
      'Method response headers: {Content-Type=application/json}',
      'Successfully completed execution',
      'Method completed with status: 200',
      '',
    ]);
  });
});
