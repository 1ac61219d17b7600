// Checks an input against its constraints, with the wording of AWS's request parser.
import { type Constraint, constraints, patchOps } from './constraints.ts';
import { validationError } from './errors.ts';

type Input = Readonly<Record<string, unknown>>;

/** Throws what AWS answers before the operation itself runs. `uriMembers` are the labels of the operation's path. */
export function validateInput(operation: string, input: Input, uriMembers: readonly string[]): void {
  const inputName = `${operation.charAt(0).toLowerCase()}${operation.slice(1)}Input`;
  const nameOf = (member: string) => (uriMembers.includes(member) ? member : `${inputName}.${member}`);
  const problems = [
    ...(constraints[operation] ?? []).flatMap(constraint => problemsOf(constraint, input, nameOf)),
    ...problemsOfPatch(input.patchOperations, nameOf),
  ];
  if (problems.length === 0) return;
  const count = problems.length === 1 ? '1 validation error' : `${problems.length} validation errors`;
  throw validationError(`${count} detected: ${problems.join('; ')}`);
}

function problemsOf(constraint: Constraint, input: Input, nameOf: (member: string) => string): string[] {
  const value = constraint.member
    .split('.')
    .reduce<unknown>((at, key) => (at as Input | undefined)?.[key], input);
  const failed = (shown: string, rule: string) => [
    `Value ${shown} at '${nameOf(constraint.member)}' failed to satisfy constraint: ${rule}`,
  ];
  if (value === undefined || value === null) {
    return constraint.required ? failed('null', 'Member must not be null') : [];
  }
  if (constraint.oneOf) {
    const allowed = constraint.oneOf;
    const rule = `Member must satisfy enum value set: [${allowed.join(', ')}]`;
    if (Array.isArray(value)) {
      if (value.every(item => allowed.includes(item))) return [];
      return failed(`'[${value.join(', ')}]'`, `Member must satisfy constraint: [${rule}]`);
    }
    return allowed.includes(String(value)) ? [] : failed(`'${value}'`, rule);
  }
  if (constraint.matches && !new RegExp(`^(?:${constraint.matches})$`).test(String(value))) {
    return failed(`'${value}'`, `Member must satisfy regular expression pattern: ${constraint.matches}`);
  }
  return [];
}

function problemsOfPatch(operations: unknown, nameOf: (member: string) => string): string[] {
  if (!Array.isArray(operations)) return [];
  return operations.flatMap((operation: Input | null, index) =>
    problemsOf({ member: `${index + 1}.op`, oneOf: patchOps }, { [index + 1]: operation ?? {} }, () =>
      nameOf(`patchOperations.${index + 1}.member.op`),
    ),
  );
}
