// Bodies in the aws-chunked encoding of S3 uploads: chunks with their signatures taken apart and checked.
import { createHash, createHmac } from 'node:crypto';
import { ServiceError, type WireRequest } from '../service.ts';

interface ChunkSigner {
  readonly signingKey: Buffer;
  readonly signature: { readonly timestamp: string; readonly scope: string; readonly signature: string };
}

/** The request with its plain body, and the trailers as headers. */
export function decodeChunked(request: WireRequest, signer: ChunkSigner): WireRequest {
  const kind = request.headers['x-amz-content-sha256'] ?? '';
  if (!kind.startsWith('STREAMING-')) return request;
  const isSigned = kind.startsWith('STREAMING-AWS4-HMAC-SHA256-PAYLOAD');
  const body = Buffer.from(request.body);
  const chunks: Buffer[] = [];
  let previous = signer.signature.signature;
  let position = 0;
  for (;;) {
    const lineEnd = body.indexOf('\r\n', position);
    const [size = '', ...extensions] = body.subarray(position, lineEnd).toString().split(';');
    const length = Number.parseInt(size, 16);
    const start = lineEnd + 2;
    if (lineEnd === -1 || !(length >= 0) || start + length > body.length) throw incomplete();
    const data = body.subarray(start, start + length);
    if (isSigned) {
      const signature = extensions
        .find(text => text.startsWith('chunk-signature='))
        ?.slice('chunk-signature='.length);
      previous = chunkSignature(signer, previous, data);
      if (signature !== previous) throw mismatch();
    }
    position = start + length;
    if (length === 0) break;
    chunks.push(data);
    position += 2;
  }
  const trailers = readTrailers(body.subarray(position).toString());
  const plain = Buffer.concat(chunks);
  const encoding = (request.headers['content-encoding'] ?? '')
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '' && name !== 'aws-chunked');
  const {
    'content-encoding': _,
    'x-amz-decoded-content-length': __,
    'x-amz-trailer': ___,
    ...headers
  } = request.headers;
  return {
    ...request,
    body: plain,
    headers: {
      ...headers,
      ...trailers,
      'content-length': String(plain.length),
      'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
      ...(encoding.length > 0 && { 'content-encoding': encoding.join(',') }),
    },
  };
}

function chunkSignature({ signingKey, signature }: ChunkSigner, previous: string, data: Buffer): string {
  const { timestamp, scope } = signature;
  const toSign = ['AWS4-HMAC-SHA256-PAYLOAD', timestamp, scope, previous, sha256(''), sha256(data)].join(
    '\n',
  );
  return createHmac('sha256', signingKey).update(toSign).digest('hex');
}

function readTrailers(text: string): Record<string, string> {
  const trailers: Record<string, string> = {};
  for (const line of text.split('\r\n')) {
    const at = line.indexOf(':');
    const name = line.slice(0, at).trim().toLowerCase();
    if (at > 0 && name !== 'x-amz-trailer-signature') trailers[name] = line.slice(at + 1).trim();
  }
  return trailers;
}

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');

const incomplete = () => new ServiceError('IncompleteBody', 400, 'The request body terminated unexpectedly');

const mismatch = () =>
  new ServiceError('SignatureDoesNotMatch', 403, 'The signature of a chunk does not match its content.');
