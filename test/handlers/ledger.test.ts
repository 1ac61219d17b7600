// The ledger: what it is told it tells again, exactly, also to a later version of the product, and nothing it has not been told.
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../core/execution.ts';
import type { ApiRecord } from '../../core/existing.ts';
import type { Plan } from '../../core/plan.ts';
import {
  acquireLock,
  approvalToken,
  checkFence,
  claimToken,
  continueAs,
  continuedBy,
  findApiByName,
  finisherOf,
  forgetAllMade,
  forgetApi,
  forgetApprovalToken,
  forgetMade,
  forgetOutcome,
  keepApprovalToken,
  loadCalls,
  loadExecution,
  loadProgress,
  noteFenceRead,
  putFence,
  readApi,
  recordedOutcome,
  recordIntent,
  recordMade,
  recordOutcomeOf,
  removalOf,
  rolesMade,
  saveCalls,
  savePlan,
  saveProgress,
  writeApi,
} from '../../handlers/ledger.ts';
import { readLedger } from '../../handlers/ledger-scan.ts';
import { queryDocuments } from '../../handlers/ledger-table.ts';
import { type Account, openAccount } from './account.ts';
import { identityOf } from './course.ts';

const route = {
  path: '/p',
  httpMethod: 'GET',
  service: 'sns',
  action: 'ListTopics',
  roleName: 'role-p',
  servedBy: { test: { roleName: 'role-p' } },
};

const record: ApiRecord = {
  restApiId: 'api1',
  name: 'A',
  isOwned: true,
  binaryMediaTypes: ['image/png'],
  requestValidatorId: 'v1',
  resources: [{ path: '/p' }, { path: '/p/q' }],
  routes: [route, { ...route, httpMethod: 'POST' }],
  stages: [{ name: 'test', isOwned: true, deploymentId: 'd1' }],
};

const foreign: ApiRecord = { ...record, restApiId: 'theirs', name: 'theirs', isOwned: false };

const keysOf = ({ table }: Account) => [...table.items.keys()].map(key => key.replace('\n', ' ')).sort();

const daysLeft = ({ table, now }: Account, part: string) => {
  const [item] = [...table.items].flatMap(([key, one]) => (key.includes(part) ? [one] : []));
  return Math.round((Number(item?.expiresAt?.N) - now / 1000) / 86_400);
};

