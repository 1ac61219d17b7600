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

/** A line of a JavaScript stack trace. */
const stackFrame = /\n\s+at [^\n]*/g;

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(stringsIn);
}

/** Every text below a constant (`value`) or among a test's parameters, wherever in an unchecked input it stands. */
export function secretsOfInput(input: unknown, isSecret = false): string[] {
  if (isSecret) return stringsIn(input);
  if (typeof input !== 'object' || input === null) return [];
  return Object.entries(input).flatMap(([key, value]) => {
    if (key === 'test' && typeof value === 'object' && value !== null) {
      const { skip: _, ...request } = value as Record<string, unknown>;
      return stringsIn(request);
    }
    return secretsOfInput(value, key === 'value');
  });
}

/** A constant that the role's policy spells out names a resource: it is no secret, and messages need it. */
export function secretsOfPlan({ input, routes }: Pick<Plan, 'input' | 'routes'>): string[] {
  const policies = routes.map(({ role }) => role?.permissionsPolicy ?? '').join('\n');
  return secretsOfInput(input).filter(secret => !policies.includes(secret));
}

/** A text as it may be spelled where it is part of JSON or of a URL. */
const spellings = (secret: string) => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(secret),
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
