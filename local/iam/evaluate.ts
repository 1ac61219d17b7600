// Decides whether a caller may do what it asks, from the policies of its role.
import type { Authorization, Aws, Caller } from '../service.ts';
import type { ConditionContext } from './conditions.ts';
import { managedPolicyDocument } from './managed-policies.ts';
import { findRoleByArn, type RoleDocument } from './model.ts';
import { applies, type PolicyRequest, type Statement, statementsOf } from './statements.ts';

export type Decision =
  | 'allowed'
  | 'explicit deny in an identity-based policy'
  | 'explicit deny in a permissions boundary'
  | 'no identity-based policy'
  | 'no permissions boundary';

/** The account's root user may do everything; a role what its policies say, within its boundary. */
export function decide(aws: Aws, caller: Caller, authorization: Authorization): Decision {
  if (caller.roleArn === undefined) return 'allowed';
  // The caller's policies are in its own account, wherever it calls.
  const home = aws.at(caller.account, aws.region);
  const role = findRoleByArn(home, caller.roleArn);
  if (!role) return 'no identity-based policy';

  const request = requestOf(aws, caller, role, authorization);
  const identity = effect(identityStatements(home, role), request);
  if (identity === 'Deny') return 'explicit deny in an identity-based policy';
  const boundary =
    role.permissionsBoundary === undefined
      ? 'Allow'
      : effect(statementsOf(managedPolicyDocument(home, role.permissionsBoundary) ?? '{}'), request);
  if (boundary === 'Deny') return 'explicit deny in a permissions boundary';
  if (identity === undefined) return 'no identity-based policy';
  return boundary === 'Allow' ? 'allowed' : 'no permissions boundary';
}

/** The sentence AWS answers a refused call with. */
export function denialMessage(
  caller: Caller,
  { action, resource }: Authorization,
  decision: Decision,
): string {
  const named = nameInMessage(action, resource);
  const start = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${named}`;
  return decision.startsWith('explicit deny')
    ? `${start} with an ${decision}`
    : `${start} because ${decision} allows the ${action} action`;
}

/** IAM itself speaks of a role by its name, except where it would have been made. */
function nameInMessage(action: string, resource: string): string {
  const role = /^arn:[\w-]+:iam::\d+:role\/(?:.*\/)?([^/]+)$/.exec(resource)?.[1];
  return role !== undefined && action.startsWith('iam:') && !/:(CreateRole|PassRole)$/.test(action)
    ? `role ${role}`
    : resource;
}

/** What statements say of a request: a Deny beats every Allow; undefined when none speaks of it. */
export function effect(
  statements: readonly Statement[],
  request: PolicyRequest,
): 'Allow' | 'Deny' | undefined {
  let found: 'Allow' | undefined;
  for (const statement of statements) {
    if (!applies(statement, request)) continue;
    if (statement.Effect === 'Deny') return 'Deny';
    if (statement.Effect === 'Allow') found = 'Allow';
  }
  return found;
}

function identityStatements(aws: Aws, role: RoleDocument): readonly Statement[] {
  const attached = role.attachedPolicies.map(arn => managedPolicyDocument(aws, arn) ?? '{}');
  return [...Object.values(role.inlinePolicies), ...attached].flatMap(statementsOf);
}

function requestOf(
  aws: Aws,
  caller: Caller,
  role: RoleDocument,
  authorization: Authorization,
): PolicyRequest {
  let context: ConditionContext | undefined;
  return {
    action: authorization.action,
    resource: authorization.resource,
    get context() {
      context ??= contextOf(keysOf(aws, caller, role, authorization));
      return context;
    },
  };
}

function keysOf(
  aws: Aws,
  caller: Caller,
  role: RoleDocument,
  authorization: Authorization,
): Readonly<Record<string, string | readonly string[]>> {
  const now = aws.clock.now();
  return {
    'aws:PrincipalArn': role.arn,
    'aws:PrincipalAccount': caller.account,
    'aws:PrincipalType': 'AssumedRole',
    'aws:PrincipalIsAWSService': 'false',
    'aws:userid': `${role.id}:${caller.arn.slice(caller.arn.lastIndexOf('/') + 1)}`,
    'aws:CurrentTime': new Date(now).toISOString(),
    'aws:EpochTime': String(Math.floor(now / 1000)),
    'aws:RequestedRegion': aws.region,
    'aws:ResourceAccount': aws.account,
    ...Object.fromEntries(role.tags.map(tag => [`aws:PrincipalTag/${tag.Key}`, tag.Value])),
    ...authorization.conditions,
  };
}

export function contextOf(keys: Readonly<Record<string, string | readonly string[]>>): ConditionContext {
  return Object.fromEntries(Object.entries(keys).map(([key, value]) => [key.toLowerCase(), value]));
}
