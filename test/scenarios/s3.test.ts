// S3 through deployed URLs: buckets and keys are listed, and objects come back byte for byte.
import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestAccount } from './account.ts';
import { type CallRoute, expectRollback, inputOf, openServing, serveRoutes } from './served.ts';

const bucket = 'photos';
const [bucketArn, objectArns] = [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`];
const routes = [
  { action: 'ListBuckets', path: '/' },
  { action: 'ListObjectsV2', path: '/{bucket}', resources: [bucketArn] },
  { action: 'GetObject', path: '/{bucket}/{key}', resources: [objectArns] },
  { action: 'PutObject', path: '/{bucket}/{key}', resources: [objectArns] },
  { action: 'DeleteObject', path: '/{bucket}/{key}', resources: [objectArns] },
];

const client = (account: TestAccount) => new S3Client({ ...account.client, forcePathStyle: true });
const makeBucket = (account: TestAccount) =>
  client(account).send(new CreateBucketCommand({ Bucket: bucket }));

/** Every byte there is, in an order that no text has. */
const binary = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7 + (index >> 8)) & 0xff));
const xmlOf = (bytes: Buffer, member: string) =>
  [...bytes.toString().matchAll(new RegExp(`<${member}>([^<]*)</${member}>`, 'g'))].map(([, text]) => text);

describe('S3 routes', () => {
  let account: TestAccount;
  let call: CallRoute;
  beforeAll(async () => {
    account = await openServing();
    await makeBucket(account);
    call = await serveRoutes(account, 's3', routes);
  });
  afterAll(() => account.aws.close());

  it('list the buckets at the root', async () => {
    const answer = await call('ListBuckets', '/');
    expect(answer.status).toBe(200);
    expect(xmlOf(answer.bytes, 'Name')).toEqual([bucket]);
  });

  it.each([
    ['a plain name', 'photo.jpg'],
    ['spaces', 'my holiday photo.jpg'],
    ['plus, ampersand and equals', 'a+b&c=d.bin'],
    ['slashes', '2026/01/photo.jpg'],
    ['percent and question mark', '100%25?.bin'],
    ['quotes and brackets', `it's "here" (1).bin`],
    ['other scripts', 'zażółć-日本-🍕.bin'],
  ])('keep a binary object under a key with %s byte for byte', async (_, key) => {
    const path = `/${bucket}/${encodeURIComponent(key)}`;
    const headers = { 'content-type': 'image/jpeg' };
    expect((await call('PutObject', path, { headers, body: binary })).status).toBe(200);

    const stored = await client(account).send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    expect(Buffer.from((await stored.Body?.transformToByteArray()) ?? []).equals(binary)).toBe(true);
    expect(stored.ContentType).toBe('image/jpeg');

    const read = await call('GetObject', path);
    expect(read.status).toBe(200);
    expect(read.headers.get('content-type')).toBe('image/jpeg');
    expect(read.bytes.equals(binary)).toBe(true);

    const listed = await call('ListObjectsV2', `/${bucket}`, { query: { prefix: key } });
    expect(xmlOf(listed.bytes, 'Size')).toEqual([String(binary.length)]);

    expect((await call('DeleteObject', path)).status).toBe(204);
    expect((await call('GetObject', path)).status).toBe(404);
  });

  it('answer for an object that is not there with an error, not with success', async () => {
    const answer = await call('GetObject', `/${bucket}/missing`);
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.bytes.toString())).toMatchObject({ error: { type: 'NoSuchKey' } });
  });
});

describe('S3 routes that fail in VerifyStage', () => {
  it('are gone, with everything made for them', async () => {
    await expectRollback(inputOf('s3', routes), makeBucket);
  });
});
