// What the functions are not let do with roles: whoever takes one over gets no more than a role within the boundary.
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  IAMClient,
  ListRolesCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { embeddedSettings } from '../../cli/embedded.ts';
import type { FunctionEnvironment } from '../../local/embedded.ts';
import { openAccount, type TestAccount } from '../scenarios/account.ts';
import { signed } from './inputs.ts';
import { documentOf, synthesisedPolicies } from './removals.ts';
import { clientsIn } from './slow.ts';

const boundary = embeddedSettings.permissionsBoundary ?? '';
const everything = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
});
const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: { AWS: 'arn:aws:iam::000000000000:root' },
    Action: 'sts:AssumeRole',
  },
});
const role = {
  RoleName: 'service-proxy-taken-over',
  Path: '/service-proxy/',
  AssumeRolePolicyDocument: trust,
  PermissionsBoundary: boundary,
};

let account: TestAccount;
let iam: IAMClient;
beforeAll(async () => {
  let environment: FunctionEnvironment | undefined;
  const policies = Object.entries(synthesisedPolicies()).map(([name, list]) => [name, documentOf(list)]);
  account = await openAccount([], {
    policies: Object.fromEntries(policies),
    runFunction(called, event, given, settings) {
      if (called.name === 'CreateRole') environment = given;
      return called.run(event, clientsIn(given, settings));
    },
  });
  expect((await account.run(signed)).status).toBe('SUCCEEDED');
  iam = new IAMClient({ ...account.client, ...(environment && { credentials: environment.credentials }) });
});
afterAll(() => account.aws.close());

const denied = { name: 'AccessDenied' };

describe('with the permissions of CreateRole', () => {
  it.each([
    ['without a boundary', { PermissionsBoundary: undefined }],
    ['with another boundary', { PermissionsBoundary: 'arn:aws:iam::aws:policy/AdministratorAccess' }],
    ['outside the path', { Path: '/' }],
    ['below a path that only begins like it', { Path: '/service-proxy-functions/' }],
  ])('no role is made %s', async (_, change) => {
    await expect(iam.send(new CreateRoleCommand({ ...role, ...change }))).rejects.toMatchObject(denied);
  });

  it('no role that was made without the boundary is given a policy', async () => {
    const { PermissionsBoundary: _, ...unbounded } = role;
    const RoleName = 'service-proxy-of-others';
    await new IAMClient(account.client).send(new CreateRoleCommand({ ...unbounded, RoleName }));
    const policy = { RoleName, PolicyName: 'p', PolicyDocument: everything };
    await expect(iam.send(new PutRolePolicyCommand(policy))).rejects.toMatchObject(denied);
  });

  it('no function is given a policy, and no role another boundary, trust or managed policy', async () => {
    const { RoleName } = role;
    await iam.send(new CreateRoleCommand(role));
    const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
    const PermissionsBoundary = PolicyArn;
    const tried = [
      iam.send(
        new PutRolePolicyCommand({
          RoleName: 'service-proxy-CreateRole',
          PolicyName: 'p',
          PolicyDocument: everything,
        }),
      ),
      iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName })),
      iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary })),
      iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn })),
      iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trust })),
    ];
    const answers = await Promise.allSettled(tried);
    expect(answers).toEqual(
      tried.map(() => expect.objectContaining({ reason: expect.objectContaining(denied) })),
    );
  });

  it('a role that is made may do nothing that the boundary denies, whatever its policy says', async () => {
    await iam.send(
      new PutRolePolicyCommand({ RoleName: role.RoleName, PolicyName: 'p', PolicyDocument: everything }),
    );
    const RoleArn = `arn:aws:iam::000000000000:role/service-proxy/${role.RoleName}`;
    const { Credentials } = await new STSClient(account.client).send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: 'taken-over' }),
    );
    const credentials = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
    const taken = new IAMClient({ ...account.client, credentials });
    await expect(taken.send(new ListRolesCommand())).rejects.toMatchObject({
      ...denied,
      message: expect.stringContaining('explicit deny in a permissions boundary'),
    });
  });
});
