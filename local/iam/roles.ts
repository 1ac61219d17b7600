// Roles: made, read, tagged and deleted.
import type { CreateRoleRequest, Role } from '@aws-sdk/client-iam';
import type { Aws, CallContext, Operation } from '../service.ts';
import { checkDocument, encoded } from './documents.ts';
import {
  alreadyExists,
  deleteConflict,
  limitExceeded,
  noSuchEntity,
  noSuchRole,
  validation,
} from './errors.ts';
import { findRole, policies, type RoleDocument, roles, saveRole, type Tag, uniqueId } from './model.ts';
import { page } from './paging.ts';

export function requireRole(aws: Aws, name: string): RoleDocument {
  const role = findRole(aws, name);
  if (!role) throw noSuchRole(name);
  return role;
}

function describe(role: RoleDocument): Role {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: new Date(role.createdAt),
    AssumeRolePolicyDocument: encoded(role.trustPolicy),
    ...(role.description !== undefined && { Description: role.description }),
    MaxSessionDuration: role.maxSessionDuration,
    ...(role.permissionsBoundary !== undefined && {
      PermissionsBoundary: {
        PermissionsBoundaryType: 'Policy' as const,
        PermissionsBoundaryArn: role.permissionsBoundary,
      },
    }),
  };
}

const withTags = (role: RoleDocument): Role => ({
  ...describe(role),
  ...(role.tags.length > 0 && { Tags: [...role.tags] }),
});

function checkTags(tags: readonly Tag[]): void {
  if (tags.length > 50) throw limitExceeded('The number of tags has reached the maximum limit.');
  for (const { Key } of tags) {
    if (!Key || Key.length > 128 || /^aws:/i.test(Key)) throw validation(`The tag key ${Key} is not valid.`);
  }
}

function createRole(input: CreateRoleRequest, { aws }: CallContext): object {
  const {
    RoleName: name = '',
    Path: path = '/',
    AssumeRolePolicyDocument: trustPolicy = '',
    Tags: tags = [],
  } = input;
  if (!/^[\w+=,.@-]{1,64}$/.test(name)) {
    throw validation(
      'The specified value for roleName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-',
    );
  }
  if (!/^\/([\x21-\x7e]+\/)?$/.test(path))
    throw validation(
      'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
    );
  if (roles(aws).has(name.toLowerCase())) throw alreadyExists(`Role with name ${name} already exists.`);
  if (roles(aws).size >= 1000) throw limitExceeded('Cannot exceed quota for RolesPerAccount: 1000');
  checkDocument(trustPolicy, 'trust');
  checkTags(tags as readonly Tag[]);
  if (
    input.PermissionsBoundary?.includes(`:${aws.account}:`) &&
    !policies(aws).has(input.PermissionsBoundary)
  ) {
    throw noSuchEntity(`Scope ARN: ${input.PermissionsBoundary} does not exist or is not attachable.`);
  }
  const now = aws.clock.now();
  const role: RoleDocument = {
    name,
    id: uniqueId(aws, 'AROA'),
    path,
    arn: `arn:${aws.partition}:iam::${aws.account}:role${path}${name}`,
    createdAt: now,
    changedAt: now,
    ...(input.Description !== undefined && { description: input.Description }),
    maxSessionDuration: input.MaxSessionDuration ?? 3600,
    trustPolicy,
    inlinePolicies: {},
    attachedPolicies: [],
    ...(input.PermissionsBoundary !== undefined && { permissionsBoundary: input.PermissionsBoundary }),
    tags: tags as readonly Tag[],
  };
  roles(aws).set(name.toLowerCase(), role);
  return { Role: withTags(role) };
}

function deleteRole({ RoleName: name }: { RoleName: string }, { aws }: CallContext): object {
  const role = requireRole(aws, name);
  if (role.attachedPolicies.length > 0)
    throw deleteConflict('Cannot delete entity, must detach all policies first.');
  if (Object.keys(role.inlinePolicies).length > 0)
    throw deleteConflict('Cannot delete entity, must delete policies first.');
  roles(aws).delete(name.toLowerCase());
  return {};
}

interface Listing {
  readonly PathPrefix?: string;
  readonly Marker?: string;
  readonly MaxItems?: number;
}

export const roleOperations: Readonly<Record<string, Operation>> = {
  CreateRole: createRole,
  DeleteRole: deleteRole,
  GetRole: ({ RoleName }: { RoleName: string }, { aws }) => ({ Role: withTags(requireRole(aws, RoleName)) }),
  ListRoles({ PathPrefix = '/', ...listing }: Listing, { aws }) {
    const found = [...roles(aws).values()].filter(({ path }) => path.startsWith(PathPrefix));
    return page('Roles', found.sort((a, b) => (a.name < b.name ? -1 : 1)).map(describe), listing);
  },
  UpdateRole(input: { RoleName: string; Description?: string; MaxSessionDuration?: number }, { aws }) {
    const { RoleName, Description, MaxSessionDuration } = input;
    saveRole(aws, requireRole(aws, RoleName), {
      ...(Description !== undefined && { description: Description }),
      ...(MaxSessionDuration !== undefined && { maxSessionDuration: MaxSessionDuration }),
    });
    return {};
  },
  UpdateAssumeRolePolicy(
    { RoleName, PolicyDocument }: { RoleName: string; PolicyDocument: string },
    { aws },
  ) {
    const role = requireRole(aws, RoleName);
    checkDocument(PolicyDocument, 'trust');
    saveRole(aws, role, { trustPolicy: PolicyDocument, changedAt: aws.clock.now() });
    return {};
  },
  TagRole({ RoleName, Tags }: { RoleName: string; Tags: readonly Tag[] }, { aws }) {
    const role = requireRole(aws, RoleName);
    const kept = role.tags.filter(({ Key }) => !Tags.some(tag => tag.Key === Key));
    const tags = [...kept, ...Tags];
    checkTags(tags);
    saveRole(aws, role, { tags });
    return {};
  },
  UntagRole({ RoleName, TagKeys }: { RoleName: string; TagKeys: readonly string[] }, { aws }) {
    const role = requireRole(aws, RoleName);
    saveRole(aws, role, { tags: role.tags.filter(({ Key }) => !TagKeys.includes(Key)) });
    return {};
  },
  ListRoleTags({ RoleName, ...listing }: Listing & { RoleName: string }, { aws }) {
    return page('Tags', [...requireRole(aws, RoleName).tags], listing);
  },
  PutRolePermissionsBoundary(input: { RoleName: string; PermissionsBoundary: string }, { aws }) {
    const change = { permissionsBoundary: input.PermissionsBoundary, changedAt: aws.clock.now() };
    saveRole(aws, requireRole(aws, input.RoleName), change);
    return {};
  },
  DeleteRolePermissionsBoundary({ RoleName }: { RoleName: string }, { aws }) {
    const { permissionsBoundary: _, ...role } = requireRole(aws, RoleName);
    roles(aws).set(role.name.toLowerCase(), { ...role, changedAt: aws.clock.now() });
    return {};
  },
};
