// The name of an execution that is asked for with a client token: the same token is the same execution.
import { createHash } from 'node:crypto';

/** Step Functions keeps a name taken for 90 days after the execution has ended. */
export const executionNameFor = (clientToken: string) => `token-${clientToken}`;

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  );
}

/** The same for inputs that ask for the same, in whichever order they name it. */
export const fingerprintOf = (input: unknown) =>
  createHash('sha256')
    .update(JSON.stringify(sorted(input)))
    .digest('hex');
