// Random inputs and random accounts for plans: few names, so that they often meet.
import fc from 'fast-check';
import { findOperation } from '../../catalog/catalog.ts';
import { type ProvisionInput, parseInput } from '../../core/input.ts';
import type { Planning } from '../../core/planning.ts';
import { designRoutes } from '../../core/routes.ts';
import { emptyModel, existingIn, type Model, methodsIn } from './plan-model.ts';

export const target = { partition: 'aws', region: 'us-east-1', account: '000000000000' };

const arn = (service: string, name: string) => `arn:aws:${service}:us-east-1:000000000000:${name}`;

/** With one without a body, some with one, one of bytes, and what each of them may touch. */
const operations = [
  { service: 'sns', action: 'ListTopics', resources: [] },
  { service: 'sns', action: 'Publish', resources: [arn('sns', 'orders')] },
  { service: 'sqs', action: 'SendMessage', resources: [arn('sqs', 'orders'), arn('sqs', 'others')] },
  { service: 'dynamodb', action: 'GetItem', resources: [arn('dynamodb', 'table/orders')] },
  { service: 'kinesis', action: 'ListStreams', resources: [] },
  {
    service: 's3',
    action: 'GetObject',
    resources: ['arn:aws:s3:::orders/*'],
    constant: { Bucket: 'orders', Key: 'k' },
  },
] as const;

const paths = ['/', '/a', '/a/b', '/a/c', '/d', '/d/e/f'];
const pools = ['one', 'two'].map(name => arn('cognito-idp', `userpool/us-east-1_${name}`));

const authorization = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom({ type: 'AWS_IAM' }, { type: 'NONE' }, { type: 'API_KEY' }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...pools).map(pool => ({ type: 'COGNITO_USER_POOLS', arn: pool })),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'CUSTOM', authorizerId: 'abc123' }) },
);

const route = fc
  .record({
    operation: fc.constantFrom(...operations),
    path: fc.constantFrom(...paths),
    httpMethod: fc.option(fc.constantFrom('GET', 'POST', 'PUT'), { nil: undefined, freq: 2 }),
    authorization,
    isShared: fc.boolean(),
    cors: fc.option(
      fc.constantFrom({ origins: ['https://example.com'] }, { origins: ['https://other.example'] }),
      { nil: undefined, freq: 3 },
    ),
  })
  .map(({ operation: { service, action, resources, ...more }, httpMethod, cors, isShared, ...rest }) => ({
    ...rest,
    service,
    action,
    acceptPublic: true,
    acceptPublicWrite: true,
    ...(resources.length > 0 && { resources: isShared ? resources : resources.slice(0, 1) }),
    ...(httpMethod && { httpMethod }),
    ...(cors && { cors }),
    ...('constant' in more && {
      parameters: Object.fromEntries(Object.entries(more.constant).map(([name, value]) => [name, { value }])),
    }),
  }));

const keyOf = (one: { readonly path: string; readonly httpMethod?: string; readonly action: string }) =>
  `${one.httpMethod ?? one.action} ${one.path}`;

/** What an input asks for, apart from the API. */
export const asked = fc.record({
  stage: fc.constantFrom('test', 'prod'),
  routes: fc.uniqueArray(route, { minLength: 1, maxLength: 4, selector: keyOf }),
});

export type Asked = ReturnType<typeof asked.generate>['value'];

/** Somebody else's API, and how they use it; or none at all. */
const foreign: fc.Arbitrary<Model> = fc
  .record({
    methods: fc.uniqueArray(
      fc.record({ path: fc.constantFrom(...paths), httpMethod: fc.constantFrom('GET', 'POST', 'OPTIONS') }),
      { maxLength: 4, selector: ({ path, httpMethod }) => `${httpMethod} ${path}` },
    ),
    stages: fc.subarray(['test', 'prod', 'theirs']),
    binaryMediaTypes: fc.subarray(['image/png', '*/*']),
    gatewayResponses: fc.subarray([
      { responseType: 'BAD_REQUEST_BODY' as const, responseParameters: {}, responseTemplates: {} },
      { responseType: 'DEFAULT_4XX' as const, responseParameters: {}, responseTemplates: {} },
    ]),
    requestValidators: fc.subarray([
      { id: 'v1', name: 'theirs' },
      { id: 'v2', name: 'service-proxy' },
    ]),
  })
  .map(({ methods, stages, ...rest }) => ({
    ...emptyModel,
    ...rest,
    restApi: {
      id: 'theirs',
      name: 'theirs',
      rootResourceId: 'root',
      binaryMediaTypes: rest.binaryMediaTypes,
    },
    resources: [...new Set(['/', ...methods.flatMap(({ path }) => ancestorsOf(path))])].map(path => ({
      id: `at ${path}`,
      path,
      methods: Object.fromEntries(
        methods
          .filter(one => one.path === path)
          .map(({ httpMethod }) => [
            httpMethod,
            { httpMethod, authorizationType: 'NONE', methodIntegration: { type: 'MOCK' as const } },
          ]),
      ),
    })),
    stages: Object.fromEntries(stages.map(name => [name, `deployment of ${name}`])),
  }))
  .map(model => ({
    ...model,
    deployments: Object.fromEntries(
      Object.values(model.stages).map(deploymentId => [deploymentId, methodsIn(model.resources)]),
    ),
  }));

const ancestorsOf = (path: string): string[] =>
  path === '/' ? ['/'] : [...ancestorsOf(path.slice(0, path.lastIndexOf('/')) || '/'), path];

export const startingModel: fc.Arbitrary<Model> = fc.oneof(fc.constant(emptyModel), foreign);

export const apiFor = (start: Model) => (start.restApi ? { id: start.restApi.id } : { name: 'A' });

export interface Lists {
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

/** As handlers/planning.ts makes it. */
export function planningOf(
  model: Model,
  given: object,
  executionName: string,
  settings: Lists = { allow: ['*'], deny: [] },
): Planning {
  const input: ProvisionInput = parseInput(given);
  const design = designRoutes(input, { findOperation, home: target, settings });
  return { input, ...design, existing: existingIn(model, input), executionName };
}
