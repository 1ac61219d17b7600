// S3, by fauxqs 1.9: buckets and objects, path style.
import {
  type Aws,
  type CallContext,
  type RelayedService,
  ServiceError,
  type WireRequest,
  type WireResponse,
} from '../service.ts';
import { closeFauxqs, compactXml, fauxqsOf, relayTo } from './fauxqs.ts';
import { authorizeS3 } from './s3-authorize.ts';
import { checkDigest, checkWriteConditions } from './s3-conditions.ts';
import { objectHeaders } from './s3-headers.ts';
import { allOf, isListing, listing } from './s3-list.ts';

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

type Input = Readonly<Record<string, unknown>>;

export async function s3Service(aws: Aws): Promise<RelayedService & { close(): Promise<void> }> {
  const fauxqs = await fauxqsOf(aws.store, aws.region);
  return {
    operationNames,
    authorize: (operation, input) => authorizeS3(aws, operation, input),
    async relay(request, operation, input, call) {
      checkInput(operation, input);
      checkDigest(request);
      const send = (sent: WireRequest) => relayTo(fauxqs, plain(sent), 's3', call.region);
      await checkWriteConditions(operation, request, () =>
        send({ ...request, method: 'HEAD', query: '', headers: {}, body: Buffer.alloc(0) }),
      );
      const response = await send(isListing(operation) ? allOf(request) : request);
      const isXml =
        String(response.headers['content-type'] ?? '').includes('xml') && operation !== 'GetObject';
      if (response.status >= 400) return failed(response, request, input, call);
      const kept = objectHeaders(fauxqs.headers)(operation, request, input);
      fauxqs.save(operation);
      const headers = { ...response.headers, ...kept, ...ids(call) };
      const body = isListing(operation)
        ? Buffer.from(listing(operation, input, Buffer.from(response.body).toString()))
        : isXml
          ? Buffer.from(compactXml(Buffer.from(response.body).toString()))
          : response.body;
      const length = request.method === 'HEAD' ? {} : { 'content-length': String(body.byteLength) };
      return { ...response, headers: { ...headers, ...length }, body };
    },
    close: () => closeFauxqs(aws.store),
  };
}

function checkInput(operation: string, { Bucket }: Input): void {
  const isName =
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(String(Bucket)) && !/\.\.|^\d+(\.\d+){3}$/.test(String(Bucket));
  if (operation === 'CreateBucket' && !isName) {
    const members = { BucketName: Bucket };
    throw new ServiceError('InvalidBucketName', 400, 'The specified bucket is not valid.', members);
  }
}

/** The library takes some content types for other services' calls, and decodes what the front door has decoded. */
function plain(request: WireRequest): WireRequest {
  const { accept: _, 'content-encoding': __, ...headers } = request.headers;
  const isMistaken = /x-www-form-urlencoded|x-amz-json/.test(headers['content-type'] ?? '');
  return {
    ...request,
    headers: isMistaken ? { ...headers, 'content-type': 'binary/octet-stream' } : headers,
  };
}

/** S3's own ids: sixteen hexadecimal digits, and a longer one of the host. */
function ids({ requestId }: CallContext): { 'x-amz-request-id': string; 'x-amz-id-2': string } {
  const digits = requestId.replaceAll('-', '').toUpperCase();
  return {
    'x-amz-request-id': digits.slice(0, 16),
    'x-amz-id-2': Buffer.from(digits.repeat(2)).toString('base64'),
  };
}

const text = (xml: string, member: string) => new RegExp(`<${member}>([^<]*)</${member}>`).exec(xml)?.[1];

/** Messages that the library words otherwise, and the member that says what is missing. */
const wording: Readonly<Record<string, readonly [message: string, member: 'Key' | 'BucketName']>> = {
  BucketNotEmpty: ['The bucket you tried to delete is not empty', 'BucketName'],
  NoSuchBucket: ['The specified bucket does not exist', 'BucketName'],
  NoSuchKey: ['The specified key does not exist.', 'Key'],
};

const escaped = (value: string) =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function failed(response: WireResponse, request: WireRequest, input: Input, call: CallContext): WireResponse {
  const own = ids(call);
  const headers = { 'content-type': 'application/xml', ...own };
  if (request.method === 'HEAD') return { status: response.status, headers, body: Buffer.alloc(0) };
  const xml = Buffer.from(response.body).toString();
  const code = text(xml, 'Code') ?? 'InternalError';
  const [message, member] = wording[code] ?? [text(xml, 'Message') ?? code];
  const subject = member === 'Key' ? input.Key : input.Bucket;
  const named = member === undefined ? '' : `<${member}>${escaped(String(subject))}</${member}>`;
  const content = `<Code>${code}</Code><Message>${message}</Message>${named}`;
  const requestIds = `<RequestId>${own['x-amz-request-id']}</RequestId><HostId>${own['x-amz-id-2']}</HostId>`;
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${content}${requestIds}</Error>`;
  return { status: response.status, headers, body: Buffer.from(body) };
}
