// Binary media types: which bodies are bytes, and what contentHandling makes of them.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
import type { ContentHandlingStrategy } from '@aws-sdk/client-api-gateway';
import type { ApiSnapshot } from '../apigateway/model.ts';

export function isBinary({ restApi }: ApiSnapshot, contentType: string | undefined): boolean {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  return (restApi.binaryMediaTypes ?? []).some(pattern => {
    const wanted = pattern.toLowerCase();
    if (wanted === '*/*') return true;
    return wanted.endsWith('/*') ? type.startsWith(wanted.slice(0, -1)) : wanted === type;
  });
}

/** Only the first type that a caller accepts counts. */
export const acceptsBinary = (snapshot: ApiSnapshot, accept: string | undefined): boolean =>
  isBinary(snapshot, accept?.split(',')[0]);

/** Text is what templates can be run on. */
export type Content = string | Uint8Array;

export const bytesOf = (content: Content): Uint8Array =>
  typeof content === 'string' ? Buffer.from(content) : content;

const textOf = (body: Uint8Array) => Buffer.from(body).toString();
const base64Of = (body: Uint8Array) => Buffer.from(body).toString('base64');

/** @throws Error where the text is no base64. */
export function fromBase64(text: string): Uint8Array {
  const plain = text.replaceAll(/[\r\n]/g, '');
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(plain)) throw new Error('Unable to base64 decode the body.');
  return Buffer.from(plain, 'base64');
}

/** A request's body as the integration gets it. */
export function toBackend(
  body: Uint8Array,
  handling: ContentHandlingStrategy | undefined,
  binary: boolean,
): Content {
  if (binary) return handling === 'CONVERT_TO_TEXT' ? base64Of(body) : body;
  return handling === 'CONVERT_TO_BINARY' ? fromBase64(textOf(body)) : textOf(body);
}

/** A backend's body as the caller gets it; what the caller accepts decides where nothing else is said. */
export function toCaller(
  body: Uint8Array,
  handling: ContentHandlingStrategy | undefined,
  binary: boolean,
  accepts: boolean,
): Content {
  const wanted = handling ?? (accepts ? 'CONVERT_TO_BINARY' : 'CONVERT_TO_TEXT');
  if (wanted === 'CONVERT_TO_TEXT') return binary ? base64Of(body) : textOf(body);
  return binary ? body : fromBase64(textOf(body));
}
