// Roles this product made: whose one is, and deleting it with its policy.
import { DeleteRoleCommand, DeleteRolePolicyCommand, GetRoleCommand, type Role } from '@aws-sdk/client-iam';
import { isNotFound, ServiceProxyError } from '../core/errors.ts';
import { ownerTag } from '../core/plan.ts';
import { rolePath, rolePolicyName } from '../core/role.ts';
import { allow, type Clients, type Permission } from '../core/step.ts';

export const roleArns = `arn:{partition}:iam::{account}:role${rolePath}*`;

/** A role that is not there is asked for without its path: IAM knows no other name for it then. */
const absentRoleArns = 'arn:{partition}:iam::{account}:role/service-proxy-*';

export const readsRoles: Permission = allow(['iam:GetRole'], [roleArns, absentRoleArns]);

export const deletesRoles: readonly Permission[] = [
  readsRoles,
  allow(['iam:DeleteRolePolicy', 'iam:DeleteRole'], [roleArns]),
];

/** The execution in the role's owner tag; undefined for a role without one. */
export async function executionThatMade(
  { iam }: Pick<Clients, 'iam'>,
  name: string,
): Promise<string | undefined> {
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: name }));
  return makerOf(Role);
}

export const makerOf = (role: Role | undefined): string | undefined =>
  role?.Tags?.find(({ Key }) => Key === ownerTag)?.Value;

/**
 * Deletes a role with its policy; false when it is gone already.
 * @throws ServiceProxyError `NotOwned` for a role without our tag, or made by another execution than `maker`.
 */
export async function deleteOwnedRole(
  clients: Pick<Clients, 'iam'>,
  name: string,
  maker?: string,
): Promise<boolean> {
  try {
    const execution = await executionThatMade(clients, name);
    if (execution === undefined || (maker !== undefined && execution !== maker)) {
      throw new ServiceProxyError(
        'NotOwned',
        `role ${name} does not carry the tag ${ownerTag} of ${maker ?? 'this product'}`,
      );
    }
    try {
      await clients.iam.send(new DeleteRolePolicyCommand({ RoleName: name, PolicyName: rolePolicyName }));
    } catch (error) {
      if (!isNotFound(error)) throw error; // no policy yet: the role was made and the next call failed
    }
    await clients.iam.send(new DeleteRoleCommand({ RoleName: name }));
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
