// The sweep: finds dead executions, orphans and drift, and removes only orphans, and only when asked to.
import { beforeEach, describe, expect, it } from 'vitest';
import { trustPolicy } from '../../core/policy.ts';
import { rolePath } from '../../core/role.ts';
import { longestPause } from '../../handlers/locks.ts';
import { type SweepReport, sweep } from '../../handlers/sweep.ts';
import { inputFor, publish, route } from '../simulation/inputs.ts';
import { type Account, executionArn, openAccount } from './account.ts';
import { run } from './course.ts';

const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:ServiceProxyProvisioning';
const owned = (by: string) => ({ 'service-proxy:execution': by });

let account: Account;
beforeEach(() => {
  account = openAccount();
});

const look = (more: object = {}) =>
  sweep.run({ stateMachineArn, ...more }, account.clients('Sweep')) as Promise<SweepReport>;
const nothing = { finishing: [], orphans: [], removed: [], drift: [], unreachable: [] };
const other = (operation: string, input: object) => account.asOther('apigateway', operation, input);

async function makeRole(
  RoleName: string,
  tags: Record<string, string>,
  Path = rolePath,
  PermissionsBoundary = account.settings.permissionsBoundary,
) {
  await account.asOther('iam', 'CreateRole', {
    RoleName,
    Path,
    PermissionsBoundary,
    AssumeRolePolicyDocument: trustPolicy({ account: '000000000000', partition: 'aws', region: 'us-east-1' }),
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  });
}

