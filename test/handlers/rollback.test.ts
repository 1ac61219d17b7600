// The way back, state by state: what each takes away, in which order, what it must not touch, and what is said to be left.
import { beforeEach, describe, expect, it } from 'vitest';
import type { StepOutputs } from '../../core/execution.ts';
import { acquireLock, loadExecution, recordMade } from '../../handlers/ledger.ts';
import { locksOf } from '../../handlers/locks.ts';
import { takeInventory } from '../../handlers/take-inventory.ts';
import { differences } from '../simulation/content.ts';
import { inputFor, publish, route } from '../simulation/inputs.ts';
import { type Account, openAccount } from './account.ts';
import { type Course, rollBack, run, runState } from './course.ts';

const named = { name: 'A' };
const pool = 'arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_one';

let account: Account;
beforeEach(() => {
  account = openAccount();
});

const refuse = (pattern: RegExp) => {
  account.meet = (_, call) => (pattern.test(call) ? 'denied' : undefined);
};
const allow = () => {
  account.meet = () => undefined;
};

const rolledBack = ({ outputs }: Course) =>
  Object.entries(outputs).flatMap(([state, output]) =>
    'rolledBack' in output ? (output.rolledBack as string[]).map(line => `${state}: ${line}`) : [],
  );

const changedSince = (before: ReturnType<Account['content']>) =>
  differences(before, account.content()).map(({ key }) => key);

const whats = ({ left }: StepOutputs['TakeInventory']) => left.map(({ what }) => what);

/** An API of ours that serves /p; what changes it and adds to it. */
const before = inputFor(named, [route('/p')]);
const more = inputFor(named, [
  route('/p', 'ListSubscriptions'),
  { ...publish, authorization: { type: 'COGNITO_USER_POOLS', arn: pool } },
]);

async function idsOf(name: string) {
  const { made, plan } = await loadExecution(account.clients(), name);
  const id = (thing: string) => [...made].find(([key]) => key.startsWith(thing))?.[1].id;
  const restApi = plan && 'id' in plan.restApi ? plan.restApi.id : undefined;
  return { api: restApi ?? id('restApi'), deployment: id('deployment'), model: plan?.routes[1]?.model?.name };
}

