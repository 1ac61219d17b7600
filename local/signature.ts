// The signature that a request carries: in its Authorization header, or in a presigned query string.
import { ServiceError, type WireRequest } from './service.ts';

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
