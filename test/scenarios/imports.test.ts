// Many routes under API Gateway's rates: one import puts what single calls would put, and touches nothing else.
import type { Method, RestApi } from '@aws-sdk/client-api-gateway';
import { afterEach, expect, it } from 'vitest';
import type { ResourceDocument } from '../../local/apigateway/model.ts';
import { apiGatewayService } from '../../local/apigateway/service.ts';
import { type Aws, type Operation, ServiceError } from '../../local/service.ts';
import { makeTopics, openAccount, type TestAccount } from './account.ts';

const topicArn = 'arn:aws:sns:us-east-1:000000000000:orders';
const userPool = 'arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_a';
const listTopics = { service: 'sns', action: 'ListTopics' };
const publish = { service: 'sns', action: 'Publish', resources: [topicArn], test: { skip: 'it publishes' } };
/** Open, signed, with a key, with an authorizer; without and with a body; with a variable; with a preflight. */
const input = {
  stage: 'test',
  api: { name: 'Many' },
  routes: [
    ...Array.from({ length: 7 }, (_, index) => ({
      ...listTopics,
      path: `/open-${index}`,
      authorization: { type: 'NONE' },
      acceptPublic: true,
    })),
    { ...listTopics, path: '/signed' },
    { ...listTopics, path: '/keyed', authorization: { type: 'API_KEY' } },
    { ...listTopics, path: '/users', authorization: { type: 'COGNITO_USER_POOLS', arn: userPool } },
    { ...publish, path: '/orders', cors: { origins: ['https://example.com'] } },
    {
      ...{ service: 'sns', action: 'GetTopicAttributes', path: '/topics/{TopicArn}' },
      ...{ resources: [topicArn], test: { skip: 'it need not be there' } },
    },
  ],
};

const opened: TestAccount[] = [];
afterEach(async () => {
  for (const { aws } of opened.splice(0)) await aws.close();
});

type Change = (operations: Readonly<Record<string, Operation>>) => Record<string, Operation>;

/** Under the quotas, which is where methods are imported. */
async function anAccount(quotas = true, change?: Change): Promise<TestAccount> {
  const apigateway = (aws: Aws) => {
    const service = apiGatewayService(aws);
    return { ...service, operations: { ...service.operations, ...change?.(service.operations) } };
  };
  const account = await openAccount([], { quotas, ...(change && { services: { apigateway } }) });
  opened.push(account);
  await makeTopics(account, 'orders');
  return account;
}

const documentsOf = <T>({ aws }: TestAccount, name: string) =>
  Object.values(aws.store.content()[`apigateway/${name}`] ?? {}) as T[];

/** Without ids and names that differ from account to account, and the model of empty bodies, which no import names. */
function comparable({ requestValidatorId, authorizerId, methodIntegration, ...method }: Method) {
  const { cacheNamespace: _, credentials, ...integration } = methodIntegration ?? {};
  const plain = JSON.stringify({ ...method, integration }, (name, value) =>
    name === 'responseModels' ||
    (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
      ? undefined
      : value,
  );
  const has = [requestValidatorId, authorizerId, credentials].map(id => id !== undefined);
  return { has, ...JSON.parse(plain) };
}

const methodsOf = (account: TestAccount) =>
  Object.fromEntries(
    documentsOf<ResourceDocument>(account, 'resources').flatMap(({ path, resourceMethods }) =>
      Object.entries(resourceMethods).map(([httpMethod, method]) => [
        `${httpMethod} ${path}`,
        comparable(method),
      ]),
    ),
  );

const refusing: Change = () => ({
  PutRestApi: () => {
    throw new ServiceError('BadRequestException', 400, 'Errors found during import:\n\tnot today');
  },
});

it('makes the same of a plan as single calls do, which are made where a document is refused', async () => {
  const seen: unknown[] = [];
  let imports = 0;
  for (const account of [await anAccount(false), await anAccount(), await anAccount(true, refusing)]) {
    account.aws.onCall(({ operation, error }) => {
      if (operation === 'PutRestApi' && error === undefined) imports += 1;
    });
    expect(await account.run(input)).toMatchObject({ status: 'SUCCEEDED' });
    seen.push({ methods: methodsOf(account), models: documentsOf<object>(account, 'models').length });
  }
  expect(imports).toBe(1);
  expect(seen.slice(1)).toEqual([seen[0], seen[0]]);
});

it('leaves the API itself as somebody has made it meanwhile', async () => {
  const account = await anAccount();
  await account.run({ ...input, routes: [{ ...listTopics, path: '/first' }] });
  const [api] = documentsOf<RestApi>(account, 'restapis');
  const restApiId = api?.id ?? '';
  const patchOperations = [
    { op: 'replace', path: '/name', value: 'Renamed' },
    { op: 'replace', path: '/description', value: 'theirs' },
    { op: 'add', path: '/binaryMediaTypes/image~1png' },
    { op: 'replace', path: '/version', value: '2.7' },
  ];
  const { aws } = account;
  await aws.call('apigateway', 'UpdateRestApi', { restApiId, patchOperations }, aws.credentials);
  const before = documentsOf(account, 'restapis');
  expect(await account.run(input)).toMatchObject({ status: 'SUCCEEDED' });
  expect(documentsOf(account, 'restapis')).toEqual(before);
});

it('takes no method for its own that somebody else has put in its place', async () => {
  let isTaken = true;
  const account = await anAccount(true, operations => ({
    async PutMethod(method, call) {
      const put = await operations.PutMethod?.(method, call);
      if (!isTaken) {
        isTaken = true;
        await operations.DeleteMethod?.(method, call);
        await operations.PutMethod?.({ ...method, operationName: 'Theirs' }, call);
      }
      return put ?? {};
    },
  }));
  await account.run({ ...input, routes: [{ ...listTopics, path: '/first' }] });
  isTaken = false;
  const result = await account.run(input);
  expect(result).toMatchObject({
    status: 'ROLLBACK_INCOMPLETE',
    failedState: 'PutIntegration',
    error: 'NotOwned',
  });
  const theirs = Object.values(methodsOf(account)).filter(method => method.operationName === 'Theirs');
  expect(theirs).toHaveLength(1);
  expect(theirs[0]).not.toHaveProperty('integration.type');
});
