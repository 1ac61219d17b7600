// Random names for what the account makes: from the machine's randomness, or from a seed, the same every time.
import { randomFillSync } from 'node:crypto';
import type { Ids } from './service.ts';

export const randomIds: Ids = idsFrom(bytes => randomFillSync(bytes));

/** Ids for simulation: equal seeds give equal ids. */
export function seededIds(seed: number): Ids {
  let state = seed >>> 0;
  // mulberry32: small, and good enough for names.
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) & 0xff;
  };
  return idsFrom(bytes => bytes.map(next));
}

function idsFrom(fill: (bytes: Uint8Array) => Uint8Array): Ids {
  const hex = (length: number) =>
    Buffer.from(fill(new Uint8Array(Math.ceil(length / 2))))
      .toString('hex')
      .slice(0, length);
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  return {
    hex,
    // Bytes are spread over 36 characters unevenly by less than one in fifty: fine for names.
    alphanumeric: length =>
      Array.from(fill(new Uint8Array(length)), byte => letters[byte % letters.length]).join(''),
    uuid() {
      const digits = hex(32);
      const variant = '89ab'[Number.parseInt(digits.charAt(16), 16) % 4];
      const parts = [
        digits.slice(0, 8),
        digits.slice(8, 12),
        `4${digits.slice(13, 16)}`,
        `${variant}${digits.slice(17, 20)}`,
        digits.slice(20),
      ];
      return parts.join('-');
    },
  };
}
