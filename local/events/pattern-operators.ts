// The comparisons that an event pattern can make of one value.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { invalidPattern } from './errors.ts';

/** Looks at a leaf of the event; undefined where the event has none. */
export type Matches = (leaf: unknown) => boolean;

export function readMatcher(matcher: unknown): Matches {
  if (Array.isArray(matcher)) throw invalidPattern('Arrays within arrays are not allowed');
  if (typeof matcher !== 'object' || matcher === null) return leaf => leaf === matcher;
  const [first, ...more] = Object.entries(matcher);
  if (!first || more.length > 0) throw invalidPattern('Only one key allowed in match expression');
  const [name, value] = first;
  const read = Object.hasOwn(operators, name) ? operators[name] : undefined;
  if (!read) throw invalidPattern(`Unrecognized match type ${name}`);
  return read(value);
}

const ofText =
  (test: (text: string) => boolean): Matches =>
  leaf =>
    typeof leaf === 'string' && test(leaf);

function textOf(operator: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw invalidPattern(`${operator} match pattern must be a string`);
}

const lower = (text: string) => text.toLowerCase();

/** `"x"` or `{"equals-ignore-case":"x"}`. */
const affix =
  (operator: 'prefix' | 'suffix') =>
  (value: unknown): Matches => {
    const ends = (text: string, part: string) =>
      operator === 'prefix' ? text.startsWith(part) : text.endsWith(part);
    const insensitive = only(value, 'equals-ignore-case');
    if (insensitive === undefined) {
      const part = textOf(operator, value);
      return ofText(text => ends(text, part));
    }
    const part = lower(textOf(operator, insensitive));
    return ofText(text => ends(lower(text), part));
  };

/** The value of the object's single member, where it has that name. */
function only(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value);
  return entries.length === 1 && entries[0]?.[0] === name ? entries[0][1] : undefined;
}

function equalsIgnoringCase(value: unknown): Matches {
  const expected = lower(textOf('equals-ignore-case', value));
  return ofText(text => lower(text) === expected);
}

function wildcard(value: unknown): Matches {
  const pattern = textOf('wildcard', value);
  if (/(?<!\\)\*\*/.test(pattern)) {
    throw invalidPattern('Consecutive wildcard characters are not allowed');
  }
  const parts = pattern.split(/(\\[\s\S]|\*)/).map(part => {
    if (part === '*') return '[\\s\\S]*';
    if (part.startsWith('\\') && part !== '\\*' && part !== '\\\\')
      throw invalidPattern('Invalid escape character');
    return (part.startsWith('\\') ? part.slice(1) : part).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  const expression = new RegExp(`^${parts.join('')}$`);
  return ofText(text => expression.test(text));
}

const nested: Readonly<Record<string, (value: unknown) => Matches>> = {
  prefix: affix('prefix'),
  suffix: affix('suffix'),
  'equals-ignore-case': equalsIgnoringCase,
  wildcard,
};

/** A value that is there and is none of these, or like none of these. */
function anythingBut(value: unknown): Matches {
  const excluded = excludedBy(value);
  return leaf => leaf !== undefined && !excluded.some(matches => matches(leaf));
}

function excludedBy(value: unknown): readonly Matches[] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const [[name, like] = ['', undefined], ...more] = Object.entries(value);
    const read = Object.hasOwn(nested, name) ? nested[name] : undefined;
    if (!read || more.length > 0) throw invalidPattern(`Unsupported anything-but pattern: ${name}`);
    return (Array.isArray(like) ? like : [like]).map(read);
  }
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (values.length === 0 || !values.every(one => typeof one === 'string' || typeof one === 'number')) {
    throw invalidPattern('Inside anything but list, start|null|boolean is not supported.');
  }
  return values.map(one => (leaf: unknown) => leaf === one);
}

const comparisons: Readonly<Record<string, (one: number, other: number) => boolean>> = {
  '=': (one, other) => one === other,
  '<': (one, other) => one < other,
  '<=': (one, other) => one <= other,
  '>': (one, other) => one > other,
  '>=': (one, other) => one >= other,
};

function numeric(value: unknown): Matches {
  if (!Array.isArray(value) || value.length === 0) throw invalidPattern('Value of numeric must be an array.');
  const tests: ((leaf: number) => boolean)[] = [];
  for (let index = 0; index < value.length; index += 2) {
    const name = String(value[index]);
    const compare = Object.hasOwn(comparisons, name) ? comparisons[name] : undefined;
    const bound: unknown = value[index + 1];
    if (!compare) throw invalidPattern(`Unrecognized numeric range operator: ${name}`);
    if (typeof bound !== 'number') throw invalidPattern(`Value of ${name} must be numeric`);
    tests.push(leaf => compare(leaf, bound));
  }
  return leaf => typeof leaf === 'number' && tests.every(test => test(leaf));
}

function exists(value: unknown): Matches {
  if (typeof value !== 'boolean') throw invalidPattern('exists match pattern must be either true or false.');
  return leaf => (leaf !== undefined) === value;
}

function cidr(value: unknown): Matches {
  const [address = '', bits] = textOf('cidr', value).split('/');
  const family = isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : undefined;
  const length = Number(bits);
  const isRange = /^\d+$/.test(bits ?? '') && length <= (family === 'ipv4' ? 32 : 128);
  if (!family || !isRange) throw invalidPattern(`Malformed CIDR, one '/' required: ${String(value)}`);
  const range = new BlockList();
  range.addSubnet(address, length, family);
  return ofText(text => (isIPv4(text) || isIPv6(text)) && range.check(text, isIPv4(text) ? 'ipv4' : 'ipv6'));
}

const operators: Readonly<Record<string, (value: unknown) => Matches>> = {
  ...nested,
  'anything-but': anythingBut,
  numeric,
  exists,
  cidr,
};