describe('the record of an API', () => {
  it('is read as it was written, and nobody else’s with it', async () => {
    const account = openAccount();
    const clients = account.clients();
    await writeApi(clients, undefined, record);
    await writeApi(clients, undefined, foreign);
    expect(await readApi(clients, 'api1')).toEqual(record);
    expect(await readApi(clients, 'theirs')).toEqual(foreign);
    expect(await readApi(clients, 'api')).toBeUndefined();
  });

  it('is found by its name where the API is ours; other names are nobody’s', async () => {
    const clients = openAccount().clients();
    await writeApi(clients, undefined, record);
    await writeApi(clients, undefined, foreign);
    expect(await findApiByName(clients, 'A')).toBe('api1');
    expect(await findApiByName(clients, 'theirs')).toBeUndefined();
  });

  it('becomes what it is after a change, and only what differs is written', async () => {
    const account = openAccount();
    const clients = account.clients();
    await writeApi(clients, undefined, record);
    const written: string[] = [];
    account.table.onWrite(key => written.push(key.replace('\n', ' ')));
    const after: ApiRecord = {
      ...record,
      resources: [{ path: '/p' }, { path: '/new' }],
      routes: [{ ...route, action: 'ListSubscriptions' }],
      stages: [],
    };
    await writeApi(clients, record, after);
    expect(await readApi(clients, 'api1')).toEqual({
      ...after,
      resources: [{ path: '/new' }, { path: '/p' }],
    });
    expect(written.sort()).toEqual([
      'API#api1 RESOURCE#/new',
      'API#api1 RESOURCE#/p/q',
      'API#api1 ROUTE#/p#GET',
      'API#api1 ROUTE#/p#POST',
      'API#api1 STAGE#test',
    ]);
  });

  it('is forgotten whole, the API itself last, and its name with it', async () => {
    const account = openAccount();
    const clients = account.clients();
    await writeApi(clients, undefined, record);
    const deleted: string[] = [];
    account.table.onWrite(key => deleted.push(key.replace('\n', ' ')));
    await forgetApi(clients, record);
    expect(deleted.slice(-2)).toEqual(['API#api1 API', 'NAME#A API']);
    expect(await readApi(clients, 'api1')).toBeUndefined();
    expect(account.table.items.size).toBe(0);
  });

  it('leaves the name alone that stands for another API by now, or never was ours', async () => {
    const account = openAccount();
    const clients = account.clients();
    await writeApi(clients, undefined, record);
    await writeApi(clients, undefined, { ...record, restApiId: 'api2' });
    await forgetApi(clients, record);
    expect(await findApiByName(clients, 'A')).toBe('api2');
    await writeApi(clients, undefined, { ...foreign, name: 'A' });
    await forgetApi(clients, { ...foreign, name: 'A' });
    expect(await findApiByName(clients, 'A')).toBe('api2');
    expect(await readApi(clients, 'theirs')).toBeUndefined();
  });

  it('begins with the API itself: without it nobody would find the rest', async () => {
    const account = openAccount();
    const written: string[] = [];
    account.table.onWrite(key => written.push(key.replace('\n', ' ')));
    await writeApi(account.clients(), undefined, record);
    expect(written[0]).toBe('API#api1 API');
  });

  it('is written and forgotten whole, however many routes it has and however few writes are taken at once', async () => {
    const routes = Array.from({ length: 60 }, (_, index) => ({ ...route, path: `/r${index + 10}` }));
    const large: ApiRecord = { ...record, resources: [], routes };
    for (const batchSize of [25, 7]) {
      const account = openAccount({ batchSize });
      const clients = account.clients();
      await writeApi(clients, undefined, large);
      expect(await readApi(clients, 'api1')).toEqual(large);
      await forgetApi(clients, large);
      expect(account.table.items.size).toBe(0);
    }
  });

  it('is not said to be written where the table takes nothing', async () => {
    const clients = openAccount({ batchSize: 0 }).clients();
    await expect(writeApi(clients, undefined, record)).rejects.toMatchObject({
      name: 'Throttled',
      message: 'table service-proxy-ledger took none of 6 writes',
    });
  });

  it('is no record without the API itself', async () => {
    const account = openAccount();
    const clients = account.clients();
    await writeApi(clients, undefined, record);
    await account.asOther('dynamodb', 'DeleteItem', {
      TableName: 'service-proxy-ledger',
      Key: { pk: { S: 'API#api1' }, sk: { S: 'API' } },
    });
    expect(await readApi(clients, 'api1')).toBeUndefined();
  });
});

describe('what is stored', () => {
  it('has keys that every version of the product finds again', async () => {
    const account = openAccount();
    const clients = account.clients();
    const one = identityOf('one');
    await writeApi(clients, undefined, record);
    await savePlan(clients, planOf('one'), 'FIRST');
    await savePlan(clients, planOf('one'), 'LOCKED');
    await recordIntent(clients, one, 'resource /p');
    await recordOutcomeOf(clients, 'one', outcome);
    await putFence(clients, 'one', 'arn:finisher');
    await continueAs(clients, 'one', identityOf('zero'));
    await keepApprovalToken(clients, 'one', 'token');
    await saveProgress(clients, 'one', 'PutMethod', { done: 1, results: [] });
    await claimToken(clients, 'abc', { executionArn: one.arn, fingerprint: 'f' });
    await saveCalls(clients, 'one', { state: 'PutMethod', attempt: 2, calls: [] });
    await acquireLock(clients, 'api api1', identityOf('two'));
    expect(keysOf(account)).toEqual([
      'API#api1 API',
      'API#api1 RESOURCE#/p',
      'API#api1 RESOURCE#/p/q',
      'API#api1 ROUTE#/p#GET',
      'API#api1 ROUTE#/p#POST',
      'API#api1 STAGE#test',
      expect.stringMatching(/^CALLS#one 2026-01-01T00:00:\d\d\.\d{3}Z#PutMethod#2$/),
      'EXECUTION#one APPROVAL',
      'EXECUTION#one CONTINUES',
      'EXECUTION#one FENCE',
      'EXECUTION#one MADE#resource /p',
      'EXECUTION#one OUTCOME',
      'EXECUTION#one PLAN#FIRST#0',
      'EXECUTION#one PLAN#LOCKED#0',
      'EXECUTION#one PROGRESS#PutMethod',
      'EXECUTION#two HELD#api api1',
      'LOCK#api api1 LOCK',
      'NAME#A API',
      'TOKEN#abc TOKEN',
    ]);
  });

  it('about an execution goes after 90 days, about an API stays', async () => {
    const account = openAccount();
    const clients = account.clients();
    await writeApi(clients, undefined, record);
    await savePlan(clients, planOf('one'), 'FIRST');
    await recordIntent(clients, identityOf('one'), 'resource /p');
    await recordOutcomeOf(clients, 'one', outcome);
    await putFence(clients, 'one', 'arn:finisher');
    await continueAs(clients, 'one', identityOf('zero'));
    await keepApprovalToken(clients, 'one', 'token');
    await saveProgress(clients, 'one', 'PutMethod', { done: 1, results: [] });
    await claimToken(clients, 'abc', { executionArn: 'arn', fingerprint: 'f' });
    await saveCalls(clients, 'one', { state: 'PutMethod', attempt: 2, calls: [] });
    await acquireLock(clients, 'api api1', identityOf('two'));
    for (const part of [
      'PLAN#',
      'MADE#',
      'OUTCOME',
      'FENCE',
      'CONTINUES',
      'APPROVAL',
      'PROGRESS#',
      'TOKEN#',
      'CALLS#',
      'HELD#',
      'LOCK#',
    ])
      expect([part, daysLeft(account, part)]).toEqual([part, 90]);
    for (const part of ['API#api1', 'NAME#']) expect(daysLeft(account, part)).toBeNaN();
  });
});

const outcome: Outcome = {
  status: 'SUCCEEDED',
  operation: 'provision',
  restApiId: 'api1',
  stage: 'test',
  routeCount: 0,
  routes: [],
};

/** Text that gzip makes no shorter, so that the plan takes more than one item. */
function noise(bytes: number): string {
  let state = 1;
  return Array.from({ length: bytes }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return String.fromCharCode(33 + ((state >>> 16) % 90));
  }).join('');
}

