// OpenAPI documents of what is planned and of what is deployed, judged by a public validator.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APIGatewayClient, GetExportCommand } from '@aws-sdk/client-api-gateway';
import { validate } from '@readme/openapi-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { OpenApiDocument } from '../../core/openapi.ts';
import { toValid } from '../../core/openapi-valid.ts';
import { toSwagger } from '../../core/swagger.ts';
import { openAccount, type TestAccount } from '../scenarios/account.ts';
import { serviceProxy } from './command-line.ts';

const tables = ['arn:aws:dynamodb:us-east-1:000000000000:table/orders'];
const objects = ['arn:aws:s3:::orders/*'];
const routes = [
  { service: 'sns', action: 'ListTopics', path: '/topics' },
  {
    service: 'dynamodb',
    action: 'PutItem',
    path: '/items',
    resources: tables,
    cors: { origins: ['https://a.example'] },
  },
  { service: 's3', action: 'GetObject', path: '/objects/{bucket}/{key+}', resources: objects },
  {
    service: 'lambda',
    action: 'Invoke',
    path: '/f',
    resources: ['arn:aws:lambda:us-east-1:000000000000:function:f'],
  },
  { service: 'sns', action: 'ListTopics', path: '/keyed', authorization: { type: 'API_KEY' } },
];
const input = { api: { name: 'Orders' }, stage: 'test', routes };

const folder = mkdtempSync(join(tmpdir(), 'service-proxy-openapi-'));
const file = join(folder, 'input.json');
writeFileSync(file, JSON.stringify(input));
afterAll(() => rmSync(folder, { recursive: true }));

const gatewayResponses = 'x-amazon-apigateway-gateway-responses';

async function expectValid(document: unknown): Promise<void> {
  const result = await validate(structuredClone(document) as never);
  expect(result.valid ? [] : result.errors.map(({ message }) => message)).toEqual([]);
}

/** An integration that was made has its default time-out besides, and a role named after the API's id. */
const withoutIntegrations = (paths: unknown) =>
  JSON.parse(
    JSON.stringify(paths, (name, value) => (name === 'x-amazon-apigateway-integration' ? undefined : value)),
  );

const operation = (document: OpenApiDocument, path: string, method: string) =>
  (document.paths as Record<string, Record<string, Record<string, unknown>>>)[path]?.[method];

describe('plan --openapi', () => {
  const print = async (...more: string[]) =>
    (await serviceProxy('plan', '--input', file, '--openapi', ...more)).stdout;

  it('is valid OpenAPI 3.0 with API Gateway’s extensions', async () => {
    const document: OpenApiDocument = JSON.parse(await print());
    await expectValid(document);
    expect(document.openapi).toBe('3.0.1');
    expect(operation(document, '/items', 'post')).toMatchObject({
      operationId: 'PutItem',
      security: [{ sigv4: [] }],
      requestBody: { required: true },
      'x-amazon-apigateway-request-validator': 'service-proxy',
      'x-amazon-apigateway-integration': {
        type: 'aws',
        httpMethod: 'POST',
        uri: 'arn:aws:apigateway:us-east-1:dynamodb:action/PutItem',
        passthroughBehavior: 'never',
        credentials: expect.stringMatching(/^arn:aws:iam::000000000000:role\/service-proxy\//),
      },
    });
    expect(operation(document, '/keyed', 'get')?.security).toEqual([{ api_key: [] }]);
    expect(operation(document, '/items', 'options')?.security).toBeUndefined();
    expect(document[gatewayResponses]).toMatchObject({
      DEFAULT_4XX: {
        responseParameters: {
          'gatewayresponse.header.Access-Control-Allow-Origin': "'https://a.example'",
        },
        responseTemplates: { 'application/json': expect.stringContaining('$context.error.responseType') },
      },
      DEFAULT_5XX: {},
    });
    expect(document.components.securitySchemes).toEqual({
      sigv4: {
        type: 'apiKey',
        name: 'Authorization',
        in: 'header',
        'x-amazon-apigateway-authtype': 'awsSigv4',
      },
      api_key: { type: 'apiKey', name: 'x-api-key', in: 'header' },
    });
  });

  it('says the same in YAML', async () => {
    expect(parse(await print('--yaml'))).toEqual(JSON.parse(await print()));
  });
});

describe('a deployed stage', () => {
  let account: TestAccount;
  let url: string;
  beforeAll(async () => {
    account = await openAccount();
    url = (await account.aws.listen(0)).url;
    const result = await account.run({
      ...input,
      routes: routes.map(route => ({ ...route, test: { skip: 'exported only' } })),
    });
    expect(result.status).toBe('SUCCEEDED');
  });
  afterAll(() => account.aws.close());

  const exported = async (more: object = {}) => {
    const [restApiId = ''] = Object.keys(account.aws.store.content()['apigateway/restapis'] ?? {});
    const { body } = await new APIGatewayClient(account.client).send(
      new GetExportCommand({ restApiId, stageName: 'test', exportType: 'oas30', ...more }),
    );
    return Buffer.from(body ?? []).toString();
  };

  it('is exported by its name, as the plan described it and with its address', async () => {
    const { stdout } = await serviceProxy('export', 'Orders', 'test', '--endpoint-url', url);
    const document: OpenApiDocument = JSON.parse(stdout);
    await expectValid(document);
    const planned = await serviceProxy('plan', '--input', file, '--openapi');
    const { paths, [gatewayResponses]: responses } = JSON.parse(planned.stdout);
    expect(Object.keys(document.paths)).toEqual(Object.keys(paths));
    expect(document[gatewayResponses]).toEqual(responses);
    expect(withoutIntegrations(document.paths)).toEqual(withoutIntegrations(paths));
    expect(document.servers).toEqual([
      {
        url: expect.stringMatching(
          /^https:\/\/[a-z0-9]{10}\.execute-api\.us-east-1\.amazonaws\.com\/\{basePath\}$/,
        ),
        variables: { basePath: { default: 'test' } },
      },
    ]);
  });

  it('is exported by API Gateway without extensions, unless they are asked for', async () => {
    const plain = await exported();
    await expectValid(toValid(JSON.parse(plain)));
    expect(plain).not.toContain('x-amazon-apigateway');
    expect(await exported({ parameters: { extensions: 'integrations' } })).toContain(
      'x-amazon-apigateway-integration',
    );
  });

  it('is exported as Swagger 2.0 and as YAML too', async () => {
    const swagger = await exported({ exportType: 'swagger', parameters: { extensions: 'apigateway' } });
    const valid = toSwagger(
      toValid(JSON.parse(await exported({ parameters: { extensions: 'apigateway' } }))),
    );
    await expectValid(valid);
    expect(Object.keys(JSON.parse(swagger).paths)).toEqual(Object.keys(valid.paths ?? {}));
    expect(JSON.parse(swagger)).toMatchObject({ swagger: '2.0', basePath: '/test', schemes: ['https'] });
    const parameters = { extensions: 'apigateway' };
    expect(parse(await exported({ accepts: 'application/yaml', parameters }))).toEqual(
      JSON.parse(await exported({ parameters })),
    );
  });

  it('of no such API is refused', async () => {
    const refused = await serviceProxy('export', 'Invoices', 'test', '--endpoint-url', url);
    expect(refused).toMatchObject({ exitCode: 2 });
    expect(refused.stderr).toContain('Invoices: no REST API has this id or name');
  });
});
