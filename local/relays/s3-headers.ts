// The headers an object is kept with; the library itself keeps its content type and metadata only.
import type { WireRequest } from '../service.ts';

export type Headers = Readonly<Record<string, string>>;
type Input = Readonly<Record<string, unknown>>;

const ofObjects = ['cache-control', 'content-disposition', 'content-encoding', 'content-language', 'expires'];

/** What S3 calls an object that came without a content type. */
const defaultType = 'binary/octet-stream';

function given({ headers }: WireRequest): Headers {
  // `aws-chunked` says how the body came over the wire, not what the object is.
  const encoding = (headers['content-encoding'] ?? '').replace(/\baws-chunked\b,?\s*/g, '');
  const own = { ...headers, 'content-encoding': encoding };
  const entries = ofObjects.map(name => [name, own[name as keyof typeof own] ?? ''] as const);
  const kept = entries.filter(([, value]) => value !== '');
  return { 'content-type': headers['content-type'] ?? defaultType, ...Object.fromEntries(kept) };
}

/** By bucket and key: of the objects, and of those being uploaded. */
export interface KeptHeaders {
  readonly objects: Map<string, Headers>;
  readonly uploads: Map<string, Headers>;
}

/** Takes note of what each successful operation does to an object, and returns the headers its answer has besides. */
export function objectHeaders({
  objects,
  uploads,
}: KeptHeaders): (operation: string, request: WireRequest, input: Input) => Headers {
  const keyOf = (bucket: unknown, key: unknown) => `${bucket}/${key}`;

  const copied = (request: WireRequest, input: Input): Headers | undefined => {
    if (request.headers['x-amz-metadata-directive'] === 'REPLACE') return given(request);
    return objects.get(decodeURIComponent(String(input.CopySource)).replace(/^\//, ''));
  };

  return (operation, request, input) => {
    const key = keyOf(input.Bucket, input.Key);
    switch (operation) {
      case 'PutObject':
        objects.set(key, given(request));
        return {};
      case 'CopyObject':
        objects.set(key, copied(request, input) ?? {});
        return {};
      case 'CreateMultipartUpload':
        uploads.set(key, given(request));
        return {};
      case 'CompleteMultipartUpload':
        objects.set(key, uploads.get(key) ?? {});
        uploads.delete(key);
        return {};
      case 'DeleteObject':
        objects.delete(key);
        return {};
      case 'GetObject':
      case 'HeadObject':
        return { 'accept-ranges': 'bytes', ...objects.get(key) };
      case 'HeadBucket':
        return { 'content-type': 'application/xml' };
      default:
        return {};
    }
  };
}
