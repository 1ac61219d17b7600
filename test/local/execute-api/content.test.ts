import { describe, expect, it } from 'vitest';
import { bytesOf, isBinary, toBackend, toCaller } from '../../../local/execute-api/content.ts';

const image = Uint8Array.of(0x89, 0x50, 0xff);
const base64 = Buffer.from(image).toString('base64');
const text = (content: string | Uint8Array) => Buffer.from(bytesOf(content)).toString();

describe('content handling', () => {
  it('takes a type for binary where a binary media type of the API covers it', () => {
    const covers = (pattern: string, type: string | undefined) =>
      isBinary({ restApi: { binaryMediaTypes: [pattern] } } as never, type);
    expect(covers('image/png', 'image/png; q=1')).toBe(true);
    expect(covers('image/*', 'image/gif')).toBe(true);
    expect(covers('*/*', undefined)).toBe(true);
    expect(covers('image/png', 'application/json')).toBe(false);
  });

  it('gives a backend bytes as they are, as base64, or out of base64', () => {
    expect(bytesOf(toBackend(image, undefined, true))).toEqual(image);
    expect(text(toBackend(image, 'CONVERT_TO_TEXT', true))).toBe(base64);
    expect(new Uint8Array(bytesOf(toBackend(Buffer.from(base64), 'CONVERT_TO_BINARY', false)))).toEqual(
      image,
    );
    expect(() => toBackend(Buffer.from('no base64!'), 'CONVERT_TO_BINARY', false)).toThrow();
  });

  it('gives a caller what it accepts, unless the integration response says otherwise', () => {
    expect(bytesOf(toCaller(image, undefined, true, true))).toEqual(image);
    expect(text(toCaller(image, undefined, true, false))).toBe(base64);
    expect(new Uint8Array(bytesOf(toCaller(Buffer.from(base64), undefined, false, true)))).toEqual(image);
    expect(text(toCaller(Buffer.from('text'), undefined, false, false))).toBe('text');
    expect(text(toCaller(image, 'CONVERT_TO_TEXT', true, true))).toBe(base64);
    expect(bytesOf(toCaller(image, 'CONVERT_TO_BINARY', true, false))).toEqual(image);
  });
});
