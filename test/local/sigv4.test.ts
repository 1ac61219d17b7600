import { Readable } from 'node:stream';
import { APIGatewayClient, GetRestApisCommand } from '@aws-sdk/client-api-gateway';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import { describe, expect, it } from 'vitest';
import { issueSession } from '../../local/credentials.ts';
import type { CallContext, Credentials, RelayedService, WireRequest } from '../../local/service.ts';
import { aDoor, anAccount, answering } from './front-door.ts';

const anyService = () => answering(() => ({}));
const hour = 3_600_000;
const roleArn = 'arn:aws:iam::000000000000:role/path/reader';

async function errorOf(call: Promise<unknown>) {
  const error = (await call.catch(caught => caught)) as Error & { $metadata?: { httpStatusCode?: number } };
  return [error.name, error.$metadata?.httpStatusCode];
}

describe('the front door', () => {
  it('knows the root user by its key', async () => {
    const { client, records } = aDoor(anyService());
    await new IAMClient(client).send(new ListRolesCommand({}));
    expect(records).toMatchObject([
      {
        service: 'iam',
        operation: 'ListRoles',
        status: 200,
        caller: { arn: 'arn:aws:iam::000000000000:root' },
      },
    ]);
  });

  it('knows a session by its token', async () => {
    const { client, records } = aDoor(anyService());
    const credentials = issueSession({ roleArn, sessionName: 'me', expiration: Date.now() + hour });
    await new IAMClient({ ...client, credentials }).send(new ListRolesCommand({})).catch(() => {});
    expect(records).toMatchObject([
      { caller: { arn: 'arn:aws:sts::000000000000:assumed-role/reader/me', roleArn } },
    ]);
  });

  const badCredentials: [string, Credentials, string, string][] = [
    [
      'an unknown key',
      { accessKeyId: 'AKIA', secretAccessKey: 'x' },
      'InvalidClientTokenId',
      'UnrecognizedClientException',
    ],
    [
      'a wrong secret',
      { accessKeyId: 'test', secretAccessKey: 'x' },
      'SignatureDoesNotMatch',
      'InvalidSignatureException',
    ],
    [
      'an expired session',
      issueSession({ roleArn, sessionName: 'me', expiration: 0 }),
      'ExpiredToken',
      'ExpiredTokenException',
    ],
    [
      'a token of its own making',
      {
        ...issueSession({ roleArn, sessionName: 'me', expiration: 9e15 }),
        sessionToken: 'WyJyb2xlIl0=.c2VhbA==',
      },
      'InvalidClientTokenId',
      'UnrecognizedClientException',
    ],
  ];
  it.each(badCredentials)('refuses %s, as each protocol says it', async (_, credentials, inQuery, inJson) => {
    const client = { ...aDoor(anyService()).client, credentials };
    expect(await errorOf(new IAMClient(client).send(new ListRolesCommand({})))).toEqual([inQuery, 403]);
    expect(await errorOf(new DynamoDBClient(client).send(new ListTablesCommand({})))).toEqual([inJson, 400]);
    expect(await errorOf(new APIGatewayClient(client).send(new GetRestApisCommand({})))).toEqual([
      inJson,
      403,
    ]);
  });

  it('refuses a request without signature, or signed for a region of another partition', async () => {
    const door = aDoor(anyService());
    const body = Buffer.from('Action=ListRoles&Version=2010-05-08');
    const headers = { host: 'iam.amazonaws.com', 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await door.handle({ method: 'POST', path: '/', query: '', headers, body });
    expect(answer.status).toBe(403);
    expect(Buffer.from(answer.body).toString()).toContain('<Code>MissingAuthenticationToken</Code>');
    const elsewhere = new DynamoDBClient({ ...door.client, region: 'cn-north-1' });
    expect(await errorOf(elsewhere.send(new ListTablesCommand({})))).toEqual([
      'InvalidSignatureException',
      400,
    ]);
  });

  const tamperings: [string, (request: WireRequest) => WireRequest][] = [
    ['method', request => ({ ...request, method: 'PUT' })],
    ['path', request => ({ ...request, path: `${request.path}x` })],
    ['query', request => ({ ...request, query: 'limit=2' })],
    ['body', request => ({ ...request, body: Buffer.from('other') })],
    [
      'signed header',
      request => ({ ...request, headers: { ...request.headers, 'x-amz-date': '20200101T000000Z' } }),
    ],
  ];
  it.each(tamperings)('notices a change of the %s after signing', async (_, tamper) => {
    const { handle } = aDoor(anyService());
    const request = await signed({ path: '/restapis', query: { limit: '1' } });
    expect((await handle(request)).status).toBe(200);
    expect((await handle(tamper(request))).status).toBeGreaterThanOrEqual(400);
  });

  it.each([
    '/tags/arn%3Aaws%3Aapigateway%3Aus-east-1%3A%3A%2Frestapis%2Fabc',
    '/restapis/a%20b%2Bc%C3%A9',
    '/restapis/',
  ])('canonicalizes the path %s as clients do', async path => {
    const { handle } = aDoor(anyService());
    const request = await signed({ path, query: { 'a-b': '1', a: '~ *(x)', é: 'ü+/=' } });
    expect((await handle(request)).status).toBe(200);
  });
});

async function signed({
  path,
  query,
}: {
  path: string;
  query: Record<string, string>;
}): Promise<WireRequest> {
  const signer = new SignatureV4({
    service: 'apigateway',
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    sha256: Sha256,
  });
  const { headers } = await signer.sign(
    new HttpRequest({ method: 'GET', hostname: 'localhost', path, query, headers: { host: 'localhost' } }),
  );
  const text = Object.entries(query).map(pair => pair.map(encodeURIComponent).join('='));
  const lowerCase = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return { method: 'GET', path, query: text.join('&'), headers: lowerCase, body: new Uint8Array() };
}

describe('an S3 upload', () => {
  /** Keeps what S3 would have been handed. */
  function aBucket() {
    const received: [WireRequest, string, Readonly<Record<string, unknown>>][] = [];
    const service: RelayedService = {
      operationNames: new Set(['PutObject', 'ListObjectsV2']),
      authorize: () => [],
      async relay(request: WireRequest, operation: string, input, _call: CallContext) {
        received.push([request, operation, input]);
        return { status: 200, headers: {}, body: new Uint8Array() };
      },
    };
    return { received, ...aDoor(service, { aws: anAccount() }) };
  }

  it('arrives plain when it was sent in chunks with a checksum behind', async () => {
    const { client, received } = aBucket();
    const stream = Readable.from([Buffer.from('hello '), Buffer.from('world')]);
    const s3 = new S3Client(client);
    await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'a/b c', Body: stream, ContentLength: 11 }));
    const [request, operation, input] = received[0] ?? [];
    expect(operation).toBe('PutObject');
    expect(input).toMatchObject({ Bucket: 'bucket', Key: 'a/b c' });
    expect(Buffer.from(request?.body ?? []).toString()).toBe('hello world');
    expect(request?.path).toBe('/bucket/a/b%20c');
    expect(request?.headers['content-encoding']).toBeUndefined();
    expect(request?.headers['x-amz-checksum-crc32']).toBe('DUoRhQ==');
  });

  it('is told apart from the other operations on the same path', async () => {
    const { client, received } = aBucket();
    await new S3Client(client).send(new ListObjectsV2Command({ Bucket: 'bucket', Prefix: 'a' }));
    expect(received[0]?.[1]).toBe('ListObjectsV2');
    expect(received[0]?.[2]).toMatchObject({ Bucket: 'bucket', Prefix: 'a' });
  });

  it('may carry its signature in the URL', async () => {
    const { client, handle, received } = aBucket();
    const signer = new SignatureV4({ ...client, service: 's3', sha256: Sha256, uriEscapePath: false });
    const presigned = await signer.presign(
      new HttpRequest({
        method: 'PUT',
        hostname: 'localhost',
        path: '/bucket/key',
        headers: { host: 'localhost', 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
      }),
    );
    const query = Object.entries(presigned.query ?? {})
      .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
      .join('&');
    const request = {
      method: 'PUT',
      path: '/bucket/key',
      query,
      headers: { host: 'localhost' },
      body: Buffer.from('x'),
    };
    expect((await handle(request)).status).toBe(200);
    expect(received).toHaveLength(1);
    const late = { ...request, query: query.replace('X-Amz-Expires=', 'X-Amz-Expires=1') };
    expect((await handle(late)).status).toBe(403);
  });
});
