// Patch operations: one table of updatable paths per kind of document, and the ways AWS refuses the rest.
import type { PatchOperation } from '@aws-sdk/client-api-gateway';
import type { ServiceError } from '../service.ts';
import { badRequest } from './errors.ts';

type PatchOp = 'add' | 'remove' | 'replace' | 'copy';

interface Change {
  readonly op: PatchOp;
  /** As sent. */
  readonly path: string;
  /** What stood in the path's places, with ~1 and ~0 decoded. */
  readonly names: readonly string[];
  readonly value: string | undefined;
  readonly from: string | undefined;
}

export interface PatchRule<T> {
  /** `{}` is any one segment. */
  readonly path: string;
  readonly ops: readonly PatchOp[];
  apply(target: T, change: Change): T;
  /** Where AWS words the refusal of another op in its own way. */
  readonly otherOps?: string;
}

export interface PatchTable<T> {
  readonly rules: readonly PatchRule<T>[];
  readonly wording: 'path first' | 'path only' | 'listed';
}

const decode = (segment: string) => segment.replaceAll('~1', '/').replaceAll('~0', '~');

/** All operations in order; nothing is kept when one of them is refused. */
export function applyPatch<T>(
  target: T,
  operations: readonly PatchOperation[] | undefined,
  table: PatchTable<T>,
): T {
  return (operations ?? []).reduce((current, operation) => {
    const path = operation.path ?? '';
    const op = operation.op ?? '';
    const known = table.rules.map(rule => ({ rule, names: match(rule.path, path) })).find(hit => hit.names);
    if (!known?.names || !known.rule.ops.includes(op as PatchOp))
      throw refusal(operation, known?.rule, table);
    const change = {
      op: op as PatchOp,
      path,
      names: known.names,
      value: operation.value,
      from: operation.from,
    };
    return known.rule.apply(current, change);
  }, target);
}

function match(pattern: string, path: string): readonly string[] | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const names: string[] = [];
  for (const [index, segment] of given.entries()) {
    if (wanted[index] === '{}') names.push(decode(segment));
    else if (wanted[index] !== segment) return undefined;
  }
  return names.includes('') ? undefined : names;
}

function refusal<T>(
  { op, path = 'null' }: PatchOperation,
  rule: PatchRule<T> | undefined,
  table: PatchTable<T>,
): ServiceError {
  if (table.wording !== 'listed') {
    if (!rule || table.wording === 'path only') return badRequest(`Invalid patch path ${path}`);
    const allowed = rule.otherOps ?? `Must be one of: [${rule.ops.join(', ')}]`;
    return badRequest(`Invalid patch operation specified. ${allowed}`);
  }
  const paths = table.rules.filter(other => other.ops.includes(op as PatchOp)).map(other => other.path);
  // Two spaces, as AWS writes it.
  const start = `Invalid patch path  '${path}' specified for op '${op}'.`;
  return badRequest(
    paths.length > 0
      ? `${start} Must be one of: [${paths.join(', ')}]`
      : `${start} Please choose supported operations`,
  );
}

/** A rule that replaces one member with the text sent. */
export function replaceText<T, K extends string & keyof T>(member: K): PatchRule<T> {
  return {
    path: `/${member}`,
    ops: ['replace'],
    apply: (target, { value }) => ({ ...target, [member]: value }),
  };
}

/** Whatever is not `true` is false, as AWS reads it. */
export function replaceFlag<T, K extends string & keyof T>(member: K): PatchRule<T> {
  return {
    path: `/${member}`,
    ops: ['replace'],
    apply: (target, { value }) => ({ ...target, [member]: value?.toLowerCase() === 'true' }),
  };
}
