// Which permission each IAM operation needs, on which ARN, with IAM's own condition keys.
import type { Authorization, Aws } from '../service.ts';
import { findRole, type RoleDocument, type Tag } from './model.ts';

type Input = Readonly<Record<string, unknown>>;
type Conditions = Record<string, string | readonly string[]>;

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

export function authorizeIam(aws: Aws, operation: string, input: Input): readonly Authorization[] {
  const prefix = `arn:${aws.partition}:iam::${aws.account}:`;
  const action = `iam:${operation}`;
  const name = text(input.RoleName);
  if (operation === 'CreateRole') {
    const resource = `${prefix}role${text(input.Path) ?? '/'}${name ?? ''}`;
    const boundary = text(input.PermissionsBoundary);
    const conditions = {
      ...requestedTags(input),
      ...(boundary !== undefined && { 'iam:PermissionsBoundary': boundary }),
    };
    const create = { action, resource, conditions };
    // A role created with tags needs the permission to tag as well.
    return hasTags(input) ? [create, { ...create, action: 'iam:TagRole' }] : [create];
  }
  if (operation === 'CreatePolicy') {
    const resource = `${prefix}policy${text(input.Path) ?? '/'}${text(input.PolicyName) ?? ''}`;
    const create = { action, resource, conditions: requestedTags(input) };
    return hasTags(input) ? [create, { ...create, action: 'iam:TagPolicy' }] : [create];
  }
  if (name !== undefined) {
    const role = findRole(aws, name);
    // Without a role there is no path to compare: IAM then evaluates the bare name.
    const resource = role?.arn ?? `${prefix}role/${name}`;
    return [{ action, resource, conditions: { ...ofRole(role, operation), ...requestConditions(input) } }];
  }
  const listed = operation === 'ListRoles' ? 'role' : operation === 'ListPolicies' ? 'policy' : undefined;
  if (listed) return [{ action, resource: `${prefix}${listed}${text(input.PathPrefix) ?? '/'}` }];
  if (operation === 'GetUser') {
    const user = text(input.UserName);
    return [{ action, resource: user === undefined ? '*' : `${prefix}user/${user}` }];
  }
  return [{ action, resource: text(input.PolicyArn) ?? text(input.PolicySourceArn) ?? '*' }];
}

const setsBoundary = new Set(['PutRolePermissionsBoundary']);

function ofRole(role: RoleDocument | undefined, operation: string): Conditions {
  if (!role) return {};
  const conditions: Conditions = {};
  if (role.permissionsBoundary !== undefined && !setsBoundary.has(operation)) {
    conditions['iam:PermissionsBoundary'] = role.permissionsBoundary;
  }
  for (const { Key, Value } of role.tags) {
    conditions[`aws:ResourceTag/${Key}`] = Value;
    conditions[`iam:ResourceTag/${Key}`] = Value;
  }
  return conditions;
}

function requestConditions(input: Input): Conditions {
  const boundary = text(input.PermissionsBoundary);
  const policy = text(input.PolicyArn);
  return {
    ...(boundary !== undefined && { 'iam:PermissionsBoundary': boundary }),
    ...(policy !== undefined && { 'iam:PolicyARN': policy }),
    ...requestedTags(input),
  };
}

const tagsOf = (input: Input): readonly Tag[] => (Array.isArray(input.Tags) ? input.Tags : []);
const hasTags = (input: Input): boolean => tagsOf(input).length > 0;

function requestedTags(input: Input): Conditions {
  const removed = Array.isArray(input.TagKeys) ? (input.TagKeys as string[]) : [];
  const keys = [...tagsOf(input).map(({ Key }) => Key), ...removed];
  return {
    ...Object.fromEntries(tagsOf(input).map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
    ...(keys.length > 0 && { 'aws:TagKeys': keys }),
  };
}
