// PutRestApi and ImportRestApi: what a document makes of an API, and what it leaves alone.
import type { APIGateway } from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { aGateway, anApi, refusal } from './gateway.ts';

const role = 'arn:aws:iam::000000000000:role/r';
const integration = {
  type: 'aws',
  httpMethod: 'POST',
  uri: 'arn:aws:apigateway:us-east-1:sns:action/ListTopics',
  credentials: role,
  passthroughBehavior: 'never',
  requestParameters: { 'integration.request.querystring.NextToken': 'method.request.querystring.token' },
  requestTemplates: { 'application/json': '{}' },
  responses: {
    default: { statusCode: '200', responseTemplates: { 'application/json': "$input.json('$')" } },
    '4\\d{2}': {
      statusCode: '400',
      responseParameters: { 'method.response.header.X-Error': "'yes'" },
    },
  },
};
const operation = {
  operationId: 'ListTopics',
  parameters: [{ name: 'token', in: 'query', schema: { type: 'string' } }],
  responses: {
    '200': {
      description: 'ok',
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Topics' } } },
    },
    '400': { description: 'no', headers: { 'X-Error': { schema: { type: 'string' } } } },
  },
  'x-amazon-apigateway-auth': { type: 'AWS_IAM' },
  'x-amazon-apigateway-request-validator': 'all',
  'x-amazon-apigateway-integration': integration,
};
const openApi = (more: object = {}, item: object = { get: operation }) => ({
  openapi: '3.0.1',
  info: { title: 'api', version: '1.0' },
  paths: { '/topics/{kind}': item },
  components: { schemas: { Topics: { type: 'object', properties: { next: { type: 'string' } } } } },
  'x-amazon-apigateway-request-validators': {
    all: { validateRequestBody: true, validateRequestParameters: true },
  },
  ...more,
});
const bodyOf = (document: object) => Buffer.from(JSON.stringify(document));

async function resourcesByPath(gateway: APIGateway, restApiId: string) {
  const { items = [] } = await gateway.getResources({ restApiId, limit: 500, embed: ['methods'] });
  return new Map(items.map(resource => [resource.path, resource]));
}

/** What the API has beside what imports make in it. */
async function anApiOfOthers(gateway: APIGateway) {
  const api = await anApi(gateway);
  const { restApiId } = api;
  const patchOperations = [
    { op: 'replace' as const, path: '/description', value: 'theirs' },
    { op: 'add' as const, path: '/binaryMediaTypes/image~1png' },
    { op: 'replace' as const, path: '/minimumCompressionSize', value: '100' },
    { op: 'replace' as const, path: '/apiKeySource', value: 'AUTHORIZER' },
  ];
  await gateway.updateRestApi({ restApiId, patchOperations });
  const contentType = 'application/json';
  await gateway.createModel({ restApiId, name: 'Theirs', contentType, schema: '{"type":"object"}' });
  await gateway.createRequestValidator({ restApiId, name: 'theirs' });
  await gateway.putGatewayResponse({ restApiId, responseType: 'DEFAULT_4XX', statusCode: '400' });
  return api;
}

