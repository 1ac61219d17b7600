// JSON values as states pass them to each other, and how large they may be.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** Bytes of UTF-8 that a state's input or result may have. */
export const dataLimit = 262_144;

/** A UTF-16 unit becomes at most three bytes, so most texts need no counting. */
export const isTooLarge = (text: string): boolean =>
  text.length * 3 > dataLimit && Buffer.byteLength(text) > dataLimit;

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The names that error messages use. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
