import {
  CreateApiKeyCommand,
  CreateModelCommand,
  CreateRequestValidatorCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
} from '@aws-sdk/client-api-gateway';
import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import { describe, expect, it } from 'vitest';
import type { Credentials } from '../../../local/service.ts';
import { aGateway, jsonTemplate, mock } from './gateway.ts';

type Gateway = Awaited<ReturnType<typeof aGateway>>;

async function aValidator({ gateway, restApiId }: Gateway) {
  const { id } = await gateway.send(
    new CreateRequestValidatorCommand({
      restApiId,
      name: 'all',
      validateRequestBody: true,
      validateRequestParameters: true,
    }),
  );
  return id;
}

describe('request validation', () => {
  it('names the required parameters that are missing', async () => {
    const api = await aGateway();
    const requestParameters = {
      'method.request.querystring.size': true,
      'method.request.header.X-Tenant': true,
      'method.request.header.X-Optional': false,
    };
    const method = { requestValidatorId: await aValidator(api), requestParameters };
    await api.addRoute({ pathPart: 'pets', ...mock(), method });
    await api.deploy();
    const refused = await api.call('/pets');
    expect([refused.status, refused.json()]).toEqual([
      400,
      { message: 'Missing required request parameters: [X-Tenant, size]' },
    ]);
    expect((await api.call('/pets?size=1', { headers: { 'x-tenant': 'a' } })).status).toBe(200);
  });

  it('holds the body against the model, as JSON Schema draft 4', async () => {
    const api = await aGateway();
    const { restApiId } = api;
    const name = { type: 'object', required: ['first'], properties: { first: { type: 'string' } } };
    const pet = {
      type: 'object',
      required: ['name'],
      additionalProperties: false,
      properties: {
        name: { $ref: `https://apigateway.amazonaws.com/restapis/${restApiId}/models/Name` },
        age: { type: 'number', minimum: 0, exclusiveMinimum: true },
        id: { type: 'integer' },
      },
    };
    for (const [model, schema] of Object.entries({ Name: name, Pet: pet })) {
      const contentType = 'application/json';
      await api.gateway.send(
        new CreateModelCommand({ restApiId, name: model, contentType, schema: JSON.stringify(schema) }),
      );
    }
    const requestModels = { 'application/json': 'Pet' };
    const method = { requestValidatorId: await aValidator(api), requestModels };
    await api.addRoute({ pathPart: 'pets', ...mock(), method });
    await api.deploy();
    const statusFor = async (body: string) => (await api.call('/pets', { body })).status;
    expect(await statusFor('{"name": {"first": "Tom"}, "age": 1, "id": 7}')).toBe(200);
    expect(await statusFor('{"name": {}}')).toBe(400);
    expect(await statusFor('{"name": {"first": "Tom"}, "age": 0}')).toBe(400);
    expect(await statusFor('{"name": {"first": "Tom"}, "colour": "red"}')).toBe(400);
    expect(await statusFor('{"name"')).toBe(400);
    expect((await api.call('/pets')).json()).toEqual({ message: 'Invalid request body' });
  });

  it('refuses a content type without a template where nothing may pass through', async () => {
    const { addRoute, deploy, call } = await aGateway();
    const integration = { ...mock().integration, passthroughBehavior: 'NEVER' };
    await addRoute({ pathPart: 'pets', ...mock(), integration });
    await deploy();
    const refused = await call('/pets', { headers: { 'content-type': 'text/xml' }, body: '<a/>' });
    expect([refused.status, refused.json()]).toEqual([415, { message: 'Unsupported Media Type' }]);
    const json = { 'content-type': 'application/json; charset=utf-8' };
    expect((await call('/pets', { headers: json, body: '{}' })).status).toBe(200);
  });
});

describe('authorization', () => {
  async function aSignedCall({ aws, call, restApiId }: Gateway, credentials: Credentials) {
    const signer = new SignatureV4({
      service: 'execute-api',
      region: aws.region,
      credentials,
      sha256: Sha256,
      applyChecksum: false,
    });
    const host = `${restApiId}.execute-api.${aws.region}.amazonaws.com`;
    const { headers } = await signer.sign(
      new HttpRequest({ method: 'POST', hostname: host, path: '/dev/pets', headers: { host } }),
    );
    return call('/pets', { headers });
  }

  it('lets in by IAM who may invoke the method, and nobody else', async () => {
    const api = await aGateway();
    await api.addRoute({
      pathPart: 'pets',
      ...mock('"$context.identity.userArn"'),
      method: { authorizationType: 'AWS_IAM' },
    });
    await api.deploy();
    const roleArn = (await api.aRole({ Effect: 'Allow', Action: 'sns:*', Resource: '*' })) ?? '';
    const session = api.aws.assumeRole(roleArn, 'apigateway.amazonaws.com', 'caller');

    expect((await api.call('/pets')).json()).toEqual({ message: 'Missing Authentication Token' });
    expect((await aSignedCall(api, api.aws.credentials)).body).toBe('"arn:aws:iam::000000000000:root"');
    const denied = await aSignedCall(api, session);
    expect(denied.status).toBe(403);
    expect(denied.body).toContain('is not authorized to perform: execute-api:Invoke');
    const forged = await aSignedCall(api, { ...session, secretAccessKey: 'guessed' });
    expect(forged.headers['x-amzn-errortype']).toBe('InvalidSignatureException');
  });

  it('asks for an API key of a usage plan of the stage', async () => {
    const { addRoute, deploy, call, gateway, restApiId } = await aGateway();
    await addRoute({ pathPart: 'pets', ...mock(), method: { apiKeyRequired: true } });
    await deploy();
    const withKey = (key: string) => call('/pets', { headers: { 'x-api-key': key } });
    const value = 'abcdefghijklmnopqrstuvwx';
    const { id: keyId } = await gateway.send(new CreateApiKeyCommand({ name: 'k', value, enabled: true }));
    const outsider = await withKey(value);
    const { id: usagePlanId } = await gateway.send(
      new CreateUsagePlanCommand({ name: 'p', apiStages: [{ apiId: restApiId, stage: 'dev' }] }),
    );
    await gateway.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' }));
    expect([outsider.status, outsider.json()]).toEqual([403, { message: 'Forbidden' }]);
    expect([(await withKey('wrong')).status, (await withKey(value)).status]).toEqual([403, 200]);
  });
});

it('does not answer a template that cannot be run with half of its text', async () => {
  const { addRoute, deploy, call } = await aGateway();
  const responses = [{ statusCode: '200', responseTemplates: jsonTemplate('half #if(') }];
  await addRoute({ pathPart: 'pets', ...mock(), responses });
  await deploy();
  const { status, json } = await call('/pets');
  expect([status, json()]).toEqual([500, { message: 'Internal server error' }]);
});
