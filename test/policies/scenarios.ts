// What is played to see whether a permission is needed: the ways forward, the ways back, and lost answers on both.

import {
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  ListRolesCommand,
} from '@aws-sdk/client-iam';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Fault } from '../../local/embedded.ts';
import { makeTopics, type TestAccount, walkthroughInput } from '../scenarios/account.ts';
import { runUntil } from '../scenarios/interrupted.ts';

export interface Scenario {
  readonly name: string;
  readonly faults: readonly Fault[];
  readonly watch?: boolean;
  /** With API Gateway's rates, and so with what is done for them. */
  readonly quotas?: boolean;
  /** What happened, in a form that can be compared. */
  play(account: TestAccount): Promise<unknown>;
}

type Input = Readonly<Record<string, unknown>>;

const signed: Input = { service: 'sns', action: 'ListTopics', stage: 'test', api: { name: 'Signed' } };
const queueArn = 'arn:aws:sqs:us-east-1:000000000000:orders';
const api = { name: 'Orders' };
/** A request validator, a model, CORS, tags. */
const orders: Input = {
  ...{ service: 'sqs', action: 'SendMessage', stage: 'test', api, path: '/orders' },
  ...{ resources: [queueArn], cors: { origins: ['https://example.com'] }, tags: { team: 'shop' } },
  parameters: {
    QueueUrl: { value: 'http://sqs.us-east-1.localhost/000000000000/orders' },
    MessageBody: { from: 'body' },
  },
  test: { skip: 'it would send a message' },
};
/** Another definition of the same route: another model and another role. */
const changedOrders: Input = {
  ...orders,
  parameters: { ...(orders.parameters as Input), DelaySeconds: { value: 5 } },
  resources: [queueArn, `${queueArn}-of-today`],
};
const photos: Input = {
  ...{ service: 's3', action: 'GetObject', stage: 'test', api },
  ...{ resources: ['arn:aws:s3:::photos/*'], test: { skip: 'there is no object' } },
  path: '/photos/{Bucket}/{Key}',
  cors: { origins: ['https://photos.example.com'] },
};
const removalOf = (input: Input) => ({ ...input, operation: 'remove' });

async function play(account: TestAccount, inputs: readonly Input[]): Promise<unknown[]> {
  await makeTopics(account, 'orders');
  await new SQSClient(account.client).send(new CreateQueueCommand({ QueueName: 'orders' }));
  await new S3Client({ ...account.client, forcePathStyle: true }).send(
    new CreateBucketCommand({ Bucket: 'photos' }),
  );
  const ended: unknown[] = [];
  for (const input of inputs) ended.push(await outcomeOf(account, input));
  return [ended, Object.keys(account.content()), await account.ledger()];
}

async function outcomeOf(account: TestAccount, input: Input): Promise<unknown> {
  const { status, ...result } = await account.run(input);
  return status === 'SUCCEEDED'
    ? { status, left: 'left' in result ? result.left : undefined }
    : { status, ...('error' in result && { error: result.error, state: result.failedState }) };
}

const scenario = (name: string, inputs: readonly Input[], faults: readonly Fault[] = []): Scenario => ({
  name,
  faults,
  play: account => play(account, inputs),
});

/** The first execution gets through; then the state fails as often as it tries. */
const failsLater = (state: string, from: number): Fault => ({
  ...{ service: 'lambda', operation: 'Invoke', functionName: `service-proxy-${state}` },
  ...{ kind: 'serverError', when: 'after' },
  attempts: Array.from({ length: 40 }, (_, index) => index + from),
});
const lost = (service: string, operation: string, times: number): Fault => ({
  ...{ service, operation, kind: 'serverError', when: 'after' },
  attempts: Array.from({ length: times }, (_, index) => index + 1),
});

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

/** In an API that is there already: taking the API away would take everything along. */
const inExisting: readonly Input[] = [{ ...signed, api }, orders];

/** Made without an answer, and not found again before the way back. */
const neverFound = (create: string, find: string, inputs: readonly Input[] = [orders], from = 1): Scenario =>
  scenario(`what ${create} made is found on the way back only`, inputs, [
    lost('apigateway', create, 200),
    {
      ...{ service: 'apigateway', operation: find, kind: 'serverError' },
      attempts: Array.from({ length: 6 }, (_, index) => index + from),
    },
  ]);

