import {
  DeleteGatewayResponseCommand,
  type GatewayResponseType,
  GetGatewayResponseCommand,
  GetGatewayResponsesCommand,
  type PatchOperation,
  PutGatewayResponseCommand,
  type PutGatewayResponseRequest,
  UpdateGatewayResponseCommand,
} from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import { aGateway, mock } from '../execute-api/gateway.ts';

const origin = 'gatewayresponse.header.Access-Control-Allow-Origin';
const standard = { 'application/json': '{"message":$context.error.messageString}' };

async function anApi() {
  const api = await aGateway();
  const { gateway, restApiId } = api;
  return {
    ...api,
    put: (responseType: GatewayResponseType, response: Partial<PutGatewayResponseRequest> = {}) =>
      gateway.send(new PutGatewayResponseCommand({ restApiId, responseType, ...response })),
    get: (responseType: GatewayResponseType) =>
      gateway.send(new GetGatewayResponseCommand({ restApiId, responseType })),
    list: async () => (await gateway.send(new GetGatewayResponsesCommand({ restApiId }))).items ?? [],
    patch: (responseType: GatewayResponseType, ...patchOperations: PatchOperation[]) =>
      gateway.send(new UpdateGatewayResponseCommand({ restApiId, responseType, patchOperations })),
    remove: (responseType: GatewayResponseType) =>
      gateway.send(new DeleteGatewayResponseCommand({ restApiId, responseType })),
  };
}

describe('a gateway response', () => {
  it('is there for every type, as AWS has it, until the API has its own', async () => {
    const { put, get, list, remove } = await anApi();
    const before = await list();
    expect(before).toHaveLength(21);
    expect(before.every(one => one.defaultResponse)).toBe(true);
    const none = await get('DEFAULT_4XX');
    expect(none).toMatchObject({
      defaultResponse: true,
      responseParameters: {},
      responseTemplates: standard,
    });
    expect(none.statusCode).toBeUndefined();
    expect(await put('THROTTLED')).toMatchObject({
      responseType: 'THROTTLED',
      statusCode: '429',
      responseParameters: {},
      responseTemplates: standard,
      defaultResponse: false,
    });
    await remove('THROTTLED');
    expect(await list()).toEqual(before);
    await expect(remove('THROTTLED')).rejects.toMatchObject({
      name: 'NotFoundException',
      message: 'Gateway response type not defined on api',
    });
  });

  it('of a whole class of errors stands for those of its types that the API has none for', async () => {
    const { put, get } = await anApi();
    await put('AUTHORIZER_FAILURE', { statusCode: '502' });
    const responseParameters = { [origin]: "'*'" };
    await put('DEFAULT_5XX', { statusCode: '599', responseParameters });
    expect(await get('INTEGRATION_TIMEOUT')).toMatchObject({
      responseType: 'INTEGRATION_TIMEOUT',
      statusCode: '599',
      responseParameters,
      defaultResponse: true,
    });
    expect(await get('AUTHORIZER_FAILURE')).toMatchObject({ statusCode: '502', responseParameters: {} });
    await put('DEFAULT_5XX', { responseParameters });
    expect(await get('INTEGRATION_TIMEOUT')).toMatchObject({ statusCode: '504', responseParameters });
    expect(await get('THROTTLED')).toMatchObject({ statusCode: '429', responseParameters: {} });
  });

  it('is patched in its status, headers and templates', async () => {
    const { patch, put } = await anApi();
    const xml = { op: 'add', path: '/responseTemplates/application~1xml', value: '<a/>' } as const;
    const status = { op: 'replace', path: '/statusCode', value: '444' } as const;
    expect(await patch('DEFAULT_4XX', status, xml)).toMatchObject({
      statusCode: '444',
      responseTemplates: { ...standard, 'application/xml': '<a/>' },
      defaultResponse: false,
    });
    await put('DEFAULT_4XX', { responseParameters: { [origin]: "'a'" } });
    const path = `/responseParameters/${origin}`;
    await expect(patch('DEFAULT_4XX', { op: 'replace', path })).rejects.toThrow(
      'Invalid null or empty value in responseParameters',
    );
    await expect(patch('DEFAULT_5XX', { op: 'replace', path, value: "'a'" })).rejects.toThrow(
      'Invalid parameter name specified',
    );
    for (const operation of [
      { ...status, op: 'add' as const },
      { op: 'remove', path: '/statusCode' } as const,
    ])
      await expect(patch('DEFAULT_4XX', operation)).rejects.toThrow('Invalid patch path /statusCode');
    await expect(patch('DEFAULT_4XX', { op: 'add', value: 'x' })).rejects.toThrow('Invalid patch path null');
  });
});

describe('what API Gateway answers by itself', () => {
  it('has the headers and the body of the deployed gateway response', async () => {
    const { addRoute, deploy, call, put, remove } = await anApi();
    await addRoute({ pathPart: 'pets', ...mock() });
    await put('DEFAULT_4XX', {
      responseParameters: {
        [origin]: "'https://example.com'",
        'gatewayresponse.header.x-query': 'method.request.querystring.q',
        'gatewayresponse.header.x-stage': 'context.stage',
      },
      responseTemplates: {
        'application/json':
          '{"type":"$context.error.responseType","text":$context.error.messageString,"no":"$context.none","q":"$method.request.querystring.q","v":"$stageVariables.v","vtl":"#if(true)$input.body#end"}',
      },
    });
    await deploy('dev', { v: '1' });
    // A deployment keeps what was there when it was made.
    await remove('DEFAULT_4XX');
    const missing = await call('/nowhere?q=1');
    expect(missing.status).toBe(403);
    expect(missing.headers).toMatchObject({
      'access-control-allow-origin': 'https://example.com',
      'x-query': '1',
      'x-stage': 'dev',
      'x-amzn-errortype': 'MissingAuthenticationTokenException',
    });
    expect(missing.json()).toEqual({
      type: 'MISSING_AUTHENTICATION_TOKEN',
      text: 'Missing Authentication Token',
      no: '',
      q: '1',
      v: '1',
      vtl: '#if(true)$input.body#end',
    });
  });
});