const planOf = (executionName: string, account = '000000000000', restApi: object = { name: 'A' }) =>
  ({ executionName, account, restApi }) as Plan;

describe('the plan of an execution', () => {
  it('is the one made under the lock, once there is one', async () => {
    const clients = openAccount().clients();
    expect(await loadExecution(clients, 'one')).toEqual({
      made: new Map(),
      held: new Map(),
      isLocked: false,
    });
    await savePlan(clients, planOf('one', 'first'), 'FIRST');
    const first = { plan: planOf('one', 'first'), isLocked: false };
    expect(await loadExecution(clients, 'one')).toMatchObject(first);
    await savePlan(clients, planOf('one', 'locked'), 'LOCKED');
    await savePlan(clients, planOf('other', 'other'), 'LOCKED');
    const locked = { plan: planOf('one', 'locked'), isLocked: true };
    expect(await loadExecution(clients, 'one')).toMatchObject(locked);
  });

  it('may be larger than an item of DynamoDB, and counts only whole', async () => {
    const account = openAccount();
    const clients = account.clients();
    const large = planOf('one', noise(700_000));
    await savePlan(clients, planOf('one', 'first'), 'FIRST');
    await savePlan(clients, large, 'LOCKED');
    const chunks = keysOf(account).filter(key => key.includes('PLAN#LOCKED#'));
    expect(chunks.length).toBeGreaterThan(1);
    for (const { document } of account.table.items.values())
      expect(document?.S?.length ?? 0).toBeLessThan(400_000);
    expect(await loadExecution(clients, 'one')).toMatchObject({ plan: large, isLocked: true });
    const [last = ''] = chunks.slice(-1);
    const [pk = '', ...sk] = last.split(' ');
    await account.asOther('dynamodb', 'DeleteItem', {
      TableName: 'service-proxy-ledger',
      Key: { pk: { S: pk }, sk: { S: sk.join(' ') } },
    });
    const first = { plan: planOf('one', 'first'), isLocked: false };
    expect(await loadExecution(clients, 'one')).toMatchObject(first);
  });
});

describe('what an execution made', () => {
  it('is an intent first, then made with its id, and gone when it is taken away', async () => {
    const account = openAccount();
    const clients = account.clients();
    const one = identityOf('one');
    const madeBy = async (name: string) => (await loadExecution(clients, name)).made;
    await recordIntent(clients, one, 'resource /p');
    expect((await madeBy('one')).get('resource /p')).toEqual({ state: 'INTENDED', at: account.now - 40 });
    await recordMade(clients, 'one', 'resource /p', 'r1');
    await recordMade(clients, 'one', 'role R');
    await recordMade(clients, 'other', 'role S');
    const made = await madeBy('one');
    expect(made.get('resource /p')).toMatchObject({ state: 'MADE', id: 'r1' });
    expect(Object.keys(made.get('role R') ?? {}).sort()).toEqual(['at', 'state']);
    expect(made.size).toBe(2);
    expect(rolesMade(made)).toEqual(['R']);
    await forgetMade(clients, 'one', 'role R');
    expect([...(await madeBy('one')).keys()]).toEqual(['resource /p']);
    await savePlan(clients, planOf('one'), 'FIRST');
    await forgetAllMade(clients, 'one');
    expect((await madeBy('one')).size).toBe(0);
    expect((await loadExecution(clients, 'one')).plan).toBeDefined();
    expect((await madeBy('other')).size).toBe(1);
  });

  it('names a removal by its API', () => {
    expect(removalOf(planOf('one'))).toBe('removal A');
  });
});

