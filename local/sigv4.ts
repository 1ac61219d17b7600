// AWS Signature Version 4, verified: what was signed is canonicalized as received and signed again.
import { createHash, createHmac } from 'node:crypto';
import { canonicalRequest } from './canonical-request.ts';
import { realClock } from './clock.ts';
import { findAccessKey } from './credentials.ts';
import { type Aws, type Caller, ServiceError, type WireRequest } from './service.ts';
import { readSignature, type Signature } from './signature.ts';
import { wireServices } from './wire/services.ts';

export interface Authenticated {
  readonly caller: Caller;
  readonly signature: Signature;
  /** The key that also signs the chunks of an aws-chunked body. */
  readonly signingKey: Buffer;
}

/** Who signed the request; throws the error AWS answers with, named as the called service names it. */
export function authenticate(aws: Aws, request: WireRequest): Authenticated {
  const signature = readSignature(request);
  if (!signature) throw new ServiceError('MissingAuthenticationToken', 403, 'Missing Authentication Token');
  const key = findAccessKey(aws, signature.accessKeyId, signature.sessionToken);
  if (!key) {
    throw new ServiceError(
      'InvalidClientTokenId',
      403,
      'The security token included in the request is invalid.',
    );
  }
  const signingKey = signingKeyOf(key.secretAccessKey, signature);
  const hashes = payloadHash(request, signature);
  const canonical = canonicalRequest(request, signature, hashes.signed);
  const toSign = ['AWS4-HMAC-SHA256', signature.timestamp, signature.scope, sha256(canonical)].join('\n');
  if (hmac(signingKey, toSign).toString('hex') !== signature.signature) {
    throw new ServiceError(
      'SignatureDoesNotMatch',
      403,
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    );
  }
  if (hashes.actual !== undefined && hashes.actual !== hashes.signed) {
    throw new ServiceError(
      'XAmzContentSHA256Mismatch',
      400,
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
  checkExpiry(aws, signature);
  return { caller: key.caller, signature, signingKey };
}

/** A region of the partition that the account is in. */
export function requireRegion({ partition }: Pick<Aws, 'partition'>, region: string): void {
  if (/^[a-z]{2}(-[a-z]+)+-\d$/.test(region) && partitionOf(region) === partition) return;
  throw invalidRegion(region);
}

export const invalidRegion = (region: string) =>
  new ServiceError(
    'SignatureDoesNotMatch',
    403,
    `Credential should be scoped to a valid region, not '${region}'.`,
  );

export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** Clients sign with the machine's time, so only there does the expiry of a presigned URL mean anything. */
function checkExpiry(aws: Aws, { expires, timestamp }: Signature): void {
  if (expires === undefined || aws.clock !== realClock) return;
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(timestamp) ?? [];
  const signedAt = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  if (!(aws.clock.now() < signedAt + expires * 1000))
    throw new ServiceError('AccessDenied', 403, 'Request has expired');
}

function payloadHash(request: WireRequest, signature: Signature): { signed: string; actual?: string } {
  const declared = request.headers['x-amz-content-sha256'];
  if (signature.expires !== undefined && signature.service === 's3')
    return { signed: declared ?? 'UNSIGNED-PAYLOAD' };
  const actual = () => createHash('sha256').update(request.body).digest('hex');
  if (declared === undefined) return { signed: actual() };
  if (!/^[0-9a-f]{64}$/.test(declared)) return { signed: declared };
  return { signed: declared, actual: actual() };
}

const signingKeys = new Map<string, Buffer>();

function signingKeyOf(secret: string, { scope }: Signature): Buffer {
  const cacheKey = `${secret}/${scope}`;
  let key = signingKeys.get(cacheKey);
  if (!key) {
    key = scope.split('/').reduce((previous, part) => hmac(previous, part), Buffer.from(`AWS4${secret}`));
    if (signingKeys.size > 200) signingKeys.clear();
    signingKeys.set(cacheKey, key);
  }
  return key;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();

const namesInJson: Readonly<Record<string, string>> = {
  ExpiredToken: 'ExpiredTokenException',
  IncompleteSignature: 'IncompleteSignatureException',
  InvalidClientTokenId: 'UnrecognizedClientException',
  MissingAuthenticationToken: 'MissingAuthenticationTokenException',
  SignatureDoesNotMatch: 'InvalidSignatureException',
  AccessDenied: 'AccessDeniedException',
};

/** The JSON services call the errors of authentication and authorization otherwise than the query services. */
export function namedForService(service: string, error: ServiceError): ServiceError {
  const protocol = wireServices[service]?.protocol ?? 'restJson1';
  const name = protocol === 'awsQuery' || protocol === 'restXml' ? undefined : namesInJson[error.code];
  if (service === 's3' && error.code === 'InvalidClientTokenId') {
    const message = 'The AWS Access Key Id you provided does not exist in our records.';
    return new ServiceError('InvalidAccessKeyId', 403, message);
  }
  if (service === 'sns' && error.code === 'AccessDenied')
    return new ServiceError('AuthorizationError', 403, error.message);
  if (!name) return error;
  const status = protocol === 'restJson1' ? error.status : 400;
  return new ServiceError(name, status, error.message, error.members);
}