describe('PutRestApi in merge mode', () => {
  it('makes of a document what the single calls make of it', async () => {
    const { gateway } = aGateway();
    const { restApiId } = await anApi(gateway);
    await gateway.putRestApi({ restApiId, mode: 'merge', failOnWarnings: true, body: bodyOf(openApi()) });
    const { items: [validator] = [] } = await gateway.getRequestValidators({ restApiId });
    const resources = await resourcesByPath(gateway, restApiId);
    const resource = resources.get('/topics/{kind}');
    expect(resource).toMatchObject({ pathPart: '{kind}', parentId: resources.get('/topics')?.id });
    expect(resource?.resourceMethods?.GET).toEqual({
      httpMethod: 'GET',
      operationName: 'ListTopics',
      authorizationType: 'AWS_IAM',
      apiKeyRequired: false,
      requestValidatorId: validator?.id,
      requestParameters: { 'method.request.querystring.token': false },
      methodResponses: {
        '200': { statusCode: '200', responseModels: { 'application/json': 'Topics' } },
        '400': { statusCode: '400', responseParameters: { 'method.response.header.X-Error': false } },
      },
      methodIntegration: {
        type: 'AWS',
        httpMethod: 'POST',
        uri: integration.uri,
        credentials: role,
        passthroughBehavior: 'NEVER',
        requestParameters: integration.requestParameters,
        requestTemplates: integration.requestTemplates,
        timeoutInMillis: 29_000,
        cacheNamespace: resource?.id,
        cacheKeyParameters: [],
        integrationResponses: {
          '200': { statusCode: '200', responseTemplates: { 'application/json': "$input.json('$')" } },
          '400': {
            statusCode: '400',
            selectionPattern: '4\\d{2}',
            responseParameters: { 'method.response.header.X-Error': "'yes'" },
          },
        },
      },
    });
    const { schema = '' } = await gateway.getModel({ restApiId, modelName: 'Topics' });
    expect(JSON.parse(schema)).toEqual(openApi().components.schemas.Topics);
  });

  it('leaves alone what the document does not say', async () => {
    const { aws, gateway } = aGateway();
    const { restApiId, root } = await anApiOfOthers(gateway);
    const before = structuredClone(aws.store.content());
    const method = await gateway.getMethod(root);
    const empty = { openapi: '3.0.1', info: { title: 'api', version: '1.0' }, paths: {} };
    await gateway.putRestApi({ restApiId, body: bodyOf(empty) });
    const restApis = structuredClone(before['apigateway/restapis'] ?? {});
    Object.assign(restApis[restApiId] as object, { version: '1.0' });
    expect(aws.store.content()).toEqual({ ...before, 'apigateway/restapis': restApis });
    expect(await gateway.getMethod(root)).toMatchObject({ authorizationType: method.authorizationType });
  });

  it('replaces the method that is there, and adds to lists of the API', async () => {
    const { gateway } = aGateway();
    const { restApiId, root } = await anApiOfOthers(gateway);
    await gateway.putMethodResponse({ ...root, statusCode: '206' });
    const document = openApi({
      paths: { '/': { get: operation } },
      'x-amazon-apigateway-binary-media-types': ['image/png', 'application/pdf'],
    });
    const answer = await gateway.putRestApi({ restApiId, mode: 'merge', body: bodyOf(document) });
    expect(answer).toMatchObject({
      name: 'api',
      description: 'theirs',
      binaryMediaTypes: ['image/png', 'application/pdf'],
      minimumCompressionSize: 100,
      apiKeySource: 'AUTHORIZER',
    });
    expect(answer.warnings).toBeUndefined();
    const { methodResponses = {} } = await gateway.getMethod(root);
    expect(Object.keys(methodResponses)).toEqual(['200', '400']);
  });

  it('imported again is the same, with the same ids', async () => {
    const { aws, gateway } = aGateway();
    const { restApiId } = await anApi(gateway);
    const authorizer = {
      type: 'apiKey',
      name: 'Token',
      in: 'header',
      'x-amazon-apigateway-authtype': 'cognito_user_pools',
      'x-amazon-apigateway-authorizer': {
        type: 'cognito_user_pools',
        providerARNs: ['arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_a'],
      },
    };
    const document = openApi(
      { components: { securitySchemes: { users: authorizer }, schemas: openApi().components.schemas } },
      { get: { ...operation, security: [{ users: ['email'] }] } },
    );
    await gateway.putRestApi({ restApiId, body: bodyOf(document) });
    const before = structuredClone(aws.store.content());
    await gateway.putRestApi({ restApiId, body: bodyOf(document) });
    expect(aws.store.content()).toEqual(before);
    const resource = (await resourcesByPath(gateway, restApiId)).get('/topics/{kind}');
    const { items: [users] = [] } = await gateway.getAuthorizers({ restApiId });
    expect(users).toMatchObject({ name: 'users', identitySource: 'method.request.header.Token' });
    expect(resource?.resourceMethods?.GET).toMatchObject({
      authorizationType: 'COGNITO_USER_POOLS',
      authorizerId: users?.id,
      authorizationScopes: ['email'],
    });
  });
});