describe('the rollback of an execution', () => {
  it('that made an API takes it away whole, with its roles and locks, and nothing is left', async () => {
    const empty = account.content();
    const course = await run(account, 'one', inputFor(named), 'RecordOutcome');
    const { api, deployment } = await idsOf('one');
    expect(await rollBack(account, course)).toEqual({ left: [] });
    expect(changedSince(empty)).toEqual([]);
    const { made } = await loadExecution(account.clients(), 'one');
    expect(made.size).toBe(0);
    const roles = rolledBack(course).filter(line => line.startsWith('DeleteRole'));
    expect(roles).toHaveLength(2);
    expect(rolledBack(course).filter(line => !line.startsWith('DeleteRole'))).toEqual([
      'RestoreRecord: record A',
      'RestoreDeployment: stage test',
      `RestoreDeployment: deployment ${deployment}`,
      `DeleteRestApi: REST API A (${api})`,
      `ReleaseLock: lock of api ${api}`,
      'ReleaseLock: lock of name A',
    ]);
  });

  it('that changed an API puts everything back, from the stage to the role', async () => {
    await run(account, 'before', before);
    const was = account.content();
    const course = await run(account, 'next', more, 'RecordOutcome');
    expect(course.failure).toBeUndefined();
    const { deployment, model } = await idsOf('next');
    const { plan } = await loadExecution(account.clients(), 'next');
    expect(await rollBack(account, course)).toEqual({ left: [] });
    expect(changedSince(was)).toEqual([]);
    expect(rolledBack(course).filter(line => !/^(DeleteRole|ReleaseLock)/.test(line))).toEqual([
      'RestoreRecord: record A',
      `RestoreDeployment: stage test back to deployment ${plan?.stage.previousDeploymentId}`,
      `RestoreDeployment: deployment ${deployment}`,
      'DeleteIntegration: integration POST /p/items',
      'DeleteMethod: method GET /p',
      'DeleteMethod: method POST /p/items',
      `DeleteMethod: model ${model}`,
      'DeleteMethod: request validator service-proxy',
      expect.stringMatching(/^DeleteMethod: authorizer service-proxy-/),
      'DeleteResource: resource /p/items',
    ]);
  });

  it('says everything that is left, which state was to take it away, and why it could not', async () => {
    await run(account, 'before', before);
    const course = await run(account, 'next', more, 'RecordOutcome');
    const { api, deployment, model } = await idsOf('next');
    refuse(/^(apigateway|iam):(Delete|Update|Put)/);
    const { left } = await rollBack(account, course);
    const command = `service-proxy rollback ${course.execution.arn}`;
    expect(left.every(one => one.command === command)).toBe(true);
    const said = left.map(({ what, why }) => `${what} | ${why.split(':').slice(0, 2).join(':')}`);
    expect(
      said.map(line => line.replace(/authorizer \S+/, 'authorizer X').replace(/role \S+/, 'role X')),
    ).toEqual([
      `stage test, pointing at deployment ${deployment} | RestoreDeployment: Refused`,
      `deployment ${deployment} of REST API ${api} | RestoreDeployment: Refused`,
      `method GET /p of REST API ${api}, not as it was before | DeleteMethod: Refused`,
      `method POST /p/items of REST API ${api} | DeleteMethod: Refused`,
      `model ${model} of REST API ${api} | DeleteMethod: Refused`,
      `request validator service-proxy of REST API ${api} | DeleteMethod: Refused`,
      `authorizer X of REST API ${api} | DeleteMethod: Refused`,
      `resource /p/items of REST API ${api} | DeleteResource: NotOwned`,
      'role X | DeleteRole: Refused',
      'role X | DeleteRole: Refused',
    ]);
    // It has not been closed: whoever finishes it finds what there is.
    expect((await loadExecution(account.clients(), 'next')).made.size).toBeGreaterThan(0);
  });

  it('says that an API is left that it made, as a whole, and that its locks and record are', async () => {
    let writes = 0;
    account.meet = (state, call) =>
      state === 'RecordOutcome' && call === 'dynamodb:PutItem' && ++writes > 2 ? 'denied' : undefined;
    const course = await run(account, 'one', inputFor(named));
    const { api } = await idsOf('one');
    expect(course.failure?.state).toBe('RecordOutcome');
    account.meet = (state, call) =>
      /Delete|Update/.test(call) && /RestoreRecord|ReleaseLock|DeleteRestApi/.test(state)
        ? 'denied'
        : undefined;
    const inventory = await rollBack(account, course);
    expect(inventory.left.map(({ what, why }) => `${why.split(':')[0]}: ${what}`)).toEqual([
      `RestoreRecord: the ledger's record A`,
      `DeleteRestApi: REST API A (${api})`,
      `ReleaseLock: lock of api ${api}`,
      'ReleaseLock: lock of name A',
    ]);
    allow();
    expect(await rollBack(account, { ...course, notRolledBack: [] })).toEqual({ left: [] });
    expect(account.content().size).toBe(0);
  });

  it('takes back the binary media types it added, or says that they are left', async () => {
    await run(account, 'before', before);
    const was = account.content();
    const object = {
      service: 's3',
      action: 'GetObject',
      path: '/o',
      resources: ['arn:aws:s3:::orders/*'],
      parameters: { Bucket: { value: 'orders' } },
    };
    const course = await run(account, 'next', inputFor(named, [object]), 'CreateRestApi');
    const { api } = await idsOf('next');
    refuse(/^apigateway:UpdateRestApi/);
    const { left } = await rollBack(account, course);
    expect(left.map(({ what, why }) => `${why.split(':')[0]}: ${what}`)).toEqual([
      `DeleteRestApi: binary media type */* of REST API ${api}`,
    ]);
    expect(changedSince(was)).toEqual([`apigateway/restapis ${api}`]);
    account = openAccount();
    await run(account, 'before', before);
    const start = account.content();
    const again = await run(account, 'next', inputFor(named, [object]), 'CreateRestApi');
    expect(await rollBack(account, again)).toEqual({ left: [] });
    expect(changedSince(start)).toEqual([]);
  });

  it('says nothing of what was never made, or was there before', async () => {
    await run(account, 'before', inputFor(named, [route('/p'), { ...publish, path: '/p/first' }]));
    let methods = 0;
    account.meet = (state, call) =>
      state === 'PutMethod' && call === 'apigateway:PutMethod' && ++methods > 1 ? 'denied' : undefined;
    const next = inputFor(named, [route('/p/one'), publish, route('/p/two')]);
    const course = await run(account, 'next', next);
    expect(course.failure?.state).toBe('PutMethod');
    const { api } = await idsOf('next');
    refuse(/^apigateway:Delete/);
    expect(whats(await rollBack(account, course))).toEqual([
      `method GET /p/one of REST API ${api}`,
      `resource /p/one of REST API ${api}`,
      `resource /p/items of REST API ${api}`,
      `resource /p/two of REST API ${api}`,
    ]);
  });

  it('takes a role away that has other tags too, has no policy yet, or is gone already', async () => {
    account.meet = (_, call) => (call === 'iam:PutRolePolicy' ? 'denied' : undefined);
    const course = await run(account, 'one', { ...before, tags: { team: 'x' } });
    expect(course.failure?.state).toBe('CreateRole');
    const { plan } = await loadExecution(account.clients(), 'one');
    const name = plan?.routes[0]?.role?.name;
    allow();
    expect(await rollBack(account, course)).toEqual({ left: [] });
    expect(rolledBack(course)).toEqual([`DeleteRole: role ${name}`]);
    expect(account.content().size).toBe(0);
    await recordMade(account.clients(), 'one', `role ${name}`);
    account.now += 60_000;
    const again: Course = { ...course, outputs: {}, notRolledBack: [] };
    expect(await rollBack(account, again)).toEqual({ left: [] });
    expect([rolledBack(again), again.notRolledBack]).toEqual([[], []]);
  });

  it('says that a role is left whose policy could not be deleted', async () => {
    const course = await run(account, 'one', before, 'CreateRole');
    refuse(/^iam:DeleteRolePolicy$/);
    const { left } = await rollBack(account, course);
    expect(left.map(({ what, why }) => `${what.slice(0, 5)} ${why.slice(0, 19)}`)).toEqual([
      'role  DeleteRole: Refused',
    ]);
  });

  it('says of what was changed so that it is no more as it was that it is left, once it is', async () => {
    const cors = { origins: ['https://example.com'] };
    await run(account, 'before', before);
    const was = account.content();
    const course = await run(account, 'next', inputFor(named, [{ ...route('/q'), cors }]), 'RecordOutcome');
    expect(course.failure).toBeUndefined();
    refuse(/^apigateway:DeleteGatewayResponse/);
    const inventory = await rollBack(account, course);
    expect(inventory.left.length).toBeGreaterThan(0);
    for (const { what, why } of inventory.left) {
      expect(what).toMatch(/gateway ?response/i);
      expect(why).toMatch(/^DeleteMethod: Refused/);
    }
    account = openAccount();
    await run(account, 'before', before);
    const second = await run(account, 'next', inputFor(named, [{ ...route('/q'), cors }]), 'RecordOutcome');
    expect(await rollBack(account, second)).toEqual({ left: [] });
    expect(changedSince(was)).toEqual([]);
  });

  it('says of what was never come to that the last failure stopped the way to it', async () => {
    const course = await run(account, 'one', inputFor(named), 'CreateRestApi');
    const failure = { state: 'VerifyStage', error: 'TestFailed', cause: '{"errorMessage":"answered 500"}' };
    const inventory = await runState(account, takeInventory, { ...course, failure });
    const { left } = inventory as StepOutputs['TakeInventory'];
    expect(new Set(left.map(({ why }) => why))).toEqual(new Set(['VerifyStage: TestFailed: answered 500']));
    const quiet = (await runState(account, takeInventory, course)) as StepOutputs['TakeInventory'];
    expect(quiet.left[0]?.why).toBe('it is still there');
  });

  it('lists so many things, and says how many more there are', async () => {
    const routes = Array.from({ length: 60 }, (_, index) => route(`/r${index}`));
    const course = await run(account, 'one', inputFor(named, routes), 'CreateRole');
    const inventory = (await runState(account, takeInventory, course)) as StepOutputs['TakeInventory'];
    const { left } = inventory;
    expect(JSON.stringify(left).length).toBeLessThan(8600);
    const last = left.at(-1);
    expect(last?.what).toBe(`… and ${60 - (left.length - 1)} more`);
    expect(last?.why).toBe('too many to list here');
    expect(last?.command).toBe(left[0]?.command);
  });
});

