import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { authorizeS3 } from '../../../local/relays/s3-authorize.ts';
import { anAccount } from './account.ts';

const Bucket = 'some-bucket';
async function aBucket() {
  const account = await anAccount();
  const s3 = new S3Client(account.client);
  await s3.send(new CreateBucketCommand({ Bucket }));
  return { ...account, s3 };
}

describe('S3', () => {
  it('gives an object back byte for byte, with the headers it came with', async () => {
    const { s3, client } = await aBucket();
    const Key = 'a/ä b+c?.bin';
    const Body = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const described = { ContentType: 'image/png', CacheControl: 'no-cache', Metadata: { colour: 'red' } };
    const { ETag } = await s3.send(new PutObjectCommand({ Bucket, Key, Body, ...described }));
    // Path style and virtual-host style name the same bucket.
    for (const forcePathStyle of [true, false]) {
      const reader = new S3Client({ ...client, forcePathStyle });
      const got = await reader.send(new GetObjectCommand({ Bucket, Key }));
      expect(got).toMatchObject({ ...described, ETag, ContentLength: 256 });
      expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(Body)).toBe(true);
      expect(await reader.send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject({
        ...described,
        ContentLength: 256,
      });
    }
    await s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: encodeURI(`${Bucket}/${Key}`) }));
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key: 'copy' }))).toMatchObject(described);
  });

  it.each(['application/x-www-form-urlencoded', 'application/x-amz-json-1.0', 'text/plain; charset=utf-8'])(
    'leaves a body of type %s alone',
    async ContentType => {
      const { s3 } = await aBucket();
      await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: '{"a":1}&b=%20', ContentType }));
      const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'k' }));
      expect([await got.Body?.transformToString(), got.ContentType]).toEqual(['{"a":1}&b=%20', ContentType]);
    },
  );

  it('unpacks an upload that is streamed in chunks', async () => {
    const { aws, client } = await aBucket();
    const { url } = await aws.listen(0);
    const { requestHandler: _, ...config } = client;
    const s3 = new S3Client({ ...config, endpoint: url, forcePathStyle: true });
    const Body = Readable.from([Buffer.from('ab'), Buffer.from('cd')]);
    await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body, ContentLength: 4 }));
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'k', Range: 'bytes=1-2' }));
    expect([await got.Body?.transformToString(), got.ContentRange]).toEqual(['bc', 'bytes 1-2/4']);
    expect(got.ContentEncoding).toBeUndefined();
    s3.destroy();
  });

  it('lists buckets and objects, folded at a delimiter', async () => {
    const { s3 } = await aBucket();
    for (const Key of ['a/1', 'a/2', 'b']) await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    const listed = await s3.send(new ListObjectsV2Command({ Bucket, Delimiter: '/' }));
    expect(listed.Contents?.map(({ Key }) => Key)).toEqual(['b']);
    expect(listed.CommonPrefixes).toEqual([{ Prefix: 'a/' }]);
    await s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'a/1' }, { Key: 'a/2' }] } }),
    );
    expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(1);
    await expect(s3.send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject({
      name: 'BucketNotEmpty',
    });
    const { Buckets } = await s3.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toEqual([Bucket]);
  });

  it('answers errors in XML that says what is missing, under the ids of its headers', async () => {
    const { send } = await aBucket();
    for (const [path, code, member] of [
      [`/${Bucket}/a%26b`, 'NoSuchKey', '<Key>a&amp;b</Key>'],
      ['/other-bucket/k', 'NoSuchBucket', '<BucketName>other-bucket</BucketName>'],
    ] as const) {
      const answer = await send('s3', { method: 'GET', path, headers: { accept: 'application/json' } });
      expect(answer.status).toBe(404);
      expect(answer.text).toContain(`<Error><Code>${code}</Code>`);
      expect(answer.text).toContain(member);
      expect(answer.text).toContain(`<RequestId>${answer.headers['x-amz-request-id']}</RequestId>`);
      expect(answer.text).toContain(`<HostId>${answer.headers['x-amz-id-2']}</HostId>`);
    }
  });

  it('needs the permissions AWS names for each operation', async () => {
    const { aws } = await anAccount();
    const needed = (operation: string, input: object) =>
      authorizeS3(aws, operation, { ...input }).map(({ action, resource }) => `${action} ${resource}`);
    expect(needed('ListBuckets', {})).toEqual(['s3:ListAllMyBuckets *']);
    expect(needed('ListObjectsV2', { Bucket: 'b' })).toEqual(['s3:ListBucket arn:aws:s3:::b']);
    expect(needed('HeadObject', { Bucket: 'b', Key: 'x/y' })).toEqual(['s3:GetObject arn:aws:s3:::b/x/y']);
    const Objects = [{ Key: '1' }, { Key: '2' }];
    expect(needed('DeleteObjects', { Bucket: 'b', Delete: { Objects } })).toEqual([
      's3:DeleteObject arn:aws:s3:::b/1',
      's3:DeleteObject arn:aws:s3:::b/2',
    ]);
    expect(needed('CopyObject', { Bucket: 'b', Key: 'k', CopySource: '/a/x%20y' })).toEqual([
      's3:GetObject arn:aws:s3:::a/x y',
      's3:PutObject arn:aws:s3:::b/k',
    ]);
  });
});
