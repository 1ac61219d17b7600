// Customer managed policies, with the one version they start with.
import type { CreatePolicyRequest, Policy } from '@aws-sdk/client-iam';
import type { Aws, Operation } from '../service.ts';
import { checkDocument, encoded } from './documents.ts';
import { alreadyExists, deleteConflict, noSuchEntity } from './errors.ts';
import { managedPolicyDocument } from './managed-policies.ts';
import { type PolicyDocument, policies, roles, type Tag, uniqueId } from './model.ts';
import { page } from './paging.ts';

function requirePolicy(aws: Aws, arn: string): PolicyDocument {
  const policy = policies(aws).get(arn);
  if (!policy) throw noSuchEntity(`Policy ${arn} was not found.`);
  return policy;
}

const attachments = (aws: Aws, arn: string) =>
  [...roles(aws).values()].filter(({ attachedPolicies }) => attachedPolicies.includes(arn)).length;

function describe(aws: Aws, policy: PolicyDocument): Policy {
  const created = new Date(policy.createdAt);
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: 'v1',
    AttachmentCount: attachments(aws, policy.arn),
    PermissionsBoundaryUsageCount: [...roles(aws).values()].filter(
      role => role.permissionsBoundary === policy.arn,
    ).length,
    IsAttachable: true,
    ...(policy.description !== undefined && { Description: policy.description }),
    CreateDate: created,
    UpdateDate: created,
  };
}

export const policyOperations: Readonly<Record<string, Operation>> = {
  CreatePolicy(input: CreatePolicyRequest, { aws }) {
    const { PolicyName: name = '', Path: path = '/', PolicyDocument: document = '', Tags: tags = [] } = input;
    checkDocument(document, 'identity');
    const arn = `arn:${aws.partition}:iam::${aws.account}:policy${path}${name}`;
    if (policies(aws).has(arn))
      throw alreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`);
    const policy: PolicyDocument = {
      name,
      id: uniqueId(aws, 'ANPA'),
      path,
      arn,
      createdAt: aws.clock.now(),
      ...(input.Description !== undefined && { description: input.Description }),
      document,
      tags: tags as readonly Tag[],
    };
    policies(aws).set(arn, policy);
    return { Policy: describe(aws, policy) };
  },
  GetPolicy: ({ PolicyArn }: { PolicyArn: string }, { aws }) => ({
    Policy: describe(aws, requirePolicy(aws, PolicyArn)),
  }),
  GetPolicyVersion({ PolicyArn, VersionId }: { PolicyArn: string; VersionId: string }, { aws }) {
    const document = managedPolicyDocument(aws, PolicyArn);
    if (document === undefined || VersionId !== 'v1') {
      throw noSuchEntity(`Policy ${PolicyArn} version ${VersionId} does not exist or is not attachable.`);
    }
    const created = policies(aws).get(PolicyArn)?.createdAt ?? 0;
    return {
      PolicyVersion: {
        Document: encoded(document),
        VersionId,
        IsDefaultVersion: true,
        CreateDate: new Date(created),
      },
    };
  },
  DeletePolicy({ PolicyArn }: { PolicyArn: string }, { aws }) {
    requirePolicy(aws, PolicyArn);
    if (attachments(aws, PolicyArn) > 0) throw deleteConflict('Cannot delete a policy attached to entities.');
    policies(aws).delete(PolicyArn);
    return {};
  },
  ListPolicies({ PathPrefix = '/', ...listing }: { PathPrefix?: string }, { aws }) {
    const found = [...policies(aws).values()].filter(({ path }) => path.startsWith(PathPrefix));
    return page(
      'Policies',
      found.map(policy => describe(aws, policy)),
      listing,
    );
  },
};
