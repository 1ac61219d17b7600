// The role that the functions assume in another account: whom it trusts, and what it may do there.
import type { Permission } from '../core/step.ts';
import { allFunctions } from './functions.ts';
import { type PolicyTarget, policyDocument, reachesTarget } from './policies.ts';
import { boundaryPolicy } from './settings.ts';

/** The boundary of the routes' roles in the account of a target role, where the configuration names no other. */
export function targetBoundary(roleArn: string): string {
  const [, partition, , , account] = roleArn.split(':');
  return `arn:${partition}:iam::${account}:policy${boundaryPolicy.path}${boundaryPolicy.name}`;
}

const keyOf = ({ resources, conditions }: Permission) => JSON.stringify([resources, conditions]);

/** What all functions together may do to APIs, their roles and routes, in the fewest statements. */
export function targetPermissions(): Permission[] {
  const merged = new Map<string, Permission>();
  for (const permission of allFunctions().flatMap(({ permissions }) => permissions)) {
    if (!reachesTarget(permission)) continue;
    const key = keyOf(permission);
    const actions = [...(merged.get(key)?.actions ?? []), ...permission.actions];
    merged.set(key, { ...permission, actions: [...new Set(actions)].sort() });
  }
  return [...merged.values()];
}

/** The policy of a target role, in its own account and the regions where it is used. */
export const targetRolePolicy = (
  target: Omit<PolicyTarget, 'table' | 'targets'>,
  regions: readonly string[],
) => policyDocument(targetPermissions(), { ...target, table: '', targets: { roles: [], regions } });

/**
 * Lets the functions of the deployment in `account` assume the role: those whose role's ARN matches `trusted`, under
 * the external id where one was agreed upon.
 */
export const targetTrustPolicy = (
  { partition, account, trusted }: { partition: string; account: string; trusted: string },
  externalId?: string,
): object => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:${partition}:iam::${account}:root` },
      Action: 'sts:AssumeRole',
      Condition: {
        ArnLike: { 'aws:PrincipalArn': trusted },
        ...(externalId !== undefined && { StringEquals: { 'sts:ExternalId': externalId } }),
      },
    },
  ],
});
