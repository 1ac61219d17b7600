import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  GetRestApisCommand,
  PutIntegrationCommand,
  PutMethodCommand,
} from '@aws-sdk/client-api-gateway';
import { CreateRoleCommand, IAMClient, ListRolesCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, it } from 'vitest';
import { createEmbeddedAws } from '../../local/embedded.ts';

const other = '111122223333';
const aws = await createEmbeddedAws({ seed: 1 });
const endpoint = 'http://embedded.localhost';
const home = {
  endpoint,
  region: 'us-east-1',
  credentials: aws.credentials,
  requestHandler: aws.requestHandler,
  maxAttempts: 1,
};
const elsewhere = { ...home, credentials: { accessKeyId: other, secretAccessKey: 'test' } };

const roleIn = (account: string, name: string) => `arn:aws:iam::${account}:role/${name}`;
const document = (Statement: object) => JSON.stringify({ Version: '2012-10-17', Statement });
const trusting = (AWS: string, Condition?: object) =>
  document({
    Effect: 'Allow',
    Principal: { AWS },
    Action: 'sts:AssumeRole',
    ...(Condition && { Condition }),
  });

async function sessionOf(client: typeof home, RoleArn: string, given: { ExternalId?: string } = {}) {
  const command = new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session', ...given });
  const { Credentials: made } = await new STSClient(client).send(command);
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = made ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

it('keeps APIs by account and region, and roles by account', async () => {
  const iam = new IAMClient(elsewhere);
  await iam.send(new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: trusting(other) }));
  for (const region of ['us-east-1', 'eu-west-1'])
    await new APIGatewayClient({ ...elsewhere, region }).send(new CreateRestApiCommand({ name: region }));
  const names = async (client: typeof home) =>
    (await new APIGatewayClient(client).send(new GetRestApisCommand({}))).items?.map(({ name }) => name);
  expect(await names(elsewhere)).toEqual(['us-east-1']);
  expect(await names({ ...elsewhere, region: 'eu-west-1' })).toEqual(['eu-west-1']);
  expect(await names(home)).toEqual([]);
  const roles = async (client: typeof home) =>
    (await new IAMClient(client).send(new ListRolesCommand({}))).Roles;
  expect((await roles({ ...elsewhere, region: 'eu-west-1' }))?.map(({ Arn }) => Arn)).toEqual([
    roleIn(other, 'r'),
  ]);
  expect(await roles(home)).toEqual([]);
});

it('lets a role of another account be assumed by whom it trusts, and whose own policies allow it', async () => {
  const trust = trusting('arn:aws:iam::000000000000:root', {
    StringEquals: { 'sts:ExternalId': 'agreed-upon' },
  });
  await new IAMClient(elsewhere).send(
    new CreateRoleCommand({ RoleName: 'target', AssumeRolePolicyDocument: trust }),
  );
  const iam = new IAMClient(home);
  const RoleName = 'caller';
  const AssumeRolePolicyDocument = trusting('arn:aws:iam::000000000000:root');
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const caller = { ...home, credentials: await sessionOf(home, roleIn('000000000000', RoleName)) };
  const target = roleIn(other, 'target');
  await expect(sessionOf(caller, target, { ExternalId: 'agreed-upon' })).rejects.toThrow(
    `assumed-role/caller/session is not authorized to perform: sts:AssumeRole on resource: ${target}`,
  );
  const PolicyDocument = document({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: target });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'assume', PolicyDocument }));
  await expect(sessionOf(caller, target)).rejects.toThrow('not authorized to perform: sts:AssumeRole');
  const credentials = await sessionOf(caller, target, { ExternalId: 'agreed-upon' });
  const sts = new STSClient({ ...home, credentials });
  expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: other,
    Arn: `arn:aws:sts::${other}:assumed-role/target/session`,
  });
});

it('is there again after a restart, and serves what was deployed in it', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'places-'));
  const openThere = async () => {
    const opened = await createEmbeddedAws({ dataDir });
    const gateway = new APIGatewayClient({
      ...elsewhere,
      region: 'eu-west-1',
      requestHandler: opened.requestHandler,
    });
    return { opened, gateway };
  };
  const first = await openThere();
  const { id: restApiId, rootResourceId: resourceId } = await first.gateway.send(
    new CreateRestApiCommand({ name: 'kept' }),
  );
  const method = { restApiId, resourceId, httpMethod: 'GET' };
  await first.gateway.send(new PutMethodCommand({ ...method, authorizationType: 'NONE' }));
  await first.gateway.send(new PutIntegrationCommand({ ...method, type: 'MOCK' }));
  await first.gateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'test' }));
  await first.opened.close();
  const { opened, gateway } = await openThere();
  expect((await gateway.send(new GetRestApisCommand({}))).items).toMatchObject([{ id: restApiId }]);
  const url = opened.invokeUrl.replace('{api}', restApiId ?? '').replace('{stage}{path}', 'test/');
  // The route is found: a mock without a template is an error of its own, not a missing route.
  expect((await opened.http({ method: 'GET', url, headers: {} })).status).toBe(500);
  await opened.close();
  rmSync(dataDir, { recursive: true });
});

it('has executions in its own account alone, and says so', async () => {
  const listed = new SFNClient(elsewhere).send(new ListStateMachinesCommand({}));
  await expect(listed).rejects.toMatchObject({
    name: 'NotImplemented',
    message: expect.stringContaining(`states in us-east-1 of account ${other}`),
  });
});
