// S3, by fauxqs: buckets and objects, path style.
import type { Aws, RelayedService } from '../service.ts';
import { closeFauxqs, fauxqsOf, relayTo } from './fauxqs.ts';

const operationNames = new Set([
  'AbortMultipartUpload',
  'CompleteMultipartUpload',
  'CopyObject',
  'CreateBucket',
  'CreateMultipartUpload',
  'DeleteBucket',
  'DeleteObject',
  'DeleteObjects',
  'GetObject',
  'HeadBucket',
  'HeadObject',
  'ListBuckets',
  'ListObjects',
  'ListObjectsV2',
  'PutObject',
  'UploadPart',
]);

/** Operations whose IAM action has another name (Service Authorization Reference). */
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

export function s3Service(aws: Aws): RelayedService & { close(): Promise<void> } {
  return {
    operationNames,
    authorize(operation, input) {
      const { Bucket: bucket, Key: key } = input;
      const path =
        operation === 'DeleteObjects'
          ? `${String(bucket)}/*`
          : key === undefined
            ? bucket
            : `${String(bucket)}/${String(key)}`;
      const resource = bucket === undefined ? '*' : `arn:${aws.partition}:s3:::${String(path)}`;
      return [{ action: `s3:${actions[operation] ?? operation}`, resource }];
    },
    async relay(request, _operation, _input, call) {
      // What a client accepts is no concern of S3: its errors are XML whatever is asked for.
      const { accept: _, ...headers } = request.headers;
      return relayTo(await fauxqsOf(aws.store, call.region), { ...request, headers }, 's3', call.region);
    },
    close: () => closeFauxqs(aws.store),
  };
}
