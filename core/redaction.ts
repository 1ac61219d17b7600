// Takes out of a text what must not be kept: constants and test values of the input, credentials, stack frames.
import type { Plan } from './plan.ts';

const mark = '[redacted]';

/** Shorter values are words such as `test`, which no secret is and every message holds. */
const shortestSecret = 6;

const credentials: readonly RegExp[] = [
  /\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b/g,
  /AWS4-HMAC-SHA256\s+Credential=\S+(?:\s+\w+=[^\s,]+,?)*/g,
  /\b(?:Bearer|Basic)\s+[\w.~+/=-]{8,}/g,
  /(?<=(?:x-amz-security-token|x-api-key|authorization)["']?\s*[:=]\s*["']?)[^\s"',;&[]{6,}/gi,
];

/** A line of a JavaScript stack trace; within JSON its line break is spelled out, once or more. */
const stackFrame = /(?:\n|\\+n)\s+at (?:(?!\\+n|\\*")[^\n])*/g;

type Fields = Readonly<Record<string, unknown>>;

/** No input that is accepted is nested as deep; an unchecked one may be. */
const deepest = 100;

function mapTexts(value: unknown, replace: (text: string) => string, depth = 0): unknown {
  if (typeof value === 'string') return replace(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > deepest) return mark;
  if (Array.isArray(value)) return value.map(item => mapTexts(item, replace, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, mapTexts(one, replace, depth + 1)]),
  );
}

/** `isNoName` where the text names nothing in any case. */
type Replace = (text: string, isNoName?: boolean) => string;

/** Replaces every text below a constant (`value`) or in a test, and external ids, wherever in an unchecked input they stand. */
function mapSecrets(input: unknown, replace: Replace, depth = 0): unknown {
  if (typeof input !== 'object' || input === null) return input;
  if (depth > deepest) return mark;
  if (Array.isArray(input)) return input.map(item => mapSecrets(item, replace, depth + 1));
  return Object.fromEntries(
    Object.entries(input as Fields).map(([key, value]) => {
      if (key === 'value') return [key, mapTexts(value, replace)];
      if (key === 'externalId') return [key, mapTexts(value, text => replace(text, true))];
      const isRequest = key === 'test' && typeof value === 'object' && value !== null && !('skip' in value);
      return [key, isRequest ? mapTexts(value, replace) : mapSecrets(value, replace, depth + 1)];
    }),
  );
}

export function secretsOfInput(input: unknown): string[] {
  const found: string[] = [];
  mapSecrets(input, text => {
    found.push(text);
    return text;
  });
  return found;
}

/** An input as it may be kept: constants and test values are marked, but for those that `isName` lets pass. */
export const redactInput = (input: unknown, isName: (text: string) => boolean): unknown =>
  mapSecrets(input, (text, isNoName) => (!isNoName && isName(text) ? text : mark));

/** A constant that a role's policy spells out names a resource: it is no secret, and messages need it. */
export function namesResource({ routes }: Pick<Plan, 'routes'>): (text: string) => boolean {
  const policies = routes.map(({ role }) => role?.permissionsPolicy ?? '').join('\n');
  return text => policies.includes(text);
}

export function secretsOfPlan(plan: Pick<Plan, 'input' | 'routes'>): string[] {
  const isName = namesResource(plan);
  const { externalId } = plan.input.target ?? {};
  return secretsOfInput(plan.input).filter(secret => secret === externalId || !isName(secret));
}

/** A text as it may be spelled where it is part of JSON or of a URL. */
const spellings = (secret: string) => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  // Half a surrogate pair has no encoding.
  encodeURIComponent(secret.replace(/\p{Surrogate}/gu, '\ufffd')),
];

export function redact(text: string, secrets: readonly string[] = []): string {
  // Longest first: one secret may hold another.
  const found = secrets
    .filter(({ length }) => length >= shortestSecret)
    .flatMap(spellings)
    .sort((one, other) => other.length - one.length);
  let redacted = text.replace(stackFrame, '');
  for (const secret of found) redacted = redacted.replaceAll(secret, mark);
  for (const pattern of credentials) redacted = redacted.replace(pattern, mark);
  return redacted;
}
