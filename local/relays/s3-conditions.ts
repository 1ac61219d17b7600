// What an upload may depend on: the checksum of its body, and what the key holds so far.
import { createHash } from 'node:crypto';
import { ServiceError, type WireRequest, type WireResponse } from '../service.ts';

export function checkDigest({ headers, body }: WireRequest): void {
  const expected = headers['content-md5'];
  if (expected === undefined || expected === createHash('md5').update(body).digest('base64')) return;
  const message = 'The Content-MD5 you specified did not match what we received.';
  throw new ServiceError('BadDigest', 400, message, { ExpectedDigest: expected });
}

const unquoted = (etag: unknown) => String(etag).replaceAll('"', '');

/** Conditional writes, which the library passes over; `head` asks it for what is there. */
export async function checkWriteConditions(
  operation: string,
  { headers }: WireRequest,
  head: () => Promise<WireResponse>,
): Promise<void> {
  if (operation !== 'PutObject' && operation !== 'CompleteMultipartUpload') return;
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  if (match === undefined && noneMatch === undefined) return;
  const { status, headers: found } = await head();
  if (match !== undefined && status !== 200) {
    throw new ServiceError('NoSuchKey', 404, 'The specified key does not exist.');
  }
  const isOther = match !== undefined && unquoted(match) !== unquoted(found.etag);
  const isThere = noneMatch !== undefined && status === 200;
  if (!isOther && !isThere) return;
  const message = 'At least one of the pre-conditions you specified did not hold';
  const condition = isOther ? 'If-Match' : 'If-None-Match';
  throw new ServiceError('PreconditionFailed', 412, message, { Condition: condition });
}
