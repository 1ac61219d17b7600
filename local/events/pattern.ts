// Event patterns: read once, with EventBridge's complaints, into a test of events.
import { invalidPattern } from './errors.ts';
import { type Matches, readMatcher } from './pattern-operators.ts';

type Json = unknown;
type JsonObject = Readonly<Record<string, Json>>;

/** Whether an event, or a part of one, is what the pattern asks for. */
export type EventTest = (event: Json) => boolean;

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const compiled = new Map<string, EventTest>();

/** Throws InvalidEventPatternException. */
export function compilePattern(text: string): EventTest {
  const known = compiled.get(text);
  if (known) return known;
  let pattern: Json;
  try {
    pattern = JSON.parse(text);
  } catch {
    throw invalidPattern('Invalid JSON');
  }
  if (!isObject(pattern)) throw invalidPattern('Filter is not an object');
  if (Object.keys(pattern).length === 0) throw invalidPattern('Empty objects are not allowed');
  const test = readObject(pattern);
  if (compiled.size >= 1000) compiled.clear();
  compiled.set(text, test);
  return test;
}

function readObject(pattern: JsonObject): EventTest {
  const tests = Object.entries(pattern).map(([field, value]) =>
    field === '$or' && isAlternatives(value) ? anyOf(value.map(readObject)) : readField(field, value),
  );
  const test: EventTest = event => tests.every(one => one(event));
  // Of a list of objects, one alone must have everything that the pattern asks for.
  return event => (Array.isArray(event) ? event.some(test) : test(event));
}

/** A field may be called $or: only a list of two objects or more means alternatives. */
const isAlternatives = (value: Json): value is readonly JsonObject[] =>
  Array.isArray(value) && value.length > 1 && value.every(isObject);

const anyOf =
  (tests: readonly EventTest[]): EventTest =>
  event =>
    tests.some(test => test(event));

function readField(field: string, value: Json): EventTest {
  const test = readValue(field, value);
  return event => test(isObject(event) && Object.hasOwn(event, field) ? event[field] : undefined);
}

function readValue(field: string, value: Json): EventTest {
  if (isObject(value)) {
    if (Object.keys(value).length === 0) throw invalidPattern('Empty objects are not allowed');
    return readObject(value);
  }
  if (!Array.isArray(value)) throw invalidPattern(`"${field}" must be an object or an array`);
  if (value.length === 0) throw invalidPattern('Empty arrays are not allowed');
  const matchers = value.map(readMatcher);
  return found => matchers.some(matches => matchesLeaf(matches, found));
}

/** Of a list of values, one must match; a list without values counts as absent. */
function matchesLeaf(matches: Matches, found: Json): boolean {
  if (!Array.isArray(found)) return matches(isObject(found) ? undefined : found);
  const leaves = found.flat(Number.POSITIVE_INFINITY).filter(value => !isObject(value));
  return leaves.length === 0 ? matches(undefined) : leaves.some(matches);
}