const roleGone: Scenario = {
  name: 'a role that somebody has deleted',
  faults: [],
  async play(account) {
    const first = await play(account, [orders]);
    const iam = new IAMClient(account.client);
    const { Roles = [] } = await iam.send(new ListRolesCommand({ PathPrefix: '/service-proxy/' }));
    for (const { RoleName = '' } of Roles) {
      const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
      for (const PolicyName of PolicyNames) {
        await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
      }
      await iam.send(new DeleteRoleCommand({ RoleName }));
    }
    return [first, await outcomeOf(account, orders)];
  },
};

const stopped = (state: string, inputs: readonly Input[]): Scenario => ({
  name: `stopped in ${state}, and rolled back by the watchdog`,
  faults: [],
  watch: true,
  async play(account) {
    await play(account, inputs.slice(0, -1));
    const states = await account.aws.states();
    const rolledBack = new Promise<string>(resolve => {
      const forget = states.onStatusChange(({ status, stateMachineArn }) => {
        if (status === 'RUNNING' || !stateMachineArn.endsWith('ServiceProxyRollback')) return;
        forget();
        resolve(status);
      });
    });
    await runUntil(account, inputs.at(-1) ?? {}, state, 'entered');
    const tooLate = account.aws.clock.sleep(3_600_000).then(() => 'nothing within an hour');
    const watched = await Promise.race([rolledBack, tooLate]);
    return [watched, Object.keys(account.content()), await account.ledger()];
  },
});

/** So many that most is put by an import. */
const manyRoutes: Scenario = {
  name: 'many routes under the quotas',
  faults: [],
  quotas: true,
  play: account =>
    outcomeOf(account, {
      ...{ stage: 'test', api },
      routes: Array.from({ length: 12 }, (_, index) => ({
        ...{ service: 'sns', action: 'ListTopics', path: `/topics-${index}` },
      })),
    }),
};

export const scenarios: readonly Scenario[] = [
  manyRoutes,
  scenario('the walkthrough and its clean-up', [walkthroughInput, removalOf(walkthroughInput)]),
  scenario('a signed route', [signed]),
  scenario('a route with a body, changed and removed', [orders, changedOrders, removalOf(changedOrders)]),
  scenario('two routes, one removed', [orders, photos, removalOf(photos)]),
  scenario('a new route that fails at the end', [orders], [failsLater('RecordOutcome', 1)]),
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
  ...creations.map(([service, operation]) =>
    scenario(`every answer of ${operation} lost`, [orders], [lost(service, operation, 200)]),
  ),
  scenario(
    'a rollback that cannot finish',
    [orders],
    [failsLater('VerifyStage', 1), { ...failsLater('DeleteRestApi', 1), when: 'before' }],
  ),
  scenario(
    'a role that cannot be made',
    [orders],
    [{ ...lost('iam', 'CreateRole', 200), kind: 'denied', when: 'before' }],
  ),
  scenario(
    'a role that stays behind',
    [orders],
    [failsLater('VerifyStage', 1), { ...failsLater('DeleteRole', 1), when: 'before' }],
  ),
  roleGone,
  neverFound('CreateRestApi', 'GetRestApis'),
  neverFound('CreateRequestValidator', 'GetRequestValidators', inExisting, 3),
  scenario('answers of PutMethod lost in an existing API', inExisting, [
    { ...lost('apigateway', 'PutMethod', 200), attempts: [2, 3, 4, 5, 6, 7, 8, 9, 10] },
  ]),
  scenario('the same request again', [
    { ...orders, clientToken: 'once' },
    { ...orders, clientToken: 'once' },
  ]),
  scenario(
    'nobody knows whether there is a role',
    [orders],
    [{ ...lost('iam', 'CreateRole', 200), when: 'before' }],
  ),
  neverFound('CreateDeployment', 'GetDeployments'),
  stopped('PutIntegration', [orders]),
  stopped('RecordOutcome', [orders, changedOrders]),
];
