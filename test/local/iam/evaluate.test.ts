import {
  CreatePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  GetRoleCommand,
  IAMClient,
  ListRolesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { conditionsHold } from '../../../local/iam/conditions.ts';
import { applies } from '../../../local/iam/statements.ts';
import { matchesWildcard } from '../../../local/iam/wildcard.ts';
import { ServiceError } from '../../../local/service.ts';
import { allow, anAccount, deny, policy, trusting } from './account.ts';

const account = '000000000000';
const trust = trusting({ Service: 'apigateway.amazonaws.com' });

describe('what a role may do', () => {
  it('is nothing without a policy', async () => {
    const { as } = await anAccount();
    const client = await as([]);
    await expect(new IAMClient(client).send(new ListRolesCommand({}))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringMatching(
        /^User: arn:aws:sts::000000000000:assumed-role\/caller-\w+\/test is not authorized to perform: iam:ListRoles on resource: arn:aws:iam::000000000000:role\/ because no identity-based policy allows the iam:ListRoles action$/,
      ),
    });
    const identity = await new STSClient(client).send(new GetCallerIdentityCommand({}));
    expect(identity.Arn).toMatch(/assumed-role\/caller-\w+\/test$/);
    expect(identity.UserId).toMatch(/^AROA\w+:test$/);
  });

  it('is not what a Deny names, whatever else allows it', async () => {
    const { as } = await anAccount();
    const iam = new IAMClient(await as([allow('*'), deny('iam:List*')]));
    await expect(iam.send(new ListRolesCommand({}))).rejects.toMatchObject({
      message: expect.stringMatching(/with an explicit deny in an identity-based policy$/),
    });
    await iam.send(new CreateRoleCommand({ RoleName: 'x', AssumeRolePolicyDocument: trust }));
  });

  it('stays within its permissions boundary', async () => {
    const { iam, as } = await anAccount();
    const { Policy } = await iam.send(
      new CreatePolicyCommand({ PolicyName: 'boundary', PolicyDocument: policy(allow('iam:GetRole')) }),
    );
    const PermissionsBoundary = Policy?.Arn ?? '';
    const within = new IAMClient(await as([allow('iam:*')], { PermissionsBoundary }));
    await expect(within.send(new DeleteRoleCommand({ RoleName: 'x' }))).rejects.toMatchObject({
      message: expect.stringMatching(
        /iam:DeleteRole on resource: role x because no permissions boundary allows the iam:DeleteRole action$/,
      ),
    });
    await iam.send(new CreateRoleCommand({ RoleName: 'x', AssumeRolePolicyDocument: trust }));
    await within.send(new GetRoleCommand({ RoleName: 'x' }));
  });

  it('can be limited to creating roles with a boundary, a path and a tag', async () => {
    const { iam, as } = await anAccount();
    const { Policy } = await iam.send(
      new CreatePolicyCommand({ PolicyName: 'boundary', PolicyDocument: policy(allow('sns:*')) }),
    );
    const PermissionsBoundary = Policy?.Arn ?? '';
    const roles = `arn:aws:iam::${account}:role/service-proxy/*`;
    const limited = new IAMClient(
      await as([
        allow(['iam:CreateRole', 'iam:PutRolePolicy'], roles, {
          StringEquals: { 'iam:PermissionsBoundary': PermissionsBoundary },
        }),
        allow('iam:TagRole', roles, { StringEquals: { 'aws:RequestTag/owner': 'us' } }),
      ]),
    );
    const role = {
      RoleName: 'x',
      Path: '/service-proxy/',
      AssumeRolePolicyDocument: trust,
      PermissionsBoundary,
      Tags: [{ Key: 'owner', Value: 'us' }],
    };
    const refused = { name: 'AccessDenied' };
    const { PermissionsBoundary: _, ...unbounded } = role;
    await expect(limited.send(new CreateRoleCommand(unbounded))).rejects.toMatchObject(refused);
    await expect(limited.send(new CreateRoleCommand({ ...role, Path: '/' }))).rejects.toMatchObject(refused);
    const foreign = { ...role, Tags: [{ Key: 'owner', Value: 'them' }] };
    await expect(limited.send(new CreateRoleCommand(foreign))).rejects.toMatchObject(refused);
    await limited.send(new CreateRoleCommand(role));

    const put = { PolicyName: 'p', PolicyDocument: policy(allow('sns:Publish')) };
    await limited.send(new PutRolePolicyCommand({ RoleName: 'x', ...put }));
    await iam.send(new CreateRoleCommand({ ...unbounded, RoleName: 'free' }));
    await expect(limited.send(new PutRolePolicyCommand({ RoleName: 'free', ...put }))).rejects.toMatchObject(
      refused,
    );
  });

  it('does not reach a role under a path by its bare name once the role is gone', async () => {
    const { iam, as } = await anAccount();
    const limited = new IAMClient(await as([allow('iam:GetRole', `arn:aws:iam::${account}:role/mine/*`)]));
    const role = { RoleName: 'x', Path: '/mine/', AssumeRolePolicyDocument: trust };
    await iam.send(new CreateRoleCommand(role));
    await limited.send(new GetRoleCommand({ RoleName: 'x' }));
    await iam.send(new DeleteRoleCommand({ RoleName: 'x' }));
    await expect(limited.send(new GetRoleCommand({ RoleName: 'x' }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });
});

describe('assuming a role', () => {
  it('takes a trust policy that names the service', async () => {
    const { aws, iam } = await anAccount();
    const { Role } = await iam.send(
      new CreateRoleCommand({ RoleName: 'x', AssumeRolePolicyDocument: trust }),
    );
    const arn = Role?.Arn ?? '';
    expect(aws.assumeRole(arn, 'apigateway.amazonaws.com', 's')).toMatchObject({
      accessKeyId: expect.stringMatching(/^ASIA/),
    });
    expect(() => aws.assumeRole(arn, 'lambda.amazonaws.com', 's')).toThrow(ServiceError);
    expect(() => aws.assumeRole(`${arn}y`, 'apigateway.amazonaws.com', 's')).toThrow(/sts:AssumeRole/);
  });

  it('tells a trust policy the account for services that say so, which API Gateway does not', async () => {
    const { aws, iam } = await anAccount();
    const principals = ['apigateway.amazonaws.com', 'states.amazonaws.com'];
    const trusted = async (RoleName: string, operator: string) => {
      const Condition = { [operator]: { 'aws:SourceAccount': aws.account } };
      const trust = {
        Effect: 'Allow',
        Principal: { Service: principals },
        Action: 'sts:AssumeRole',
        Condition,
      };
      const { Role } = await iam.send(
        new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: policy(trust) }),
      );
      return principals.filter(principal => {
        try {
          return aws.assumeRole(Role?.Arn ?? '', principal, 's');
        } catch {
          return false;
        }
      });
    };
    expect(await trusted('hard', 'StringEquals')).toEqual(['states.amazonaws.com']);
    expect(await trusted('soft', 'StringEqualsIfExists')).toEqual(principals);
  });
});

describe('a statement', () => {
  const context = { 'aws:principaltag/team': 'red', 'aws:tagkeys': ['a', 'b'], 'aws:sourceip': '1.2.3.4' };
  const speaks = (statement: object, action: string, resource: string) =>
    applies({ Effect: 'Allow', ...statement }, { action, resource, context });

  it('covers actions without regard to case and resources with it', () => {
    expect(speaks({ Action: 'SNS:list*', Resource: '*' }, 'sns:ListTopics', 'x')).toBe(true);
    expect(speaks({ Action: 'sns:*', Resource: 'arn:A' }, 'sns:ListTopics', 'arn:a')).toBe(false);
    expect(speaks({ NotAction: 'iam:*', Resource: '*' }, 'iam:GetRole', 'x')).toBe(false);
    expect(speaks({ Action: '*', NotResource: 'a*' }, 'sns:Publish', 'b')).toBe(true);
  });

  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: IAM's own variables.
  it('fills in policy variables, and matches nothing where one has no value', () => {
    const to = (Resource: string) =>
      speaks({ Action: '*', Resource }, 's3:GetObject', 'arn:aws:s3:::b/red/k');
    expect(to('arn:aws:s3:::b/${aws:PrincipalTag/team}/*')).toBe(true);
    expect(to('arn:aws:s3:::b/${aws:PrincipalTag/none}*')).toBe(false);
  });
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: IAM's own variables.

  it.each([
    [{ StringEquals: { 'aws:PrincipalTag/Team': ['blue', 'red'] } }, true],
    [{ StringNotEquals: { 'aws:PrincipalTag/team': ['blue', 'red'] } }, false],
    [{ StringEquals: { 'aws:SourceAccount': '1' } }, false],
    [{ StringEqualsIfExists: { 'aws:SourceAccount': '1' } }, true],
    [{ StringNotEquals: { 'aws:SourceAccount': '1' } }, true],
    [{ Null: { 'aws:SourceAccount': 'true' } }, true],
    [{ Null: { 'aws:PrincipalTag/team': 'true' } }, false],
    [{ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b', 'c'] } }, true],
    [{ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] } }, false],
    [{ 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['b'] } }, true],
    [{ 'ForAnyValue:StringLike': { 'aws:TagKeys': ['z*'] } }, false],
    [{ IpAddress: { 'aws:SourceIp': '1.2.0.0/16' } }, true],
    [{ NotIpAddress: { 'aws:SourceIp': '1.2.0.0/16' } }, false],
  ])('holds by its condition %j: %s', (block, expected) => {
    expect(conditionsHold(block, context)).toBe(expected);
  });

  it('matches wildcards in a time that does not explode', () => {
    expect(matchesWildcard('arn:*:sns:*:t?pic', 'arn:aws:sns:us-east-1:1:topic')).toBe(true);
    expect(matchesWildcard(`${'*a'.repeat(30)}b`, 'a'.repeat(5000))).toBe(false);
  });
});