describe('PutRestApi in overwrite mode', () => {
  it('takes away what the document does not say, and keeps the ids of what it does', async () => {
    const { gateway } = aGateway();
    const { restApiId } = await anApiOfOthers(gateway);
    await gateway.putRestApi({ restApiId, body: bodyOf(openApi()) });
    const before = await resourcesByPath(gateway, restApiId);
    const document = openApi({}, { post: operation });
    const answer = await gateway.putRestApi({ restApiId, mode: 'overwrite', body: bodyOf(document) });
    expect(answer.description).toBeUndefined();
    expect(answer.binaryMediaTypes).toBeUndefined();
    expect(answer).toMatchObject({ apiKeySource: 'HEADER', endpointConfiguration: { types: ['EDGE'] } });
    const after = await resourcesByPath(gateway, restApiId);
    expect([...after.keys()].sort()).toEqual(['/', '/topics', '/topics/{kind}']);
    expect(after.get('/topics/{kind}')?.id).toBe(before.get('/topics/{kind}')?.id);
    expect(Object.keys(after.get('/topics/{kind}')?.resourceMethods ?? {})).toEqual(['POST']);
    const { items: models = [] } = await gateway.getModels({ restApiId });
    expect(models.map(({ name }) => name)).toEqual(['Topics']);
    const { items: validators = [] } = await gateway.getRequestValidators({ restApiId });
    expect(validators.map(({ name }) => name)).toEqual(['all']);
    const response = await gateway.getGatewayResponse({ restApiId, responseType: 'DEFAULT_4XX' });
    expect(response.defaultResponse).toBe(true);
  });
});

describe('an import that is refused', () => {
  const refusals: readonly [name: string, document: object, message: string][] = [
    [
      'an integration that API Gateway does not take',
      openApi({}, { get: { ...operation, 'x-amazon-apigateway-integration': { type: 'http' } } }),
      "Errors found during import:\n\tUnable to put integration on 'GET' for resource at path '/topics/{kind}': Enumeration value for HttpMethod must be non-empty",
    ],
    [
      'two errors at once',
      openApi({ components: { schemas: { 'No-Name': {}, Topics: { type: 'thing' } } } }),
      "Errors found during import:\n\tUnable to create model for 'No-Name': Model name must be alphanumeric: No-Name\n\tUnable to create model for 'Topics': Invalid model specified: Validation Result: warnings : [], errors : [Invalid model schema specified]",
    ],
    ['what is no OpenAPI document', { openapi: '3.1.0' }, 'Invalid OpenAPI input.'],
  ];
  it.each(refusals)('changes nothing: %s', async (_, document, message) => {
    const { aws, gateway } = aGateway();
    const { restApiId } = await anApiOfOthers(gateway);
    const before = structuredClone(aws.store.content());
    for (const mode of ['merge', 'overwrite'] as const) {
      const call = gateway.putRestApi({ restApiId, mode, body: bodyOf(document) });
      expect(await refusal(call)).toContain(`BadRequestException: ${message}`);
    }
    expect(await refusal(gateway.importRestApi({ body: bodyOf(document) }))).toContain(message);
    expect(aws.store.content()).toEqual(before);
  });

  it('is one with warnings only where these are to fail it', async () => {
    const { aws, gateway } = aGateway();
    const { restApiId } = await anApi(gateway);
    const before = structuredClone(aws.store.content());
    const document = openApi({ components: {} });
    const missing =
      "Parse issue: attribute paths.'/topics/{kind}'(get).responses.200.content.schema.#/components/schemas/Topics is missing";
    const call = gateway.putRestApi({ restApiId, failOnWarnings: true, body: bodyOf(document) });
    expect(await refusal(call)).toBe(`BadRequestException: Warnings found during import:\n\t${missing}`);
    expect(aws.store.content()).toEqual(before);
    const answer = await gateway.putRestApi({ restApiId, body: bodyOf(document) });
    expect(answer.warnings).toEqual([missing]);
  });

  it('warns of an operationId that comes twice', async () => {
    const { gateway } = aGateway();
    const { restApiId } = await anApi(gateway);
    const document = openApi({}, { get: operation, post: operation });
    const call = gateway.putRestApi({ restApiId, failOnWarnings: true, body: bodyOf(document) });
    expect(await refusal(call)).toContain("paths.'/topics/{kind}'(post).operationId is repeated");
  });

  it('names an API that is not there, and a mode there is none of', async () => {
    const { gateway } = aGateway();
    const body = bodyOf(openApi());
    expect(await refusal(gateway.putRestApi({ restApiId: 'none', body }))).toMatch(/^NotFoundException/);
    const mode = 'replace' as 'merge';
    expect(await refusal(gateway.putRestApi({ restApiId: 'none', mode, body }))).toMatch(
      /Value 'replace' at 'putRestApiInput.mode' failed to satisfy constraint/,
    );
  });
});

