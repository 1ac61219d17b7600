// Binary media types: which bodies are bytes, and what contentHandling makes of them (AWS: "Content type conversions").
import type { ContentHandlingStrategy } from '@aws-sdk/client-api-gateway';
import type { ApiSnapshot } from '../apigateway/model.ts';

export function isBinary({ restApi }: ApiSnapshot, contentType: string | undefined): boolean {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  return (restApi.binaryMediaTypes ?? []).some(pattern => {
    if (pattern === '*/*') return true;
    return pattern.endsWith('/*') ? type.startsWith(pattern.slice(0, -1)) : pattern.toLowerCase() === type;
  });
}

/** A request's body as the integration gets it. */
export function toBackend(
  body: Uint8Array,
  handling: ContentHandlingStrategy | undefined,
  binary: boolean,
): Uint8Array {
  if (handling === 'CONVERT_TO_TEXT' && binary) return Buffer.from(Buffer.from(body).toString('base64'));
  if (handling === 'CONVERT_TO_BINARY' && !binary) return Buffer.from(Buffer.from(body).toString(), 'base64');
  return body;
}

/** A backend's body as the caller gets it; `accepts` says whether the caller's Accept is a binary type. */
export function toCaller(
  body: Uint8Array,
  handling: ContentHandlingStrategy | undefined,
  binary: boolean,
  accepts: boolean,
): Uint8Array {
  if (handling === 'CONVERT_TO_BINARY' && !binary) return Buffer.from(Buffer.from(body).toString(), 'base64');
  if (handling === 'CONVERT_TO_TEXT' && binary && !accepts)
    return Buffer.from(Buffer.from(body).toString('base64'));
  return body;
}
