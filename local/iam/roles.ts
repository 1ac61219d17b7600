// IAM's operations on roles themselves: create, read, change what is trusted, delete.
import type * as Iam from '@aws-sdk/client-iam';
import type { Aws, Operation } from '../service.ts';
import { deleteConflict, entityAlreadyExists, limitExceeded, noSuchEntity } from './errors.ts';
import { managedPolicyDocument } from './managed-policies.ts';
import { findRole, findRoleByArn, type RoleDocument, roles, saveRole, uniqueId } from './model.ts';
import { pageOf } from './paging.ts';
import { checkTrustPolicy, encodePolicy, policySize } from './policy-document.ts';
import {
  checkDescription,
  checkDuration,
  checkName,
  checkPath,
  checkPolicyText,
  checkTags,
} from './validate.ts';

/** AWS raises it to 5,000 for whoever asks. */
const usualRolesPerAccount = 1000;
const trustPolicyLimit = 2048;
const defaultDuration = 3600;

export function requireRole(aws: Aws, name: string | undefined): RoleDocument {
  const role = findRole(aws, checkName('roleName', name));
  if (!role) throw noSuchEntity(`The role with name ${name} cannot be found.`);
  return role;
}

export function requireBoundary(aws: Aws, arn: string): string {
  if (managedPolicyDocument(aws, arn) === undefined) {
    throw noSuchEntity(`Scope ARN: ${arn} does not exist or is not attachable.`);
  }
  return arn;
}

function requireTrust(aws: Aws, member: string, text: string | undefined): string {
  const document = checkPolicyText(member, text);
  const isElsewhere = (arn: string) => !arn.includes(`::${aws.account}:`);
  checkTrustPolicy(document, arn => isElsewhere(arn) || findRoleByArn(aws, arn) !== undefined);
  if (policySize(document) > trustPolicyLimit) {
    throw limitExceeded(`Cannot exceed quota for ACLSizePerRole: ${trustPolicyLimit}`);
  }
  return document;
}

export function roleOperations(aws: Aws): Record<string, Operation> {
  return {
    CreateRole: (input: Iam.CreateRoleCommandInput) => createRole(aws, input),

    GetRole: (input: Iam.GetRoleCommandInput): Iam.GetRoleResponse => ({
      Role: describeRole(requireRole(aws, input.RoleName)),
    }),

    UpdateRole(input: Iam.UpdateRoleCommandInput): Iam.UpdateRoleResponse {
      const { Description, MaxSessionDuration } = input;
      saveRole(aws, requireRole(aws, input.RoleName), {
        ...(Description !== undefined && { description: checkDescription(Description) }),
        ...(MaxSessionDuration !== undefined && {
          maxSessionDuration: checkDuration(MaxSessionDuration, 'maxSessionDuration', 3600),
        }),
      });
      return {};
    },

    UpdateAssumeRolePolicy(input: Iam.UpdateAssumeRolePolicyCommandInput): object {
      const role = requireRole(aws, input.RoleName);
      const trustPolicy = requireTrust(aws, 'policyDocument', input.PolicyDocument);
      saveRole(aws, role, { trustPolicy, changedAt: aws.clock.now() });
      return {};
    },

    DeleteRole(input: Iam.DeleteRoleCommandInput): object {
      const role = requireRole(aws, input.RoleName);
      if (role.attachedPolicies.length > 0) {
        throw deleteConflict('Cannot delete entity, must detach all policies first.');
      }
      if (Object.keys(role.inlinePolicies).length > 0) {
        throw deleteConflict('Cannot delete entity, must delete policies first.');
      }
      roles(aws).delete(role.name.toLowerCase());
      return {};
    },

    ListRoles(input: Iam.ListRolesCommandInput): Iam.ListRolesResponse {
      const found = [...roles(aws).values()]
        .filter(role => role.path.startsWith(input.PathPrefix ?? '/'))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      const { items, page } = pageOf(found, input);
      return { Roles: items.map(describeListed), ...page };
    },
  };
}

function createRole(aws: Aws, input: Iam.CreateRoleCommandInput): Iam.CreateRoleResponse {
  const name = checkName('roleName', input.RoleName);
  const path = checkPath(input.Path ?? '/');
  const description = checkDescription(input.Description ?? '');
  const duration = checkDuration(input.MaxSessionDuration ?? defaultDuration, 'maxSessionDuration', 3600);
  const tags = checkTags(input.Tags);
  const trustPolicy = requireTrust(aws, 'assumeRolePolicyDocument', input.AssumeRolePolicyDocument);
  if (roles(aws).has(name.toLowerCase())) throw entityAlreadyExists(`Role with name ${name} already exists.`);
  const boundary = input.PermissionsBoundary;
  if (boundary !== undefined) requireBoundary(aws, boundary);
  const { rolesPerAccount = usualRolesPerAccount } = aws;
  if (roles(aws).size >= rolesPerAccount) {
    throw limitExceeded(`Cannot exceed quota for RolesPerAccount: ${rolesPerAccount}`);
  }
  const now = aws.clock.now();
  const role: RoleDocument = {
    name,
    path,
    arn: `arn:${aws.partition}:iam::${aws.account}:role${path}${name}`,
    id: uniqueId(aws, 'AROA'),
    createdAt: now,
    changedAt: now,
    maxSessionDuration: duration,
    trustPolicy,
    inlinePolicies: {},
    attachedPolicies: [],
    tags,
    ...(description && { description }),
    ...(boundary !== undefined && { permissionsBoundary: boundary }),
  };
  roles(aws).set(name.toLowerCase(), role);
  // CreateRole tells neither the description nor the session duration; GetRole does.
  const { Description: _, MaxSessionDuration: __, RoleLastUsed: ___, ...created } = describeRole(role);
  return { Role: created };
}

function describeRole(role: RoleDocument): Iam.Role {
  const { tags, permissionsBoundary } = role;
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: new Date(role.createdAt),
    AssumeRolePolicyDocument: encodePolicy(role.trustPolicy),
    ...(role.description !== undefined && { Description: role.description }),
    MaxSessionDuration: role.maxSessionDuration,
    ...(permissionsBoundary !== undefined && {
      PermissionsBoundary: {
        PermissionsBoundaryType: 'PermissionsBoundaryPolicy' as Iam.PermissionsBoundaryAttachmentType,
        PermissionsBoundaryArn: permissionsBoundary,
      },
    }),
    ...(tags.length > 0 && { Tags: [...tags] }),
    RoleLastUsed: {},
  };
}

/** A listing leaves out tags, boundary and last use. */
function describeListed(role: RoleDocument): Iam.Role {
  const { Tags: _, PermissionsBoundary: __, RoleLastUsed: ___, ...listed } = describeRole(role);
  return listed;
}
