// An embedded account with an IAM client, and sessions of roles made for a test.
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach } from 'vitest';
import { createEmbeddedAws, type EmbeddedAws } from '../../../local/embedded.ts';

const open: EmbeddedAws[] = [];
afterEach(async () => {
  for (const aws of open.splice(0)) await aws.close();
});

export async function anAccount() {
  const aws = await createEmbeddedAws({ seed: 1 });
  open.push(aws);
  const config = { region: aws.region, requestHandler: aws.requestHandler, maxAttempts: 1 };
  const root = { ...config, credentials: aws.credentials };
  const iam = new IAMClient(root);

  /** A client configuration that acts as a new role with this policy. */
  async function as(
    statements: readonly object[],
    role: { Path?: string; PermissionsBoundary?: string } = {},
  ) {
    const RoleName = `caller-${aws.ids.hex(4)}`;
    const { Role } = await iam.send(
      new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trusting({ AWS: aws.account }), ...role }),
    );
    if (statements.length > 0) {
      const PolicyDocument = policy(...statements);
      await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument }));
    }
    const { Credentials } = await new STSClient(root).send(
      new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: 'test' }),
    );
    const credentials = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
    return { ...config, credentials };
  }
  return { aws, iam, root, as };
}

export const policy = (...Statement: readonly object[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement });

export const trusting = (Principal: object) =>
  policy({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' });

export const allow = (Action: string | string[], Resource: string | string[] = '*', Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
});

export const deny = (Action: string, Resource = '*') => ({ Effect: 'Deny', Action, Resource });
