// Resource policies of APIs: JSON policy documents whose resources may be written in short.
import { badRequest } from './errors.ts';

const longestPolicy = 8192;

/** The policy without white space; empty text takes the policy away. */
export function parsePolicy(text: string): string | undefined {
  if (text === '') return undefined;
  const refused = badRequest(
    'Invalid policy document. Please check the policy syntax and ensure that Principals are valid.',
  );
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    throw refused;
  }
  if (typeof policy !== 'object' || policy === null || !('Statement' in policy)) throw refused;
  const statements = [policy.Statement].flat();
  if (!statements.every(isStatement)) throw refused;
  if (text.length > longestPolicy) {
    throw badRequest(`The policy size has exceeded the maximum size of ${longestPolicy} bytes.`);
  }
  return JSON.stringify(policy);
}

function isStatement(statement: unknown): boolean {
  if (typeof statement !== 'object' || statement === null) return false;
  const { Effect } = statement as { Effect?: unknown };
  return (Effect === 'Allow' || Effect === 'Deny') && 'Action' in statement && 'Principal' in statement;
}