describe('what others did meanwhile', () => {
  const call = (operation: string, input: object) => account.asOther('apigateway', operation, input);

  async function resourceId(restApiId: string | undefined, path: string): Promise<string> {
    const { items = [] } = (await call('GetResources', { restApiId })) as {
      items?: { path: string; id: string }[];
    };
    return items.find(one => one.path === path)?.id ?? '';
  }

  it('to a method stays: it is not ours any more', async () => {
    await run(account, 'before', before);
    const course = await run(account, 'next', more, 'PutIntegration');
    const { api } = await idsOf('next');
    const target = { restApiId: api, resourceId: await resourceId(api, '/p'), httpMethod: 'GET' };
    await call('DeleteMethod', target);
    await call('PutMethod', { ...target, authorizationType: 'AWS_IAM' });
    const theirs = await call('GetMethod', target);
    const inventory = await rollBack(account, course);
    expect(inventory.left.map(({ what, why }) => `${what} | ${why}`)).toContain(
      `method GET /p of REST API ${api}, not as it was before | DeleteMethod: NotOwned: GET /p was changed by somebody else meanwhile`,
    );
    expect(await call('GetMethod', target)).toEqual(theirs);
  });

  it.each([
    ['operationName', { authorizationType: 'NONE', operationName: 'Other' }],
    ['authorization', { authorizationType: 'AWS_IAM', operationName: 'ListSubscriptions' }],
    ['API key', { authorizationType: 'NONE', apiKeyRequired: true, operationName: 'ListSubscriptions' }],
  ])('to a method is known by its %s alone', async (_, theirs) => {
    await run(account, 'before', before);
    const added = inputFor(named, [route('/q', 'ListSubscriptions')]);
    const course = await run(account, 'next', added, 'PutIntegration');
    const { api } = await idsOf('next');
    const target = { restApiId: api, resourceId: await resourceId(api, '/q'), httpMethod: 'GET' };
    await call('DeleteMethod', target);
    await call('PutMethod', { ...target, ...theirs });
    const method = await call('GetMethod', target);
    const { left } = await rollBack(account, course);
    expect(left.map(({ why }) => why)).toContain(
      'DeleteMethod: NotOwned: GET /q was changed by somebody else meanwhile',
    );
    expect(await call('GetMethod', target)).toEqual(method);
  });

  it('to the stage stays, and keeps what it serves', async () => {
    await run(account, 'before', before);
    const course = await run(account, 'next', more, 'RecordOutcome');
    const { api } = await idsOf('next');
    const deployment = await call('CreateDeployment', { restApiId: api });
    const patchOperations = [{ op: 'replace', path: '/deploymentId', value: deployment.id }];
    await call('UpdateStage', { restApiId: api, stageName: 'test', patchOperations });
    expect(await rollBack(account, course)).toEqual({ left: [] });
    const stage = await call('GetStage', { restApiId: api, stageName: 'test' });
    expect(stage.deploymentId).toBe(deployment.id);
  });

  it('in a resource that was made keeps the resource, and in an API that was made the API', async () => {
    await run(account, 'before', before);
    const course = await run(account, 'next', more, 'PutMethod');
    const { api } = await idsOf('next');
    const parentId = await resourceId(api, '/p/items');
    await call('CreateResource', { restApiId: api, parentId, pathPart: 'theirs' });
    const inventory = await rollBack(account, course);
    expect(whats(inventory)).toEqual([`resource /p/items of REST API ${api}`]);
    expect(inventory.left[0]?.why).toBe(
      'DeleteResource: NotOwned: resource /p/items now holds what is not ours: /p/items/theirs',
    );
    account = openAccount();
    const made = await run(account, 'one', inputFor(named), 'PutMethod');
    const { api: own } = await idsOf('one');
    const root = await resourceId(own, '/');
    await call('PutMethod', {
      restApiId: own,
      resourceId: root,
      httpMethod: 'GET',
      authorizationType: 'NONE',
    });
    const left = await rollBack(account, made);
    expect(left.left.map(({ why }) => why)).toEqual([
      `DeleteRestApi: NotOwned: REST API A (${own}) now holds what is not ours: GET /`,
    ]);
  });

  it('with a role of that name is theirs: one without our tag is never deleted', async () => {
    const course = await run(account, 'one', inputFor(named, [route('/p')]), 'CreateRole');
    const { plan } = await loadExecution(account.clients(), 'one');
    const RoleName = plan?.routes[0]?.role?.name ?? '';
    await account.asOther('iam', 'UntagRole', { RoleName, TagKeys: ['service-proxy:execution'] });
    expect(await rollBack(account, course)).toEqual({ left: [] });
    expect(course.notRolledBack).toEqual([
      {
        state: 'DeleteRole',
        error: 'NotOwned',
        cause: `role ${RoleName} does not carry the tag service-proxy:execution of one`,
      },
    ]);
    await account.asOther('iam', 'TagRole', {
      RoleName,
      Tags: [{ Key: 'service-proxy:execution', Value: 'another' }],
    });
    expect(whats(await rollBack(account, { ...course, notRolledBack: [] }))).toEqual([]);
    expect(await account.asOther('iam', 'GetRole', { RoleName })).toBeDefined();
  });

  it('that took everything away leaves nothing to do', async () => {
    await run(account, 'before', before);
    const course = await run(account, 'next', more, 'RecordOutcome');
    const { api } = await idsOf('next');
    await call('DeleteRestApi', { restApiId: api });
    account.now += 60_000;
    expect(await rollBack(account, course)).toEqual({ left: [] });
  });
});

