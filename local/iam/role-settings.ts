// IAM's operations on a role's tags and permissions boundary.
import type * as Iam from '@aws-sdk/client-iam';
import type { Aws, Operation } from '../service.ts';
import { limitExceeded, noSuchEntity } from './errors.ts';
import { roles, saveRole } from './model.ts';
import { pageOf } from './paging.ts';
import { requireBoundary, requireRole } from './roles.ts';
import { checkTags } from './validate.ts';

const tagsPerRole = 50;

export function roleSettingOperations(aws: Aws): Record<string, Operation> {
  return {
    TagRole(input: Iam.TagRoleCommandInput): object {
      const role = requireRole(aws, input.RoleName);
      const added = checkTags(input.Tags);
      const replaced = new Set(added.map(({ Key }) => Key.toLowerCase()));
      const tags = [...role.tags.filter(({ Key }) => !replaced.has(Key.toLowerCase())), ...added];
      if (tags.length > tagsPerRole) throw limitExceeded('The number of tags has reached the maximum limit.');
      saveRole(aws, role, { tags });
      return {};
    },

    UntagRole(input: Iam.UntagRoleCommandInput): object {
      const role = requireRole(aws, input.RoleName);
      const keys = new Set(input.TagKeys?.map(key => key.toLowerCase()));
      saveRole(aws, role, { tags: role.tags.filter(({ Key }) => !keys.has(Key.toLowerCase())) });
      return {};
    },

    ListRoleTags(input: Iam.ListRoleTagsCommandInput): Iam.ListRoleTagsResponse {
      const { items, page } = pageOf(requireRole(aws, input.RoleName).tags, input);
      return { Tags: items, ...page };
    },

    PutRolePermissionsBoundary(input: Iam.PutRolePermissionsBoundaryCommandInput): object {
      const role = requireRole(aws, input.RoleName);
      const permissionsBoundary = requireBoundary(aws, input.PermissionsBoundary ?? '');
      saveRole(aws, role, { permissionsBoundary, changedAt: aws.clock.now() });
      return {};
    },

    DeleteRolePermissionsBoundary(input: Iam.DeleteRolePermissionsBoundaryCommandInput): object {
      const { permissionsBoundary, ...role } = requireRole(aws, input.RoleName);
      if (permissionsBoundary === undefined) {
        throw noSuchEntity(`Role ${role.name} does not have a permission boundary attached.`);
      }
      roles(aws).set(role.name.toLowerCase(), { ...role, changedAt: aws.clock.now() });
      return {};
    },
  };
}
