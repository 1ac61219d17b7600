// Another account of the embedded AWS, with a role in it that the product's functions may assume.
import { CreatePolicyCommand, CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { boundaryDocument } from '../../statemachine/boundary.ts';
import { boundaryPolicy, deniedActions } from '../../statemachine/settings.ts';
import { targetBoundary, targetRolePolicy, targetTrustPolicy } from '../../statemachine/target-role.ts';
import type { TestAccount } from './account.ts';

export const other = { account: '111122223333', region: 'eu-west-1' };
export const roleArn = `arn:aws:iam::${other.account}:role/ServiceProxyTarget`;
export const externalId = 'agreed-between-both';

/** What `--allow-target` says. */
export const targets = {
  regions: [other.region],
  roles: [{ roleArn, permissionsBoundary: targetBoundary(roleArn) }],
};

export const clientElsewhere = ({ client }: TestAccount) => ({
  ...client,
  region: other.region,
  credentials: { accessKeyId: other.account, secretAccessKey: 'test' },
});

const ofFunctions = 'arn:aws:iam::000000000000:role/service-proxy-functions/*';

/** As the construct `ServiceProxyTargetRole` makes it. */
export async function makeTargetRole(
  account: TestAccount,
  { trusted = ofFunctions, agreed = externalId } = {},
): Promise<void> {
  const iam = new IAMClient(clientElsewhere(account));
  const home = { partition: 'aws', account: '000000000000', trusted };
  const boundary = targetBoundary(roleArn);
  await iam.send(
    new CreatePolicyCommand({
      PolicyName: boundaryPolicy.name,
      Path: boundaryPolicy.path,
      PolicyDocument: JSON.stringify(boundaryDocument({ deny: deniedActions })),
    }),
  );
  const RoleName = 'ServiceProxyTarget';
  const AssumeRolePolicyDocument = JSON.stringify(targetTrustPolicy(home, agreed));
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const PolicyDocument = JSON.stringify(targetRolePolicy({ partition: 'aws', ...other, boundary }, []));
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'service-proxy', PolicyDocument }));
}

export async function makeTopicElsewhere(account: TestAccount, Name: string): Promise<void> {
  await new SNSClient(clientElsewhere(account)).send(new CreateTopicCommand({ Name }));
}

/** Every API and role of that account and region, for comparison. */
export const contentElsewhere = ({ aws }: TestAccount) =>
  Object.fromEntries(
    Object.entries(aws.store.content()).filter(([name]) =>
      /^111122223333\/(?:eu-west-1\/apigateway|iam)\//.test(name),
    ),
  );
