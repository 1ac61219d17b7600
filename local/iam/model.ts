// The documents IAM keeps in the account, and where to find them.
import type { Aws } from '../service.ts';
import type { Collection } from '../store.ts';

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export interface RoleDocument {
  readonly name: string;
  readonly id: string;
  readonly path: string;
  readonly arn: string;
  readonly createdAt: number;
  /** When the role, or what it may do, last changed: the start of the propagation delay. */
  readonly changedAt: number;
  readonly description?: string;
  readonly maxSessionDuration: number;
  readonly trustPolicy: string;
  readonly inlinePolicies: Readonly<Record<string, string>>;
  readonly attachedPolicies: readonly string[];
  readonly permissionsBoundary?: string;
  readonly tags: readonly Tag[];
}

export interface PolicyDocument {
  readonly name: string;
  readonly id: string;
  readonly path: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly description?: string;
  readonly document: string;
  readonly tags: readonly Tag[];
}

/** Keyed by the name in lower case: IAM keeps names unique ignoring case. */
export const roles = (aws: Aws): Collection<RoleDocument> => aws.store.collection('iam/roles');

/** Customer managed policies by ARN. */
export const policies = (aws: Aws): Collection<PolicyDocument> => aws.store.collection('iam/policies');

export function findRole(aws: Aws, name: string): RoleDocument | undefined {
  const role = roles(aws).get(name.toLowerCase());
  return role?.name === name ? role : undefined;
}

export function findRoleByArn(aws: Aws, arn: string): RoleDocument | undefined {
  const role = findRole(aws, arn.slice(arn.lastIndexOf('/') + 1));
  return role?.arn === arn ? role : undefined;
}

export function saveRole(aws: Aws, role: RoleDocument, change: Partial<RoleDocument>): RoleDocument {
  const changed = { ...role, ...change };
  roles(aws).set(role.name.toLowerCase(), changed);
  return changed;
}

/** An id as IAM makes them: `AROA…` for roles, `ANPA…` for policies, `ASIA…` for session keys. */
export function uniqueId(aws: Aws, prefix: string): string {
  return prefix + aws.ids.alphanumeric(17).toUpperCase();
}
