// APIs in another account and region: made through a role that is assumed there, rolled back, removed, and refused.
import {
  APIGatewayClient,
  CreateRestApiCommand,
  DeleteRestApiCommand,
  GetRestApisCommand,
} from '@aws-sdk/client-api-gateway';
import { IAMClient, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { afterEach, expect, it } from 'vitest';
import { finishExecution } from '../../cli/finish-execution.ts';
import { invokeFunction } from '../../cli/invoke-function.ts';
import { exitCodeOf } from '../../cli/outcome.ts';
import type { Fault } from '../../local/embedded.ts';
import { openAccount, type TestAccount, walkthroughInput } from './account.ts';
import {
  clientElsewhere,
  contentElsewhere,
  externalId,
  makeTargetRole,
  makeTopicElsewhere,
  other,
  roleArn,
  targets,
} from './elsewhere.ts';
import { runUntil } from './interrupted.ts';

let account: TestAccount;
const open = async (faults: readonly Fault[] = []) => {
  account = await openAccount(faults, { targets });
};
afterEach(() => account.aws.close());

const input = { ...walkthroughInput, target: { roleArn, region: other.region, externalId } };
const get = async (url: string) => account.aws.http({ method: 'GET', url, headers: {} });
const apisElsewhere = async () =>
  (await new APIGatewayClient(clientElsewhere(account)).send(new GetRestApisCommand({}))).items ?? [];

const sweep = (remove = false) =>
  invokeFunction(account.engine, 'Sweep', { stateMachineArn: account.engine.stateMachineArn, remove });
const inOrder = { finishing: [], orphans: [], removed: [], drift: [], unreachable: [] };

it('serves an API of another account and region, beside one of the same name at home, and removes it', async () => {
  await open();
  await makeTargetRole(account);
  await makeTopicElsewhere(account, 'far-away');
  const before = contentElsewhere(account);
  const atHome = account.content();
  const made = await account.run(input);
  expect(made).toMatchObject({ status: 'SUCCEEDED' });
  const [route] = 'routes' in made ? (made.routes as { url: string; roleArn: string }[]) : [];
  expect(route?.roleArn).toContain(`arn:aws:iam::${other.account}:role/service-proxy/`);
  const answer = await get(route?.url ?? '');
  expect(answer).toMatchObject({ status: 200 });
  expect(answer.body).toContain(`arn:aws:sns:${other.region}:${other.account}:far-away`);
  expect(account.content()).toEqual(atHome);

  // The same name at home is another API, and the ledger keeps them apart.
  const home = await account.run(walkthroughInput);
  expect(home).toMatchObject({
    status: 'SUCCEEDED',
    created: expect.arrayContaining(['REST API MyDemoAPI']),
  });
  const again = await account.run(input);
  expect(again).toMatchObject({ status: 'SUCCEEDED', created: [] });
  expect(await account.run({ ...walkthroughInput, operation: 'remove' })).toMatchObject({
    status: 'SUCCEEDED',
  });
  expect(await get(route?.url ?? '')).toMatchObject({ status: 200 });
  expect(await account.run({ ...input, operation: 'remove' })).toMatchObject({ status: 'SUCCEEDED' });
  expect(contentElsewhere(account)).toEqual(before);
  expect(account.content()).toEqual(atHome);
});

it('puts the other account back as it was when it fails', async () => {
  await open([{ service: 'apigateway', operation: 'CreateDeployment', kind: 'denied' }]);
  await makeTargetRole(account);
  const before = contentElsewhere(account);
  const failed = await account.run(input);
  expect(failed).toMatchObject({ status: 'FAILED', failedState: 'CreateDeployment', notRolledBack: [] });
  expect(contentElsewhere(account)).toEqual(before);
});

it('has one that was stopped rolled back where it was, and another one resumed there', async () => {
  await open([{ service: 'apigateway', operation: 'CreateDeployment', kind: 'denied', attempts: [1] }]);
  await makeTargetRole(account);
  const before = contentElsewhere(account);
  const stopped = await runUntil(account, input, 'PutIntegration', 'left');
  expect(contentElsewhere(account)).not.toEqual(before);
  const finished = await finishExecution(account.engine, stopped, () => {});
  expect(finished).toMatchObject({ status: 'ROLLED_BACK', notRolledBack: [] });
  expect(contentElsewhere(account)).toEqual(before);

  const paused = await account.run({ ...input, onFailure: 'PAUSE' });
  expect(paused).toMatchObject({ status: 'PAUSED', failedState: 'CreateDeployment' });
  const { target: _, ...withoutTarget } = input;
  const resume = paused.executionArn;
  expect(await account.run({ ...withoutTarget, resume })).toMatchObject({ failedState: 'PlanChanges' });
  expect(await account.run({ ...input, resume })).toMatchObject({ status: 'SUCCEEDED' });
  expect(await apisElsewhere()).toHaveLength(1);
});

it('changes nothing, and says why, where the role may not be assumed', async () => {
  await open();
  await makeTargetRole(account, { trusted: 'arn:aws:iam::000000000000:role/somebody-else' });
  const before = contentElsewhere(account);
  const refused = await account.run(input);
  expect(refused).toMatchObject({ status: 'FAILED', failedState: 'PlanChanges', error: 'Refused' });
  expect('cause' in refused && refused.cause).toMatch(
    /AssumeRole on .*ServiceProxyTarget.*let the role trust/s,
  );
  expect(exitCodeOf(refused)).toBe(2);
  expect(contentElsewhere(account)).toEqual(before);
  const wrongId = { ...input, target: { ...input.target, externalId: 'guessed' } };
  expect(await account.run(wrongId)).toMatchObject({ failedState: 'PlanChanges', error: 'Refused' });
});

it('makes no call for a role or region that the configuration does not allow', async () => {
  await open();
  const calls: string[] = [];
  account.aws.onCall(
    ({ service, operation }) => void (service !== 'states' && calls.push(`${service}:${operation}`)),
  );
  const notAllowed = [
    [{ roleArn: `${roleArn}2`, region: other.region }, '$.target.roleArn'],
    [{ roleArn, region: 'eu-west-2' }, '$.target.region'],
    [{ region: 'eu-west-2' }, '$.target.region'],
    [{ region: other.region, externalId }, '$.target.externalId'],
    [{}, '$.target: must have 1 or more members'],
    [{ roleArn, externalId: 'not accepted' }, '$.target.externalId: has characters'],
  ] as const;
  for (const [target, path] of notAllowed) {
    const refused = await account.run({ ...input, target });
    expect(refused).toMatchObject({ failedState: 'PlanChanges', error: 'InvalidInput' });
    expect('cause' in refused && refused.cause).toContain(path);
    expect(exitCodeOf(refused)).toBe(2);
  }
  expect(calls).toEqual([]);
});

it('needs no role in another region of the same account, whose roles no sweep takes for orphans', async () => {
  await open();
  const made = await account.run({ ...walkthroughInput, target: { region: other.region } });
  expect(made).toMatchObject({ status: 'SUCCEEDED' });
  const there = new APIGatewayClient({ ...account.client, region: other.region });
  expect((await there.send(new GetRestApisCommand({}))).items).toHaveLength(1);
  expect(await sweep(true)).toEqual(inOrder);
});

it('is swept where APIs were placed, and says where it could not look', async () => {
  await open();
  await makeTargetRole(account);
  expect(await account.run(input)).toMatchObject({ status: 'SUCCEEDED' });
  // Another deployment's API is nobody's orphan but its own.
  const tags = { 'service-proxy:execution': 'of-another-deployment' };
  await new APIGatewayClient(clientElsewhere(account)).send(
    new CreateRestApiCommand({ name: 'theirs', tags }),
  );
  expect(await sweep(true)).toEqual(inOrder);
  const api = (await apisElsewhere()).find(({ name }) => name === 'MyDemoAPI');
  const there = new APIGatewayClient(clientElsewhere(account));
  await there.send(new DeleteRestApiCommand({ restApiId: api?.id }));
  const drift = [`REST API MyDemoAPI (${api?.id}) was deleted in ${other.account}/${other.region}`];
  expect(await sweep()).toEqual({ ...inOrder, drift });
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole' }],
  });
  const iam = new IAMClient(clientElsewhere(account));
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'ServiceProxyTarget', PolicyDocument }));
  const unreachable = [expect.stringMatching(/^111122223333\/eu-west-1: .*AssumeRole/)];
  expect(await sweep()).toEqual({ ...inOrder, unreachable });
});