describe('the course of an execution', () => {
  it('has an outcome once it is recorded, until that is taken back', async () => {
    const clients = openAccount().clients();
    expect(await recordedOutcome(clients, 'one')).toBeUndefined();
    await recordOutcomeOf(clients, 'one', outcome);
    expect(await recordedOutcome(clients, 'one')).toEqual(outcome);
    expect(await recordedOutcome(clients, 'other')).toBeUndefined();
    await forgetOutcome(clients, 'one');
    expect(await recordedOutcome(clients, 'one')).toBeUndefined();
  });

  it('is fenced off once somebody else goes on with it', async () => {
    const clients = openAccount().clients();
    const one = identityOf('one');
    await checkFence(clients, identityOf('one'));
    await expect(checkFence(clients, { ...one, finisher: 'arn:finisher' })).rejects.toThrow(
      'execution one has ended and nobody goes on with it: this is a late call, and changes nothing',
    );
    await putFence(clients, 'one', 'arn:finisher');
    expect(await finisherOf(clients, 'one')).toBe('arn:finisher');
    expect((await loadExecution(clients, 'one')).finisher).toBe('arn:finisher');
    await expect(checkFence(clients, identityOf('one'))).rejects.toMatchObject({
      name: 'Refused',
      message:
        'execution one has ended and arn:finisher goes on with it: this is a late call, and changes nothing',
    });
    await checkFence(clients, { ...one, finisher: 'arn:finisher' });
    await checkFence(clients, identityOf('other'));
    expect((await loadExecution(clients, 'other')).finisher).toBeUndefined();
    await expect(recordIntent(clients, identityOf('one'), 'resource /p')).rejects.toMatchObject({
      name: 'Refused',
    });
    expect((await loadExecution(clients, 'one')).made.size).toBe(0);
  });

  it('looks at the fence once a second at most', async () => {
    const account = openAccount();
    account.isInstant = true;
    const clients = account.clients();
    const one = identityOf('one');
    await checkFence(clients, one);
    await putFence(clients, 'one', 'arn:finisher');
    account.now += 999;
    await checkFence(clients, one);
    account.now += 1;
    await expect(checkFence(clients, one)).rejects.toMatchObject({ name: 'Refused' });
    const read = identityOf('one');
    noteFenceRead(read, account.now);
    await checkFence(clients, read);
    await expect(checkFence(clients, identityOf('one'))).rejects.toMatchObject({ name: 'Refused' });
  });

  it('goes on as another execution, which is remembered without its finisher', async () => {
    const clients = openAccount().clients();
    expect(await continuedBy(clients, 'one')).toBeUndefined();
    await continueAs(clients, 'one', { ...identityOf('zero'), finisher: 'arn:finisher' });
    expect(await continuedBy(clients, 'one')).toEqual(identityOf('zero'));
  });

  it('keeps the token of its approval until it is answered', async () => {
    const clients = openAccount().clients();
    expect(await approvalToken(clients, 'one')).toBeUndefined();
    await keepApprovalToken(clients, 'one', 'token');
    expect(await approvalToken(clients, 'one')).toBe('token');
    await forgetApprovalToken(clients, 'one');
    expect(await approvalToken(clients, 'one')).toBeUndefined();
  });

  it('keeps its progress by state', async () => {
    const clients = openAccount().clients();
    await saveProgress(clients, 'one', 'PutMethod', { done: 3, results: ['a'], turnAt: 5 });
    expect(await loadProgress(clients, 'one', 'PutMethod')).toEqual({ done: 3, results: ['a'], turnAt: 5 });
    expect(await loadProgress(clients, 'one', 'PutIntegration')).toBeUndefined();
    expect(await loadProgress(clients, 'other', 'PutMethod')).toBeUndefined();
  });

  it('keeps the calls its history has no room for, in their order', async () => {
    const account = openAccount();
    const clients = account.clients();
    const call = { at: 'then', service: 'iam', operation: 'CreateRole' };
    await saveCalls(clients, 'one', { state: 'CreateRole', attempt: 0, calls: [call] });
    account.now += 1000;
    await saveCalls(clients, 'one', { state: 'CreateRole', attempt: 1, calls: [call, call] });
    await saveCalls(clients, 'other', { state: 'CreateRole', attempt: 7, calls: [] });
    const calls = await loadCalls(clients, 'one');
    expect(calls.map(({ attempt }) => attempt)).toEqual([0, 1]);
    expect(calls[1]?.calls).toEqual([call, call]);
    expect(await loadCalls(clients, 'none')).toEqual([]);
  });
});

