// What is played to see whether a permission is needed: the ways forward, the ways back, and lost answers on both.
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { finishExecution } from '../../cli/finish-execution.ts';
import type { Fault } from '../../local/embedded.ts';
import { walkthroughInput } from '../scenarios/account.ts';
import { runUntil } from '../scenarios/interrupted.ts';
import { aroundExecutions } from './around.ts';
import { incomplete, loseRoles } from './incomplete.ts';
import { changedOrders, inExisting, members, orders, photos, removalOf, signed } from './inputs.ts';
import {
  failsLater,
  type Input,
  lost,
  neverFound,
  refused,
  restOf,
  runAll,
  type Scenario,
  scenario,
  withoutIds,
} from './playing.ts';
import { runSlowly } from './slow.ts';
import { deleteRolesOf } from './swept.ts';

const creations: readonly (readonly [service: string, operation: string])[] = [
  ['iam', 'CreateRole'],
  ['apigateway', 'CreateRestApi'],
  ['apigateway', 'CreateResource'],
  ['apigateway', 'CreateRequestValidator'],
  ['apigateway', 'CreateModel'],
  ['apigateway', 'PutMethod'],
  ['apigateway', 'PutIntegration'],
  ['apigateway', 'CreateDeployment'],
  ['apigateway', 'CreateStage'],
];

const roleGone: Scenario = {
  name: 'a role that somebody has deleted',
  async play(account) {
    const first = await runAll(account, [orders]);
    await deleteRolesOf(account, 'service-proxy-');
    return [first, await runAll(account, [orders]), await restOf(account)];
  },
};

/** IAM has been seen to deny a role that it has just refused to make a second time. */
const roleUnseen: Scenario = {
  name: 'a role that IAM does not show everywhere at once',
  options: () => ({ faults: [lost('iam', 'CreateRole', 1)] }),
  async play(account) {
    account.aws.onCall(({ operation, error }) => {
      if (operation === 'CreateRole' && error === 'EntityAlreadyExists')
        loseRoles(account, 'service-proxy-sns');
    });
    return [await runAll(account, [signed]), await restOf(account)];
  },
};

const sends: Scenario = {
  name: 'a route that is tested with a request of its own',
  options: () => ({ faults: [{ ...lost('sqs', 'SendMessage', 1, 2), when: 'before' }] }),
  async play(account) {
    await new SQSClient(account.client).send(new CreateQueueCommand({ QueueName: 'orders' }));
    const input = { ...orders, test: { parameters: { MessageBody: 'hello' } } };
    return [await runAll(account, [input]), await restOf(account)];
  },
};

/** What others have changed by the time somebody finishes a dead execution is theirs. */
const overtaken: Scenario = {
  name: 'a dead execution whose route others have changed since',
  async play(account) {
    await runAll(account, [orders]);
    const dead = await runUntil(account, changedOrders, 'PutIntegration', 'left');
    await account.aws.clock.sleep(16 * 60_000);
    const others = await runAll(account, [{ ...orders, cors: { origins: ['https://example.org'] } }]);
    const finished = await finishExecution(account.engine, dead, () => {});
    return [others, withoutIds(finished), await restOf(account)];
  },
};

/** A new one for each account that it is played in. */
const slow = (name: string, inputs: readonly Input[], faults: readonly Fault[] = []): Scenario => ({
  ...scenario(name, inputs, faults),
  options: () => ({ faults, runFunction: runSlowly() }),
});

const together: Scenario = {
  name: 'two executions for one API at once',
  async play(account) {
    const ended = await Promise.all([orders, photos].map(input => runAll(account, [input])));
    return [ended, await restOf(account)];
  },
};

/** So many that most is put by an import. */
const many: Input = {
  ...{ stage: 'test', api: { name: 'Orders' } },
  routes: Array.from({ length: 12 }, (_, index) => ({
    ...{ service: 'sns', action: 'ListTopics', path: `/topics-${index}` },
  })),
};

export const scenarios: readonly Scenario[] = [
  scenario('a signed route', [signed]),
  scenario('the walkthrough and its clean-up', [walkthroughInput, removalOf(walkthroughInput)]),
  scenario('a route with a body, changed and removed', [orders, changedOrders, removalOf(changedOrders)]),
  slow('a slow execution, and a slow removal', [orders, changedOrders, removalOf(changedOrders)]),
  slow('a slow way back', inExisting, [failsLater('RecordOutcome', 2)]),
  slow('a failure that is kept slowly', [{ ...orders, onFailure: 'PAUSE' }], [failsLater('VerifyStage')]),
  together,
  scenario('many routes under the quotas', [many], [], { quotas: true }),
  scenario('many routes, and a refused import', [many], [refused('apigateway', 'PutRestApi')], {
    quotas: true,
  }),
  scenario('many routes, and a lost import', [many], [lost('apigateway', 'PutRestApi', 1)], { quotas: true }),
  scenario('a lock that is not taken', [orders], [failsLater('AcquireLock', 1, 'before')]),
  scenario('two routes, one removed', [orders, photos, removalOf(photos)]),
  scenario('a new route that fails at the end', [orders], [failsLater('RecordOutcome')]),
  scenario(
    'a changed route that fails at the end',
    [orders, changedOrders],
    [failsLater('RecordOutcome', 2)],
  ),
  scenario('a binary route that fails at the end', [orders, photos], [failsLater('RecordOutcome', 2)]),
  scenario(
    'answers lost once',
    [orders, changedOrders],
    [...creations, ['apigateway', 'UpdateStage'] as const].map(([service, operation]) =>
      lost(service, operation, 1),
    ),
  ),
  scenario(
    'answers lost once on the way back',
    [signed, { ...signed, path: '/again' }],
    [failsLater('RecordOutcome', 2), lost('iam', 'DeleteRole', 1)],
  ),
  ...creations.map(([service, operation]) =>
    scenario(`every answer of ${operation} lost`, [orders], [lost(service, operation)]),
  ),
  ...creations.map(([service, operation]) =>
    scenario(`${operation} refused`, [orders], [refused(service, operation)]),
  ),
  ...incomplete,
  roleGone,
  roleUnseen,
  sends,
  overtaken,
  neverFound('CreateRestApi', 'GetRestApis', [orders]),
  neverFound('CreateRequestValidator', 'GetRequestValidators', inExisting, 3),
  neverFound('CreateDeployment', 'GetDeployments', [orders]),
  neverFound('CreateAuthorizer', 'GetAuthorizers', [orders, members], 3),
  scenario('answers of PutMethod lost in an existing API', inExisting, [
    lost('apigateway', 'PutMethod', 9, 2),
  ]),
  scenario('users of a pool', [orders, members]),
  scenario(
    'users of a pool, and a failure at the end',
    [orders, members],
    [failsLater('RecordOutcome', 2), lost('apigateway', 'CreateAuthorizer', 1)],
  ),
  scenario(
    'nobody knows whether there is a role',
    [orders],
    [{ ...lost('iam', 'CreateRole'), when: 'before' }],
  ),
  scenario(
    'a test that is answered late',
    [signed],
    [{ ...lost('apigateway', 'TestInvokeMethod', 1), when: 'before' }],
  ),
  scenario(
    'what was replaced cannot be deleted at once',
    [orders, changedOrders],
    [lost('iam', 'DeleteRole', 1)],
  ),
  ...aroundExecutions,
];
