// S3's listings, conditional writes and unusual objects.
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { anAccount } from './account.ts';

const Bucket = 'health';

async function aBucket(keys: readonly string[] = []) {
  const client = new S3Client((await anAccount()).client);
  await client.send(new CreateBucketCommand({ Bucket }));
  for (const Key of keys) await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
  const read = async (Key: string) =>
    (await client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToByteArray();
  return { client, read };
}

const keys = ['B', 'a&b <c>', 'a/1', 'a/2', 'b', 'é', 'ﬀ', '𝒳'];

describe('listings of a bucket', () => {
  test('pages lose no object, whatever the case of its key, and are in the order of bytes', async () => {
    const { client } = await aBucket([...keys].reverse());
    const listed: (string | undefined)[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 3, ContinuationToken }));
      expect(page.KeyCount).toBe(page.Contents?.length);
      listed.push(...(page.Contents ?? []).map(({ Key }) => Key));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    expect(listed).toEqual(keys);
  });

  test('a delimiter puts what is below a prefix into one entry, and the older listing goes on after it', async () => {
    const { client } = await aBucket(keys);
    const input = { Bucket, Delimiter: '/', MaxKeys: 3 };
    const first = await client.send(new ListObjectsCommand(input));
    expect(first.Contents?.map(({ Key }) => Key)).toEqual(['B', 'a&b <c>']);
    expect(first).toMatchObject({
      CommonPrefixes: [{ Prefix: 'a/' }],
      IsTruncated: true,
      NextMarker: 'a/',
    });
    const second = await client.send(new ListObjectsCommand({ ...input, Marker: first.NextMarker }));
    expect(second.Contents?.map(({ Key }) => Key)).toEqual(['b', 'é', 'ﬀ']);
    expect(second.CommonPrefixes).toBeUndefined();
  });

  test('a prefix and a start leave the rest out', async () => {
    const { client } = await aBucket(keys);
    const { Contents, IsTruncated } = await client.send(
      new ListObjectsV2Command({ Bucket, Prefix: 'a/', StartAfter: 'a/1' }),
    );
    expect(Contents).toMatchObject([
      { Key: 'a/2', Size: 3, ETag: expect.stringMatching(/^"[0-9a-f]{32}"$/) },
    ]);
    expect(IsTruncated).toBe(false);
  });
});

describe('objects', () => {
  test('keys that look like relative paths stay apart', async () => {
    const { read } = await aBucket(['x', './x', 'a/../x', 'a//x', '/x', 'a/']);
    for (const key of ['x', './x', 'a/../x', 'a//x', '/x', 'a/']) {
      expect(Buffer.from((await read(key)) ?? []).toString()).toBe(key);
    }
  });

  test('one larger than a few megabytes is taken', async () => {
    const { client, read } = await aBucket();
    const Body = Buffer.alloc(12 * 1024 * 1024, 7);
    await client.send(new PutObjectCommand({ Bucket, Key: 'large', Body }));
    expect(Body.equals((await read('large')) ?? Buffer.alloc(0))).toBe(true);
  });

  test('a write on a condition that does not hold, or with a wrong digest, changes nothing', async () => {
    const { client, read } = await aBucket(['k']);
    const put = (more: object) =>
      client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'new', ...more }));
    await expect(put({ IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(put({ IfMatch: '"0"' })).rejects.toMatchObject({ $metadata: { httpStatusCode: 412 } });
    await expect(put({ ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' })).rejects.toMatchObject({
      name: 'BadDigest',
    });
    expect(Buffer.from((await read('k')) ?? []).toString()).toBe('k');
    const { ETag } = await client.send(
      new PutObjectCommand({ Bucket, Key: 'fresh', Body: '1', IfNoneMatch: '*' }),
    );
    await client.send(new PutObjectCommand({ Bucket, Key: 'fresh', Body: '2', IfMatch: ETag }));
    expect(Buffer.from((await read('fresh')) ?? []).toString()).toBe('2');
  });
});