/** The way back released its locks: whoever finishes takes them again, as TakeOver does. */
async function retakeNote({ execution, failure }: Course): Promise<void> {
  const { plan } = await loadExecution(account.clients(), execution.name);
  if (!plan || failure?.state === 'CreateRole') return;
  for (const lock of locksOf(plan)) await acquireLock(account.clients(), lock, { ...execution });
}

describe('an answer that was lost', () => {
  it.each([
    ['apigateway:CreateRestApi', inputFor(named)],
    ['apigateway:CreateDeployment', more],
    ['apigateway:CreateRequestValidator', more],
    ['apigateway:CreateResource', more],
    ['apigateway:CreateAuthorizer', more],
    ['apigateway:PutMethod', more],
    ['apigateway:CreateModel', more],
    ['iam:CreateRole', more],
  ])('to %s does not keep what was made from being found and taken away', async (lost, input) => {
    if (input === more) await run(account, 'before', before);
    // Others have things of the same kinds, some with tags and names of their own.
    await account.asOther('apigateway', 'CreateRestApi', { name: 'A' });
    await account.asOther('apigateway', 'CreateRestApi', {
      name: 'A',
      tags: { 'service-proxy:execution': 'another', team: 'x' },
    });
    const api = input === more ? (await idsOf('before')).api : undefined;
    if (api) {
      await account.asOther('apigateway', 'CreateRequestValidator', { restApiId: api, name: 'theirs' });
      await account.asOther('apigateway', 'CreateRequestValidator', {
        restApiId: api,
        name: 'service-proxy',
      });
      await account.asOther('apigateway', 'CreateRequestValidator', {
        restApiId: api,
        name: 'theirs',
        validateRequestBody: true,
        validateRequestParameters: true,
      });
      await account.asOther('apigateway', 'CreateDeployment', { restApiId: api });
    }
    const was = account.content();
    let isLost = false;
    account.meet = (_, call) => {
      // The first answer is lost, and nobody may try again.
      if (call === lost && !isLost) {
        isLost = true;
        return 'resetAfter';
      }
      return isLost ? 'denied' : undefined;
    };
    const course = await run(account, 'next', input);
    expect(course.failure).toBeDefined();
    const made = changedSince(was);
    // Found, and said to be left, where it cannot be taken away.
    refuse(/^(apigateway|iam):(Delete|Update)/);
    const { left } = await rollBack(account, {
      ...course,
      outputs: { ...course.outputs },
      notRolledBack: [],
    });
    expect(made.length > 0).toBe(left.length > 0);
    allow();
    await retakeNote(course);
    expect(await rollBack(account, course)).toEqual({ left: [] });
    expect(changedSince(was)).toEqual([]);
  });

  it('is said to leave something while it may still turn up, and nothing once it cannot', async () => {
    const course = await run(account, 'one', inputFor(named), 'AcquireLock');
    await recordMade(account.clients(), 'one', 'restApi A');
    // It was to be made just now, and is not there: it may still appear.
    expect(whats((await runState(account, takeInventory, course)) as never)).not.toContain('REST API A');
    expect(
      await rollBack(account, { ...course, outputs: { ...course.outputs, CreateRestApi: {} as never } }),
    ).toEqual({ left: [] });
  });

  it('to a call that puts a method back does not make it somebody else’s', async () => {
    await run(account, 'before', { ...before, authorization: { type: 'AWS_IAM' } });
    const was = account.content();
    const course = await run(account, 'next', more, 'PutIntegration');
    for (const lost of ['PutMethod', 'PutMethodResponse', 'PutIntegration', 'PutIntegrationResponse']) {
      let isLost = false;
      account.meet = (state, call) => {
        const isFirst = !isLost && state === 'DeleteMethod' && call === `apigateway:${lost}`;
        isLost ||= isFirst;
        return isFirst ? 'killAfter' : undefined;
      };
      const again: Course = { ...course, outputs: { ...course.outputs }, notRolledBack: [] };
      expect(await rollBack(account, again)).toEqual({ left: [] });
      expect(changedSince(was)).toEqual([]);
      await run(account, `again after ${lost}`, more, 'PutIntegration').then(one =>
        Object.assign(course, one),
      );
    }
  });
});

