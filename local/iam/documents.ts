// Policy documents as IAM takes and returns them.
import { malformed, validation } from './errors.ts';

/** IAM takes these characters only: tab, line feed, carriage return and U+0020 to U+00FF. */
const accepted = /^[\t\n\r\u0020-\u00ff]+$/;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function checkDocument(document: string, kind: 'identity' | 'trust'): void {
  if (!accepted.test(document)) {
    throw validation(
      'The specified value for policyDocument is invalid. It must contain only printable ASCII characters or characters up to U+00FF.',
    );
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(document);
  } catch {
    throw malformed(kind === 'trust' ? 'This policy contains invalid Json' : 'Syntax errors in policy.');
  }
  const statements = isObject(parsed) ? [parsed.Statement].flat() : [];
  if (statements.length === 0 || !statements.every(isObject)) throw malformed('Syntax errors in policy.');
  for (const statement of statements as Record<string, unknown>[]) {
    if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny')
      throw malformed('Policy statement must contain Effect as Allow or Deny.');
    if (!('Action' in statement) && !('NotAction' in statement))
      throw malformed('Policy statement must contain actions.');
    if (kind === 'identity' && !('Resource' in statement) && !('NotResource' in statement))
      throw malformed('Policy statement must contain resources.');
    if (kind === 'trust' && !('Principal' in statement) && !('NotPrincipal' in statement))
      throw malformed('Missing required field Principal');
    if (kind === 'identity' && 'Principal' in statement)
      throw malformed('Policy document should not specify a principal.');
  }
}

/** IAM returns documents URL-encoded (RFC 3986), with the client to decode them. */
export const encoded = (document: string) =>
  encodeURIComponent(document).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
