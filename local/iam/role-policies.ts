// IAM's operations on what a role may do: inline policies and attached managed ones.
import type * as Iam from '@aws-sdk/client-iam';
import type { Aws, Operation } from '../service.ts';
import { limitExceeded, noSuchEntity } from './errors.ts';
import { managedPolicyDocument } from './managed-policies.ts';
import { type RoleDocument, saveRole } from './model.ts';
import { pageOf } from './paging.ts';
import { checkIdentityPolicy, encodePolicy, policySize } from './policy-document.ts';
import { requireRole } from './roles.ts';
import { checkName, checkPolicyText } from './validate.ts';

/** All inline policies of a role together. */
const inlinePolicyLimit = 10_240;
const policiesPerRole = 10;

function requireInline(role: RoleDocument, policyName: string | undefined): [name: string, document: string] {
  const name = checkName('policyName', policyName);
  const document = role.inlinePolicies[name];
  if (document === undefined) throw noSuchEntity(`The role policy with name ${name} cannot be found.`);
  return [name, document];
}

export function rolePolicyOperations(aws: Aws): Record<string, Operation> {
  const change = (role: RoleDocument, changes: Partial<RoleDocument>): object => {
    saveRole(aws, role, { ...changes, changedAt: aws.clock.now() });
    return {};
  };

  return {
    PutRolePolicy(input: Iam.PutRolePolicyCommandInput): object {
      const role = requireRole(aws, input.RoleName);
      const name = checkName('policyName', input.PolicyName);
      const document = checkPolicyText('policyDocument', input.PolicyDocument);
      checkIdentityPolicy(document);
      const inlinePolicies = { ...role.inlinePolicies, [name]: document };
      const size = Object.values(inlinePolicies).reduce((sum, policy) => sum + policySize(policy), 0);
      if (size > inlinePolicyLimit) {
        throw limitExceeded(
          `Maximum policy size of ${inlinePolicyLimit} bytes exceeded for role ${role.name}`,
        );
      }
      return change(role, { inlinePolicies });
    },

    GetRolePolicy(input: Iam.GetRolePolicyCommandInput): Iam.GetRolePolicyResponse {
      const role = requireRole(aws, input.RoleName);
      const [name, document] = requireInline(role, input.PolicyName);
      return { RoleName: role.name, PolicyName: name, PolicyDocument: encodePolicy(document) };
    },

    DeleteRolePolicy(input: Iam.DeleteRolePolicyCommandInput): object {
      const role = requireRole(aws, input.RoleName);
      const [name] = requireInline(role, input.PolicyName);
      const { [name]: _, ...inlinePolicies } = role.inlinePolicies;
      return change(role, { inlinePolicies });
    },

    ListRolePolicies(input: Iam.ListRolePoliciesCommandInput): Iam.ListRolePoliciesResponse {
      const names = Object.keys(requireRole(aws, input.RoleName).inlinePolicies).sort();
      const { items, page } = pageOf(names, input);
      return { PolicyNames: items, ...page };
    },

    AttachRolePolicy(input: Iam.AttachRolePolicyCommandInput): object {
      const role = requireRole(aws, input.RoleName);
      const arn = input.PolicyArn ?? '';
      if (managedPolicyDocument(aws, arn) === undefined) {
        throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
      }
      if (role.attachedPolicies.includes(arn)) return {};
      if (role.attachedPolicies.length >= policiesPerRole) {
        throw limitExceeded(`Cannot exceed quota for PoliciesPerRole: ${policiesPerRole}`);
      }
      return change(role, { attachedPolicies: [...role.attachedPolicies, arn] });
    },

    DetachRolePolicy(input: Iam.DetachRolePolicyCommandInput): object {
      const role = requireRole(aws, input.RoleName);
      const arn = input.PolicyArn ?? '';
      if (!role.attachedPolicies.includes(arn)) throw noSuchEntity(`Policy ${arn} was not found.`);
      return change(role, { attachedPolicies: role.attachedPolicies.filter(attached => attached !== arn) });
    },

    ListAttachedRolePolicies(
      input: Iam.ListAttachedRolePoliciesCommandInput,
    ): Iam.ListAttachedRolePoliciesResponse {
      const { items, page } = pageOf(requireRole(aws, input.RoleName).attachedPolicies, input);
      const AttachedPolicies = items.map(PolicyArn => ({
        PolicyName: PolicyArn.slice(PolicyArn.lastIndexOf('/') + 1),
        PolicyArn,
      }));
      return { AttachedPolicies, ...page };
    },
  };
}
