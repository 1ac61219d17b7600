// Which service a request is for, where its signature does not say, and S3's two ways of naming a bucket.
import type { WireRequest } from '../service.ts';
import { wireServices } from './services.ts';

/** The signing name of the service; S3 when nothing else fits: only it serves anonymous and plain HTTP requests. */
export function guessService(request: WireRequest, signedFor: string | undefined): string {
  if (signedFor) return signedFor;
  const target = request.headers['x-amz-target']?.split('.')[0];
  const byTarget = Object.entries(wireServices).find(
    ([, wire]) => target !== undefined && wire.target === target,
  );
  if (byTarget) return byTarget[0];
  const host = request.headers.host?.split('.')[0] ?? '';
  if (Object.hasOwn(wireServices, host)) return host;
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  return isForm ? 'sts' : 's3';
}

/** `bucket.s3.…/key` and `bucket.localhost/key` as `/bucket/key`. */
export function toPathStyle(request: WireRequest): WireRequest {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  const bucket = /^(.+?)\.(?:s3[.-].*|s3|localhost|embedded\.localhost)$/.exec(host)?.[1];
  if (!bucket || bucket === 's3' || bucket === 'embedded') return request;
  const headers = { ...request.headers, host: 's3.localhost' };
  return { ...request, path: `/${bucket}${request.path}`, headers };
}