describe('a client token', () => {
  const claim = (name: string) => ({ executionArn: `arn:${name}`, fingerprint: 'f' });

  it('stands for the first execution that came with it', async () => {
    const clients = openAccount().clients();
    expect(await claimToken(clients, 'abc', claim('one'))).toEqual(claim('one'));
    expect(await claimToken(clients, 'abc', claim('two'))).toEqual(claim('one'));
    expect(await claimToken(clients, 'xyz', claim('two'))).toEqual(claim('two'));
  });

  it('is asked for again when it expires between two looks, and when the ledger does not answer', async () => {
    const account = openAccount();
    const clients = account.clients();
    await claimToken(clients, 'abc', claim('one'));
    account.meet = (_, call) => {
      if (call === 'dynamodb:GetItem') account.table.reset(new Map());
      return undefined;
    };
    await expect(claimToken(clients, 'abc', claim('two'))).rejects.toMatchObject({
      name: 'Unavailable',
      message: 'client token abc has just expired',
    });
    account.meet = () => 'denied';
    await expect(claimToken(clients, 'abc', claim('two'))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });
});

describe('a query', () => {
  it('reads every page, in order, as far as it was asked to', async () => {
    const account = openAccount({ pageSize: 2 });
    const clients = account.clients();
    for (const path of ['/a', '/b', '/c', '/d', '/e'])
      await recordMade(clients, 'one', `resource ${path}`, path);
    await putFence(clients, 'one', 'arn:finisher');
    await savePlan(clients, planOf('one'), 'FIRST');
    const keys = async (...args: [] | [string] | [{ from: string; to: string }]) =>
      (await queryDocuments(clients, 'EXECUTION#one', ...args)).map(({ sk }) => sk);
    const made = ['/a', '/b', '/c', '/d', '/e'].map(path => `MADE#resource ${path}`);
    expect(await keys()).toEqual(['FENCE', ...made, 'PLAN#FIRST#0']);
    expect(await keys('MADE#')).toEqual(made);
    expect(await keys({ from: 'MADE#resource /c', to: 'PLAN#FIRST#0' })).toEqual([
      ...made.slice(2),
      'PLAN#FIRST#0',
    ]);
    expect(await queryDocuments(clients, 'EXECUTION#other')).toEqual([]);
  });
});

describe('readLedger', () => {
  it('names every API, and the executions that have not settled what they made', async () => {
    const account = openAccount({ pageSize: 3 });
    const clients = account.clients();
    await writeApi(clients, undefined, record);
    await writeApi(clients, undefined, foreign);
    await savePlan(clients, planOf('planned'), 'FIRST');
    await recordMade(clients, 'made', 'role R');
    await recordMade(clients, 'done', 'role R');
    await recordOutcomeOf(clients, 'done', outcome);
    await recordOutcomeOf(clients, 'held', outcome);
    await acquireLock(clients, 'api api1', identityOf('held'));
    const { unsettled, apis } = await readLedger(clients);
    expect([...unsettled].sort()).toEqual(['held', 'made']);
    expect(apis).toEqual([record, foreign].map(api => ({ ...api, place: '' })));
  });

  it('sees what was written a moment ago, and no API whose own document is gone', async () => {
    const account = openAccount();
    const clients = account.clients();
    const nothing = { unsettled: [], takenOver: [], apis: [], targets: [] };
    expect(await readLedger(clients)).toEqual(nothing);
    await writeApi(clients, undefined, record);
    await account.asOther('dynamodb', 'DeleteItem', {
      TableName: 'service-proxy-ledger',
      Key: { pk: { S: 'API#api1' }, sk: { S: 'API' } },
    });
    await recordMade(clients, 'made', 'role R');
    expect(await readLedger(clients)).toEqual({ ...nothing, unsettled: ['made'] });
  });
});
