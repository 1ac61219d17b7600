// The policies of a role: inline ones, and managed ones attached to it.
import type { Operation } from '../service.ts';
import { checkDocument, encoded } from './documents.ts';
import { limitExceeded, noSuchEntity } from './errors.ts';
import { managedPolicyDocument } from './managed-policies.ts';
import { saveRole } from './model.ts';
import { page } from './paging.ts';
import { requireRole } from './roles.ts';

interface RolePolicy {
  readonly RoleName: string;
  readonly PolicyName: string;
}

interface AttachedPolicy {
  readonly RoleName: string;
  readonly PolicyArn: string;
}

/** Characters of all inline policies of a role together, white space not counted. */
const longestInlinePolicies = 10_240;

const noSuchPolicy = (name: string) => noSuchEntity(`The role policy with name ${name} cannot be found.`);

export const rolePolicyOperations: Readonly<Record<string, Operation>> = {
  PutRolePolicy({ RoleName, PolicyName, PolicyDocument }: RolePolicy & { PolicyDocument: string }, { aws }) {
    const role = requireRole(aws, RoleName);
    checkDocument(PolicyDocument, 'identity');
    const inlinePolicies = { ...role.inlinePolicies, [PolicyName]: PolicyDocument };
    const size = Object.values(inlinePolicies).join('').replace(/\s/g, '').length;
    if (size > longestInlinePolicies)
      throw limitExceeded(
        `Maximum policy size of ${longestInlinePolicies} bytes exceeded for role ${RoleName}`,
      );
    saveRole(aws, role, { inlinePolicies, changedAt: aws.clock.now() });
    return {};
  },
  GetRolePolicy({ RoleName, PolicyName }: RolePolicy, { aws }) {
    const document = requireRole(aws, RoleName).inlinePolicies[PolicyName];
    if (document === undefined) throw noSuchPolicy(PolicyName);
    return { RoleName, PolicyName, PolicyDocument: encoded(document) };
  },
  DeleteRolePolicy({ RoleName, PolicyName }: RolePolicy, { aws }) {
    const role = requireRole(aws, RoleName);
    const { [PolicyName]: document, ...inlinePolicies } = role.inlinePolicies;
    if (document === undefined) throw noSuchPolicy(PolicyName);
    saveRole(aws, role, { inlinePolicies, changedAt: aws.clock.now() });
    return {};
  },
  ListRolePolicies({ RoleName, ...listing }: { RoleName: string }, { aws }) {
    return page('PolicyNames', Object.keys(requireRole(aws, RoleName).inlinePolicies).sort(), listing);
  },
  AttachRolePolicy({ RoleName, PolicyArn }: AttachedPolicy, { aws }) {
    const role = requireRole(aws, RoleName);
    if (managedPolicyDocument(aws, PolicyArn) === undefined) {
      throw noSuchEntity(`Policy ${PolicyArn} does not exist or is not attachable.`);
    }
    const attachedPolicies = [...new Set([...role.attachedPolicies, PolicyArn])];
    if (attachedPolicies.length > 10) throw limitExceeded('Cannot exceed quota for PoliciesPerRole: 10');
    saveRole(aws, role, { attachedPolicies, changedAt: aws.clock.now() });
    return {};
  },
  DetachRolePolicy({ RoleName, PolicyArn }: AttachedPolicy, { aws }) {
    const role = requireRole(aws, RoleName);
    if (!role.attachedPolicies.includes(PolicyArn)) throw noSuchEntity(`Policy ${PolicyArn} was not found.`);
    const attachedPolicies = role.attachedPolicies.filter(arn => arn !== PolicyArn);
    saveRole(aws, role, { attachedPolicies, changedAt: aws.clock.now() });
    return {};
  },
  ListAttachedRolePolicies({ RoleName, ...listing }: { RoleName: string }, { aws }) {
    const attached = requireRole(aws, RoleName).attachedPolicies.map(PolicyArn => ({
      PolicyArn,
      PolicyName: PolicyArn.slice(PolicyArn.lastIndexOf('/') + 1),
    }));
    return page('AttachedPolicies', attached, listing);
  },
};