describe('what a new definition replaced', () => {
  it('goes once the stage serves the new one: roles, models, and deployments of ours alone', async () => {
    const first = await run(account, 'first', inputFor(named, [route('/p'), publish]));
    const { api, deployment } = await idsOf('first');
    const theirs = await account.asOther('apigateway', 'CreateDeployment', {
      restApiId: api,
      description: 'mine',
    });
    const kept = await account.asOther('apigateway', 'CreateDeployment', {
      restApiId: api,
      description: 'service-proxy execution x',
    });
    await account.asOther('apigateway', 'CreateStage', {
      restApiId: api,
      stageName: 'live',
      deploymentId: kept.id,
    });
    const course = await run(account, 'second', inputFor(named, [route('/p', 'ListSubscriptions'), publish]));
    const { items = [] } = (await account.asOther('apigateway', 'GetDeployments', { restApiId: api })) as {
      items?: { id: string }[];
    };
    const { deploymentId } = course.outputs.CreateDeployment ?? {};
    expect(course.notRolledBack).toEqual([]);
    expect(first.failure).toBeUndefined();
    expect(items.map(({ id }) => id).sort()).toEqual([deploymentId, theirs.id, kept.id].sort());
    expect(course.outputs.DeleteSuperseded?.deleted).toContain(`deployment ${deployment}`);
  });

  it('is said to be left where it could not be taken away', async () => {
    await run(account, 'first', before);
    account.meet = (state, call) =>
      call === 'iam:DeleteRole' || (state === 'ReleaseLock' && call.startsWith('dynamodb'))
        ? 'denied'
        : undefined;
    const course = await run(account, 'second', inputFor(named, [route('/p', 'ListSubscriptions')]));
    allow();
    const failed = { state: 'DeleteSuperseded', error: 'Refused', cause: 'no' };
    const inventory = await runState(account, takeInventory, { ...course, notRolledBack: [failed] });
    const { left } = inventory as StepOutputs['TakeInventory'];
    expect(left[0]?.what).toMatch(/^role service-proxy-sns-ListTopics-/);
    expect(left[0]?.why).toBe('DeleteSuperseded: Refused: no');
    const { api } = await idsOf('second');
    expect(left.slice(1).map(({ what }) => what)).toEqual([`lock of api ${api}`, 'lock of name A']);
  });
});