describe('a sweep', () => {
  it('finds nothing where there is nothing, and nothing where all is as it should be', async () => {
    expect(await look()).toEqual(nothing);
    await run(account, 'one', inputFor({ name: 'A' }));
    await run(account, 'two', inputFor({ name: 'A' }, [route('/p', 'ListSubscriptions'), publish]));
    expect(await look({ remove: true })).toEqual(nothing);
  });

  it('has dead executions finished, and leaves those alone that run or are paused', async () => {
    const names = ['dead', 'running', 'paused', 'forgotten', 'undated'];
    for (const name of names) await run(account, name, inputFor({ name }), 'CreateRestApi');
    const stopDate = new Date(account.now);
    const cause = '{"status":"PAUSED"}';
    account.executions.set(executionArn('dead'), { status: 'ABORTED', stopDate });
    account.executions.set(executionArn('running'), { status: 'RUNNING' });
    account.executions.set(executionArn('paused'), { status: 'FAILED', cause, stopDate });
    account.executions.set(executionArn('undated'), { status: 'FAILED', cause });
    const long = new Date(account.now - longestPause - 1);
    account.executions.set(executionArn('forgotten'), { status: 'FAILED', cause, stopDate: long });
    const { finishing, orphans, drift } = await look();
    const command = (name: string) => `service-proxy rollback ${executionArn(name)}`;
    expect(finishing).toEqual(
      ['dead', 'forgotten', 'undated'].map(name => ({
        execution: executionArn(name),
        command: command(name),
      })),
    );
    expect([orphans, drift]).toEqual([[], []]);
    expect(account.started.map(({ name, input }) => [name, input])).toEqual(
      ['dead', 'forgotten', 'undated'].map(name => [name, JSON.stringify({ execution: executionArn(name) })]),
    );
    for (const { name = '' } of account.started)
      account.executions.set(executionArn(name, 'ServiceProxyRollback'), { status: 'RUNNING' });
    // Asked for again it is started no second time.
    expect((await look()).finishing).toHaveLength(3);
    expect(account.started).toHaveLength(3);
  });

  it('keeps a paused execution for seven days, to the millisecond', async () => {
    account.isInstant = true;
    await run(account, 'paused', inputFor({ name: 'A' }), 'CreateRestApi');
    const stopDate = new Date(account.now - longestPause);
    account.executions.set(executionArn('paused'), {
      status: 'FAILED',
      cause: '{"status":"PAUSED"}',
      stopDate,
    });
    expect((await look()).finishing).toEqual([]);
    account.now += 1;
    expect((await look()).finishing).toHaveLength(1);
  });

  it('finds things with our tag that no record names, and takes them away only where it is asked to', async () => {
    const orphan = await other('CreateRestApi', { name: 'lost', tags: owned('gone') });
    await other('CreateRestApi', { name: 'theirs', tags: { team: 'x' } });
    await makeRole('service-proxy-lost', owned('gone'));
    await makeRole('service-proxy-of-another-region', owned('not-ours'));
    account.executions.set(executionArn('gone'), { status: 'SUCCEEDED' });
    await makeRole('service-proxy-theirs', {});
    await makeRole('service-proxy-elsewhere', owned('gone'), '/');
    await run(account, 'served', inputFor({ name: 'A' }));
    const orphans = [`REST API lost (${orphan.id})`, 'role service-proxy-lost'];
    const before = account.content();
    expect(await look()).toEqual({ ...nothing, orphans });
    expect(account.content()).toEqual(before);
    expect(await look({ remove: true })).toEqual({ ...nothing, orphans, removed: orphans });
    expect(await look()).toEqual(nothing);
    const left = [...account.content().keys()].filter(
      key => /lost/.test(key) || key.includes(`${orphan.id}`),
    );
    expect(left).toEqual([]);
  });

  it('leaves to an execution what it is about to settle', async () => {
    await run(account, 'running', inputFor({ name: 'A' }), 'CreateRestApi');
    account.executions.set(executionArn('running'), { status: 'RUNNING' });
    expect(await look({ remove: true })).toEqual(nothing);
    expect(account.started).toEqual([]);
  });

  it('finds what was changed by hand, thing by thing', async () => {
    const course = await run(
      account,
      'one',
      inputFor({ name: 'A' }, [route('/p'), route('/q'), route('/r'), route('/s')]),
    );
    const restApiId = course.outputs.CreateRestApi?.restApiId;
    const { items = [] } = (await other('GetResources', { restApiId })) as {
      items?: { path: string; id: string }[];
    };
    const target = (path: string) => ({
      restApiId,
      resourceId: items.find(one => one.path === path)?.id,
      httpMethod: 'GET',
    });
    await other('DeleteMethod', target('/p'));
    await other('UpdateIntegration', {
      ...target('/s'),
      patchOperations: [{ op: 'add', path: '/requestTemplates/application~1json', value: '{}' }],
    });
    await other('UpdateIntegration', {
      ...target('/q'),
      patchOperations: [
        { op: 'replace', path: '/credentials', value: 'arn:aws:iam::000000000000:role/theirs' },
      ],
    });
    await other('UpdateMethod', {
      ...target('/r'),
      patchOperations: [{ op: 'replace', path: '/operationName', value: 'Other' }],
    });
    const deployment = await other('CreateDeployment', { restApiId });
    const patchOperations = [{ op: 'replace', path: '/deploymentId', value: deployment.id }];
    await other('UpdateStage', { restApiId, stageName: 'test', patchOperations });
    const roles = (await account.asOther('iam', 'ListRoles', { PathPrefix: rolePath })) as {
      Roles: { RoleName: string }[];
    };
    const [RoleName, widened] = roles.Roles.map(one => one.RoleName).sort();
    const everything = { Effect: 'Allow', Action: 'sns:Publish', Resource: '*' };
    await account.asOther('iam', 'PutRolePolicy', {
      RoleName: widened,
      PolicyName: 'service-proxy',
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [everything] }),
    });
    await account.asOther('iam', 'UntagRole', { RoleName, TagKeys: ['service-proxy:execution'] });
    const at = `of REST API A (${restApiId})`;
    expect([...(await look({ remove: true })).drift].sort()).toEqual(
      [
        `method GET /p ${at} was deleted`,
        `method GET /q ${at} was changed`,
        `method GET /r ${at} was changed`,
        `method GET /s ${at} was changed`,
        `role ${RoleName} was deleted, or lost its tag`,
        `role ${widened} was changed: its trust or its permissions`,
        `stage test ${at} was deployed by somebody else`,
      ].sort(),
    );
    await other('DeleteStage', { restApiId, stageName: 'test' });
    expect((await look()).drift.at(-1)).toBe(`stage test ${at} was deleted`);
    await other('DeleteRestApi', { restApiId });
    expect((await look()).drift).toEqual([`REST API A (${restApiId}) was deleted`]);
  });

  it('finds gateway responses that were changed or deleted by hand', async () => {
    const cors = { origins: ['https://example.com'] };
    const course = await run(account, 'one', inputFor({ name: 'A' }, [{ ...route('/p'), cors }]));
    const restApiId = course.outputs.CreateRestApi?.restApiId;
    expect(await look({ remove: true })).toEqual(nothing);
    const at = `of REST API A (${restApiId})`;
    await other('PutGatewayResponse', { restApiId, responseType: 'DEFAULT_4XX', statusCode: '418' });
    await other('DeleteGatewayResponse', { restApiId, responseType: 'DEFAULT_5XX' });
    expect([...(await look()).drift].sort()).toEqual([
      `gateway response DEFAULT_4XX ${at} was changed`,
      `gateway response DEFAULT_5XX ${at} was deleted`,
    ]);
  });

  it('knows the roles that other stages than the last one use', async () => {
    await run(account, 'one', inputFor({ name: 'A' }, [route('/p')]));
    await run(account, 'two', inputFor({ name: 'A' }, [route('/p', 'ListSubscriptions')], 'prod'));
    expect(await look({ remove: true })).toEqual(nothing);
    const roles = (await account.asOther('iam', 'ListRoles', { PathPrefix: rolePath })) as {
      Roles: object[];
    };
    expect(roles.Roles).toHaveLength(2);
  });

  it('takes what it is not told for a look alone', async () => {
    expect(await sweep.run({}, account.clients('Sweep'))).toEqual(nothing);
  });
});
