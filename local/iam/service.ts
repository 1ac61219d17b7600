// The embedded IAM: its operations, spelled as in the service model.
import type { Authorization, Aws, CallContext, Service } from '../service.ts';
import { findRole } from './model.ts';
import { policyOperations } from './policies.ts';
import { rolePolicyOperations } from './role-policies.ts';
import { roleOperations } from './roles.ts';

type Input = Readonly<Record<string, unknown>>;
const text = (value: unknown) => (typeof value === 'string' ? value : undefined);

/** Condition keys that IAM fills from the request itself. */
function conditionsOf(aws: Aws, input: Input): Record<string, string> {
  const conditions: Record<string, string> = {};
  const roleName = text(input.RoleName);
  const existing = roleName === undefined ? undefined : findRole(aws, roleName);
  const boundary = text(input.PermissionsBoundary) ?? existing?.permissionsBoundary;
  if (boundary !== undefined) conditions['iam:PermissionsBoundary'] = boundary;
  const policyArn = text(input.PolicyArn);
  if (policyArn !== undefined) conditions['iam:PolicyARN'] = policyArn;
  for (const tag of Array.isArray(input.Tags) ? input.Tags : []) {
    conditions[`aws:RequestTag/${tag.Key}`] = String(tag.Value);
  }
  for (const tag of existing?.tags ?? []) conditions[`aws:ResourceTag/${tag.Key}`] = tag.Value;
  return conditions;
}

/** Roles and policies by their ARN; a role that does not exist yet by the one it will have. */
function resourceOf({ aws }: CallContext, operation: string, input: Input): string {
  const iam = `arn:${aws.partition}:iam::${aws.account}`;
  const roleName = text(input.RoleName);
  if (roleName !== undefined)
    return findRole(aws, roleName)?.arn ?? `${iam}:role${text(input.Path) ?? '/'}${roleName}`;
  if (operation === 'CreatePolicy') return `${iam}:policy${text(input.Path) ?? '/'}${text(input.PolicyName)}`;
  return text(input.PolicyArn) ?? '*';
}

export function iamService(_aws: Aws): Service {
  return {
    operations: { ...roleOperations, ...rolePolicyOperations, ...policyOperations },
    authorize(operation, input, call) {
      const conditions = conditionsOf(call.aws, input);
      const resource = resourceOf(call, operation, input);
      const needed: Authorization[] = [{ action: `iam:${operation}`, resource, conditions }];
      // Tags given at creation need the permission to tag as well.
      if (operation === 'CreateRole' && Array.isArray(input.Tags) && input.Tags.length > 0) {
        needed.push({ action: 'iam:TagRole', resource, conditions });
      }
      return needed;
    },
  };
}
