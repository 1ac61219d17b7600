// The functions Step Functions adds to JSONata, and those of JSONata that read the clock or chance.
// https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
import { createHash } from 'node:crypto';
import jsonata from 'jsonata';
import type { Aws } from '../service.ts';

const algorithms: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

function partition(items: readonly unknown[] | undefined, size: number): readonly unknown[][] | undefined {
  if (!items) return undefined;
  if (!Number.isInteger(size) || size <= 0) throw new Error('The chunk size must be a positive integer');
  const chunks: unknown[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}

/** As JSONata does with its own sequences, a single value comes without its array. */
function range(first: number, last: number, step: number): unknown {
  if (!step) throw new Error('The step of $range must not be 0');
  const numbers: number[] = [];
  for (let value = first; step > 0 ? value <= last : value >= last; value += step) {
    if (numbers.push(value) > 1000) throw new Error('$range returns at most 1000 numbers');
  }
  return numbers.length === 1 ? numbers[0] : numbers;
}

function hash(data: unknown, algorithm = 'SHA-256'): string | undefined {
  if (data === undefined) return undefined;
  const name = algorithms[algorithm];
  if (!name) throw new Error(`$hash does not know the algorithm ${algorithm}`);
  return createHash(name)
    .update(typeof data === 'string' ? data : JSON.stringify(data))
    .digest('hex');
}

/** The same number for the same seed. */
function seededNumber(seed: number): number {
  let mixed = Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
}

function shuffle(items: readonly unknown[] | undefined, random: () => number): unknown[] | undefined {
  if (!items) return undefined;
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [shuffled[last], shuffled[other]] = [shuffled[other], shuffled[last]];
  }
  return shuffled;
}

const formatMillis = jsonata('$fromMillis($millis, $picture, $timezone)');

/** Puts the functions into a compiled expression. */
export function registerFunctions(
  expression: jsonata.Expression,
  aws: Pick<Aws, 'clock' | 'ids'>,
  random: () => number,
): void {
  expression.registerFunction('partition', partition, '<an:a>');
  expression.registerFunction('range', range, '<nnn:x>');
  expression.registerFunction('hash', hash, '<x-s?:s>');
  expression.registerFunction('uuid', () => aws.ids.uuid(), '<:s>');
  expression.registerFunction(
    'parse',
    (text?: string) => (text === undefined ? undefined : JSON.parse(text)),
    '<s-:x>',
  );
  expression.registerFunction(
    'random',
    (seed?: number) => (seed === undefined ? random() : seededNumber(seed)),
    '<n?:n>',
  );
  expression.registerFunction('shuffle', (items?: readonly unknown[]) => shuffle(items, random), '<a:a>');
  expression.registerFunction('millis', () => aws.clock.now(), '<:n>');
  expression.registerFunction(
    'now',
    (picture?: string, timezone?: string) =>
      formatMillis.evaluate(undefined, { millis: aws.clock.now(), picture, timezone }),
    '<s?s?:s>',
  );
  // Step Functions has no $eval: calling it fails as calling any name that is no function does.
  expression.assign('eval', undefined);
}
