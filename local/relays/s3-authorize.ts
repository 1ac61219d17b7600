// Which permissions each S3 operation needs (Service Authorization Reference).
import type { Authorization, Aws } from '../service.ts';

/** Operations whose IAM action has another name. */
const actions: Readonly<Record<string, string>> = {
  CompleteMultipartUpload: 'PutObject',
  CopyObject: 'PutObject',
  CreateMultipartUpload: 'PutObject',
  DeleteObjects: 'DeleteObject',
  HeadBucket: 'ListBucket',
  HeadObject: 'GetObject',
  ListBuckets: 'ListAllMyBuckets',
  ListObjects: 'ListBucket',
  ListObjectsV2: 'ListBucket',
  UploadPart: 'PutObject',
};

export function authorizeS3(
  aws: Aws,
  operation: string,
  input: Readonly<Record<string, unknown>>,
): readonly Authorization[] {
  const arn = (path: string) => `arn:${aws.partition}:s3:::${path}`;
  const action = `s3:${actions[operation] ?? operation}`;
  const { Bucket: bucket, Key: key } = input;
  if (bucket === undefined) return [{ action, resource: '*' }];
  if (operation === 'DeleteObjects') {
    const { Objects = [] } = (input.Delete ?? {}) as { Objects?: readonly { readonly Key?: string }[] };
    return Objects.map(({ Key }) => ({ action, resource: arn(`${bucket}/${Key}`) }));
  }
  const resource = arn(key === undefined ? String(bucket) : `${bucket}/${key}`);
  const written = { action, resource, conditions: listConditions(operation, input) };
  if (operation !== 'CopyObject') return [written];
  const source = decodeURIComponent(String(input.CopySource)).replace(/^\//, '').replace(/\?.*$/, '');
  return [{ action: 's3:GetObject', resource: arn(source) }, written];
}

function listConditions(operation: string, { Prefix, Delimiter }: Readonly<Record<string, unknown>>) {
  if (!operation.startsWith('ListObjects')) return {};
  return {
    's3:prefix': typeof Prefix === 'string' ? Prefix : '',
    ...(typeof Delimiter === 'string' && { 's3:delimiter': Delimiter }),
  };
}
