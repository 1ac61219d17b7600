// IAM's operations on the account's own managed policies, each with the one version it starts with.
import type * as Iam from '@aws-sdk/client-iam';
import type { Aws, Operation } from '../service.ts';
import {
  deleteConflict,
  entityAlreadyExists,
  limitExceeded,
  noSuchEntity,
  notImplemented,
} from './errors.ts';
import { type PolicyDocument, policies, type RoleDocument, roles, uniqueId } from './model.ts';
import { pageOf } from './paging.ts';
import { checkIdentityPolicy, encodePolicy, policySize } from './policy-document.ts';
import { checkDescription, checkName, checkPath, checkPolicyText, checkTags } from './validate.ts';

const policyLimit = 6144;
const onlyVersion = 'v1';

function requirePolicy(aws: Aws, arn = ''): PolicyDocument {
  if (arn.startsWith('arn:aws:iam::aws:policy/')) throw notImplemented('reading AWS managed policies');
  const policy = policies(aws).get(arn);
  if (!policy) throw noSuchEntity(`Policy ${arn} was not found.`);
  return policy;
}

const countRoles = (aws: Aws, isOne: (role: RoleDocument) => boolean) =>
  [...roles(aws).values()].filter(isOne).length;
const attachments = (aws: Aws, arn: string) => countRoles(aws, role => role.attachedPolicies.includes(arn));
const boundaries = (aws: Aws, arn: string) => countRoles(aws, role => role.permissionsBoundary === arn);

function describe(aws: Aws, policy: PolicyDocument): Iam.Policy {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: onlyVersion,
    AttachmentCount: attachments(aws, policy.arn),
    PermissionsBoundaryUsageCount: boundaries(aws, policy.arn),
    IsAttachable: true,
    CreateDate: new Date(policy.createdAt),
    UpdateDate: new Date(policy.createdAt),
  };
}

const describeVersion = (policy: PolicyDocument): Iam.PolicyVersion => ({
  VersionId: onlyVersion,
  IsDefaultVersion: true,
  CreateDate: new Date(policy.createdAt),
});

export function policyOperations(aws: Aws): Record<string, Operation> {
  return {
    CreatePolicy: (input: Iam.CreatePolicyCommandInput) => createPolicy(aws, input),

    GetPolicy(input: Iam.GetPolicyCommandInput): Iam.GetPolicyResponse {
      const policy = requirePolicy(aws, input.PolicyArn);
      const description = policy.description !== undefined && { Description: policy.description };
      return { Policy: { ...describe(aws, policy), ...description, Tags: [...policy.tags] } };
    },

    GetPolicyVersion(input: Iam.GetPolicyVersionCommandInput): Iam.GetPolicyVersionResponse {
      const policy = requirePolicy(aws, input.PolicyArn);
      if (input.VersionId !== onlyVersion) {
        throw noSuchEntity(
          `Policy ${policy.arn} version ${input.VersionId} does not exist or is not attachable.`,
        );
      }
      return { PolicyVersion: { ...describeVersion(policy), Document: encodePolicy(policy.document) } };
    },

    ListPolicyVersions(input: Iam.ListPolicyVersionsCommandInput): Iam.ListPolicyVersionsResponse {
      const { items, page } = pageOf([describeVersion(requirePolicy(aws, input.PolicyArn))], input);
      return { Versions: items, ...page };
    },

    DeletePolicy(input: Iam.DeletePolicyCommandInput): object {
      const { arn } = requirePolicy(aws, input.PolicyArn);
      if (attachments(aws, arn) + boundaries(aws, arn) > 0) {
        throw deleteConflict('Cannot delete a policy attached to entities.');
      }
      policies(aws).delete(arn);
      return {};
    },

    ListPolicies(input: Iam.ListPoliciesCommandInput): Iam.ListPoliciesResponse {
      if (input.Scope !== 'Local') throw notImplemented('iam:ListPolicies other than with Scope Local');
      const found = [...policies(aws).values()]
        .filter(({ path }) => path.startsWith(input.PathPrefix ?? '/'))
        .filter(({ arn }) => !input.OnlyAttached || attachments(aws, arn) > 0)
        .filter(({ arn }) => input.PolicyUsageFilter !== 'PermissionsBoundary' || boundaries(aws, arn) > 0);
      const { items, page } = pageOf(found, input);
      return { Policies: items.map(policy => describe(aws, policy)), ...page };
    },
  };
}

function createPolicy(aws: Aws, input: Iam.CreatePolicyCommandInput): Iam.CreatePolicyResponse {
  const name = checkName('policyName', input.PolicyName);
  const path = checkPath(input.Path ?? '/');
  const description = checkDescription(input.Description ?? '');
  const tags = checkTags(input.Tags);
  const document = checkPolicyText('policyDocument', input.PolicyDocument);
  checkIdentityPolicy(document);
  if (policySize(document) > policyLimit) {
    throw limitExceeded(`Cannot exceed quota for PolicySize: ${policyLimit}`);
  }
  const isSame = (other: PolicyDocument) => other.name.toLowerCase() === name.toLowerCase();
  if ([...policies(aws).values()].some(isSame)) {
    throw entityAlreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`);
  }
  const policy: PolicyDocument = {
    name,
    path,
    arn: `arn:${aws.partition}:iam::${aws.account}:policy${path}${name}`,
    id: uniqueId(aws, 'ANPA'),
    createdAt: aws.clock.now(),
    document,
    tags,
    ...(description && { description }),
  };
  policies(aws).set(policy.arn, policy);
  return { Policy: { ...describe(aws, policy), ...(tags.length > 0 && { Tags: [...tags] }) } };
}
