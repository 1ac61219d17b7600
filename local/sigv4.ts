// AWS Signature Version 4, verified: what was signed is canonicalized as received and signed again.
import { createHash, createHmac } from 'node:crypto';
import { realClock } from './clock.ts';
import { findAccessKey } from './credentials.ts';
import { type Aws, type Caller, ServiceError, type WireRequest } from './service.ts';
import { wireServices } from './wire/services.ts';

/** The parts of a signature, from the Authorization header or a presigned query string. */
export interface Signature {
  readonly accessKeyId: string;
  /** `YYYYMMDD/REGION/SERVICE/aws4_request` */
  readonly scope: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: string;
  readonly signature: string;
  readonly timestamp: string;
  readonly sessionToken?: string;
  /** Seconds; only a presigned request has it. */
  readonly expires?: number;
}

export interface Authenticated {
  readonly caller: Caller;
  readonly signature: Signature;
  /** The key that also signs the chunks of an aws-chunked body. */
  readonly signingKey: Buffer;
}

/** The signature of a request; undefined for an anonymous one. */
export function readSignature(request: WireRequest): Signature | undefined {
  const { authorization } = request.headers;
  if (authorization?.startsWith('AWS4-HMAC-SHA256')) {
    const field = (name: string) => new RegExp(`${name}=([^,\\s]+)`).exec(authorization)?.[1];
    return signatureOf(field('Credential'), field('SignedHeaders'), field('Signature'), {
      timestamp: request.headers['x-amz-date'] ?? '',
      sessionToken: request.headers['x-amz-security-token'],
    });
  }
  if (!request.query.includes('X-Amz-Signature=')) return undefined;
  const query = new URLSearchParams(request.query);
  const field = (name: string) => query.get(`X-Amz-${name}`) ?? undefined;
  return signatureOf(field('Credential'), field('SignedHeaders'), field('Signature'), {
    timestamp: field('Date') ?? '',
    sessionToken: field('Security-Token'),
    expires: Number(field('Expires')),
  });
}

function signatureOf(
  credential: string | undefined,
  signedHeaders: string | undefined,
  signature: string | undefined,
  rest: { timestamp: string; sessionToken: string | undefined; expires?: number },
): Signature | undefined {
  const [accessKeyId, date, region, service, terminator] = credential?.split('/') ?? [];
  if (!accessKeyId || !region || !service || terminator !== 'aws4_request' || !signedHeaders || !signature) {
    throw new ServiceError(
      'IncompleteSignature',
      403,
      'Authorization header requires Credential, SignedHeaders and Signature',
    );
  }
  const { sessionToken, ...others } = rest;
  const scope = `${date}/${region}/${service}/${terminator}`;
  const parts = { accessKeyId, scope, region, service, signedHeaders, signature, ...others };
  return sessionToken === undefined ? parts : { ...parts, sessionToken };
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
  if (signature.region !== aws.region) {
    throw new ServiceError(
      'SignatureDoesNotMatch',
      403,
      `Credential should be scoped to a valid region, not '${signature.region}': this account is in ${aws.region}.`,
    );
  }
  return { caller: key.caller, signature, signingKey };
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

function canonicalRequest(request: WireRequest, signature: Signature, hash: string): string {
  const headers = signature.signedHeaders
    .split(';')
    .map(name => `${name}:${(request.headers[name] ?? '').trim().replace(/\s+/g, ' ')}\n`)
    .join('');
  const path = signature.service === 's3' ? request.path : canonicalPath(request.path);
  const query = canonicalQuery(request.query);
  return [request.method, path, query, headers, signature.signedHeaders, hash].join('\n');
}

/** Every service but S3 signs the path without empty and dot segments, escaped once more. */
function canonicalPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  const end = segments.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${segments.map(escapeUri).join('/')}${end}`;
}

function canonicalQuery(query: string): string {
  if (query === '') return '';
  return query
    .split('&')
    .filter(pair => pair !== '' && !pair.startsWith('X-Amz-Signature='))
    .map(pair => {
      const at = pair.indexOf('=');
      const [name, value] = at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
      return [escapeUri(unescapeUri(name)), escapeUri(unescapeUri(value))] as const;
    })
    .sort(([name, value], [otherName, otherValue]) => compare(name, otherName) || compare(value, otherValue))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

const compare = (left: string, right: string) => (left < right ? -1 : left > right ? 1 : 0);

const escapeUri = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, found => `%${found.charCodeAt(0).toString(16).toUpperCase()}`);

function unescapeUri(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
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
