// Evaluates the Condition block of a policy statement.
import { BlockList, isIP } from 'node:net';
import { matchesWildcard, withVariables } from './wildcard.ts';

/** Condition keys in lower case: IAM compares them ignoring case. */
export type ConditionContext = Readonly<Record<string, string | readonly string[] | undefined>>;

type Values = string | number | boolean | readonly (string | number | boolean)[];
export type ConditionBlock = Readonly<Record<string, Readonly<Record<string, Values>>>>;

type Comparison = (actual: string, expected: string) => boolean;

const arnLike: Comparison = (actual, expected) => {
  const patterns = expected.split(':');
  const parts = actual.split(':');
  if (parts.length < 6 || patterns.length < 6) return matchesWildcard(expected, actual);
  const joined = (list: string[]) => [...list.slice(0, 5), list.slice(5).join(':')];
  const actualParts = joined(parts);
  return joined(patterns).every((pattern, i) => matchesWildcard(pattern, actualParts[i] ?? ''));
};
const numbers =
  (holds: (a: number, b: number) => boolean): Comparison =>
  (actual, expected) =>
    holds(Number(actual), Number(expected));
const dates =
  (holds: (a: number, b: number) => boolean): Comparison =>
  (actual, expected) =>
    holds(instant(actual), instant(expected));
const instant = (text: string) => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text));

const inAddressRange: Comparison = (actual, expected) => {
  const [network = '', bits] = expected.split('/');
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(network) === 0 || isIP(actual) === 0) return false;
  const range = new BlockList();
  range.addSubnet(network, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family);
  return range.check(actual, isIP(actual) === 6 ? 'ipv6' : 'ipv4');
};

const positive: Readonly<Record<string, Comparison>> = {
  StringEquals: (a, b) => a === b,
  StringEqualsIgnoreCase: (a, b) => a.toLowerCase() === b.toLowerCase(),
  StringLike: (a, b) => matchesWildcard(b, a),
  ArnEquals: arnLike,
  ArnLike: arnLike,
  Bool: (a, b) => a.toLowerCase() === b.toLowerCase(),
  BinaryEquals: (a, b) => a === b,
  IpAddress: inAddressRange,
  NumericEquals: numbers((a, b) => a === b),
  NumericLessThan: numbers((a, b) => a < b),
  NumericLessThanEquals: numbers((a, b) => a <= b),
  NumericGreaterThan: numbers((a, b) => a > b),
  NumericGreaterThanEquals: numbers((a, b) => a >= b),
  DateEquals: dates((a, b) => a === b),
  DateLessThan: dates((a, b) => a < b),
  DateLessThanEquals: dates((a, b) => a <= b),
  DateGreaterThan: dates((a, b) => a > b),
  DateGreaterThanEquals: dates((a, b) => a >= b),
};

/** Each is the opposite of the operator on the right, and true when the key is absent. */
const negative: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NotIpAddress: 'IpAddress',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
};

export const isConditionOperator = (name: string) => {
  const { base } = partsOf(name);
  return base === 'Null' || Object.hasOwn(positive, base) || Object.hasOwn(negative, base);
};

function partsOf(operator: string) {
  const [, set, base = '', ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  return { set, base, ifExists: ifExists !== undefined };
}

/** Every operator and every key must hold; of the values listed for a key one is enough. */
export function conditionsHold(block: ConditionBlock, context: ConditionContext): boolean {
  return Object.entries(block).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) => holds(operator, key, asStrings(values), context)),
  );
}

function holds(
  operator: string,
  key: string,
  expected: readonly string[],
  context: ConditionContext,
): boolean {
  const { set, base, ifExists } = partsOf(operator);
  const value = context[key.toLowerCase()];
  if (base === 'Null') return expected.some(text => (text === 'true') === (value === undefined));

  const opposite = negative[base];
  const compare = positive[opposite ?? base];
  if (!compare) return false;
  const isMet = (actual: string) =>
    expected.some(text => compare(actual, withVariables(text, context))) !== (opposite !== undefined);
  if (set === 'ForAllValues') return asStrings(value ?? []).every(isMet);
  if (value === undefined) return ifExists || (opposite !== undefined && set === undefined);
  return asStrings(value).some(isMet);
}

const asStrings = (values: Values): readonly string[] =>
  (Array.isArray(values) ? values : [values]).map(value => String(value));