describe('a removal that breaks off', () => {
  const two = inputFor(named, [route('/p/q'), publish]);
  const removal = { ...two, operation: 'remove' };
  const inventoryOf = async (course: Course) =>
    whats((await runState(account, takeInventory, course)) as StepOutputs['TakeInventory']);

  it('before it has taken anything away leaves all as it was', async () => {
    await run(account, 'first', two);
    const course = await run(account, 'removal', removal, 'AcquireLockToRemove');
    const { api } = await idsOf('removal');
    expect(await inventoryOf(course)).toEqual([`lock of api ${api}`, 'lock of name A']);
  });

  it.each([
    ['RemoveMethod', ['stage', 'REST API', 'role', 'role', 'record', 'lock', 'lock']],
    ['RedeployStage', ['REST API', 'role', 'role', 'record', 'lock', 'lock']],
    ['RemoveRestApi', ['role', 'role', 'record', 'lock', 'lock']],
    ['RemoveRole', ['record', 'lock', 'lock']],
    ['RecordRemoval', ['lock', 'lock']],
  ])('after %s says what is still there', async (state, kinds) => {
    await run(account, 'first', two);
    const course = await run(account, 'removal', removal, state);
    expect(course.failure).toBeUndefined();
    const left = await inventoryOf(course);
    const kindOf = (what: string) => /stage|REST API|resource|role|record|lock|method/.exec(what)?.[0];
    expect(left.filter(what => !what.startsWith('resource')).map(kindOf)).toEqual(kinds);
  });

  it('names each thing with the state that was to take it away', async () => {
    await run(account, 'first', inputFor(named, [route('/p/q'), publish, route('/stays')]));
    let methods = 0;
    account.meet = (_, call) => (call === 'apigateway:DeleteMethod' && ++methods > 1 ? 'denied' : undefined);
    const course = await run(account, 'removal', removal);
    allow();
    expect(course.failure?.state).toBe('RemoveMethod');
    const states = [
      'RemoveMethod',
      'RedeployStage',
      'RemoveResource',
      'RemoveRole',
      'RecordRemoval',
      'ReleaseLock',
    ];
    const notRolledBack = states.map(state => ({ state, error: 'Refused', cause: state }));
    const document = { ...course, notRolledBack };
    const inventory = (await runState(account, takeInventory, document)) as StepOutputs['TakeInventory'];
    const { api } = await idsOf('removal');
    expect(
      inventory.left.map(({ what, why }) => `${why.split(':')[0]}: ${what.replace(/role .*/, 'role')}`),
    ).toEqual([
      'RemoveMethod: method POST /p/items',
      'RedeployStage: stage test, not redeployed',
      'RemoveResource: resource /p',
      'RemoveResource: resource /p/q',
      'RemoveResource: resource /p/items',
      'RemoveRole: role',
      'RemoveRole: role',
      `RecordRemoval: the ledger's record A`,
      `ReleaseLock: lock of api ${api}`,
      'ReleaseLock: lock of name A',
    ]);
  });

  it('is finished by running it again', async () => {
    await run(account, 'first', two);
    refuse(/^iam:DeleteRole$/);
    const course = await run(account, 'removal', removal);
    expect(course.failure?.state).toBe('RemoveRole');
    allow();
    account.now += 3_600_000;
    const again = await run(account, 'again', removal);
    expect(again.failure).toBeUndefined();
    expect([...account.content().keys()].filter(key => !key.startsWith('iam/policies'))).toEqual([]);
  });

  it('of the one route that needs them takes its model and its validator along', async () => {
    await run(account, 'first', inputFor(named, [route('/p'), publish]));
    const { model } = await idsOf('first');
    const course = await run(account, 'removal', { ...inputFor(named, [publish]), operation: 'remove' });
    expect(course.failure).toBeUndefined();
    expect(course.outputs).toMatchObject({
      DeleteMethod: {
        rolledBack: ['method POST /p/items', 'request validator service-proxy', `model ${model}`],
      },
    });
    const { api } = await idsOf('removal');
    const { items = [] } = (await account.asOther('apigateway', 'GetRequestValidators', {
      restApiId: api,
    })) as { items?: object[] };
    expect(items).toEqual([]);
  });

  it('whose things others took away finds nothing to do, and says so', async () => {
    await run(account, 'first', inputFor(named, [route('/p'), publish]));
    const { api } = await idsOf('first');
    const course = await run(
      account,
      'removal',
      { ...inputFor(named, [publish]), operation: 'remove' },
      'AcquireLockToRemove',
    );
    await account.asOther('apigateway', 'DeleteRestApi', { restApiId: api });
    const { left } = (await runState(account, takeInventory, course)) as StepOutputs['TakeInventory'];
    expect(
      left.map(({ what }) => what.replace(/role .*/, 'role').replace(/lock of api .*/, 'lock of api')),
    ).toEqual(['role', `the ledger's record A`, 'lock of api', 'lock of name A']);
  });

  it('of one route of two keeps the other, with its model and validator', async () => {
    await run(account, 'first', inputFor(named, [route('/p'), publish]));
    const course = await run(account, 'removal', { ...before, operation: 'remove' });
    expect(course.failure).toBeUndefined();
    expect(course.outputs).toMatchObject({ DeleteMethod: { rolledBack: ['method GET /p'] } });
    const { api } = await idsOf('removal');
    const { items = [] } = (await account.asOther('apigateway', 'GetModels', { restApiId: api })) as {
      items?: object[];
    };
    expect(items.length).toBeGreaterThan(0);
    const last = await run(account, 'last', { ...inputFor(named, [publish]), operation: 'remove' });
    expect(last.failure).toBeUndefined();
    expect([...account.content().keys()]).toEqual([]);
  });
});