describe('ImportRestApi', () => {
  it('reads YAML and Swagger 2.0 as it reads OpenAPI 3.0 in JSON', async () => {
    const { gateway } = aGateway();
    const swagger = {
      swagger: '2.0',
      info: { title: 'api', version: '1.0' },
      basePath: '/v1/base',
      produces: ['application/json'],
      paths: {
        '/topics/{kind}': {
          get: {
            ...operation,
            parameters: [{ name: 'token', in: 'query', type: 'string' }],
            responses: {
              '200': { description: 'ok', schema: { $ref: '#/definitions/Topics' } },
              '400': { description: 'no', headers: { 'X-Error': { type: 'string' } } },
            },
          },
        },
      },
      definitions: openApi().components.schemas,
      'x-amazon-apigateway-request-validators': openApi()['x-amazon-apigateway-request-validators'],
    };
    const bodies = [bodyOf(openApi()), Buffer.from(stringify(openApi())), bodyOf(swagger)];
    const seen: unknown[] = [];
    for (const body of bodies) {
      const parameters = { endpointConfigurationTypes: 'REGIONAL' };
      const { id: restApiId = '', ...api } = await gateway.importRestApi({
        body,
        parameters,
        failOnWarnings: true,
      });
      expect(api).toMatchObject({
        name: 'api',
        version: '1.0',
        endpointConfiguration: { types: ['REGIONAL'] },
      });
      const method = (await resourcesByPath(gateway, restApiId)).get('/topics/{kind}')?.resourceMethods?.GET;
      const {
        requestValidatorId: _,
        methodIntegration: { cacheNamespace: __, ...target } = {},
        ...rest
      } = method ?? {};
      const { items: models = [] } = await gateway.getModels({ restApiId });
      seen.push({ rest, target, models: models.map(({ name }) => name) });
    }
    expect(seen[0]).toMatchObject({ rest: { operationName: 'ListTopics' }, models: ['Topics'] });
    expect(seen.slice(1)).toEqual([seen[0], seen[0]]);
    const split = await gateway.importRestApi({ body: bodyOf(swagger), parameters: { basepath: 'split' } });
    expect([...(await resourcesByPath(gateway, split.id ?? '')).keys()]).toContain('/base/topics/{kind}');
    const prepend = await gateway.importRestApi({
      body: bodyOf(swagger),
      parameters: { basepath: 'prepend' },
    });
    expect([...(await resourcesByPath(gateway, prepend.id ?? '')).keys()]).toContain(
      '/v1/base/topics/{kind}',
    );
  });

  it('takes back what GetExport gave', async () => {
    const { gateway } = aGateway();
    const { id: restApiId = '' } = await gateway.importRestApi({ body: bodyOf(openApi()) });
    await gateway.createDeployment({ restApiId, stageName: 'test' });
    for (const exportType of ['oas30', 'swagger']) {
      const given = { restApiId, stageName: 'test', exportType, parameters: { extensions: 'apigateway' } };
      const { body } = await gateway.getExport(given);
      const { id: again = '' } = await gateway.importRestApi({ body: body ?? '', failOnWarnings: true });
      const [one, other] = [restApiId, again].map(async id => {
        const all = await resourcesByPath(gateway, id);
        const {
          requestValidatorId: _,
          methodIntegration,
          ...method
        } = all.get('/topics/{kind}')?.resourceMethods?.GET ?? {};
        return { ...method, integration: { ...methodIntegration, cacheNamespace: '' } };
      });
      // A document declares the path's own variables, which the method need not.
      expect(await other).toEqual({
        ...(await one),
        requestParameters: {
          'method.request.querystring.token': false,
          'method.request.path.kind': true,
        },
      });
    }
  });
});
