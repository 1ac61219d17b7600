// CORS on what API Gateway refuses by itself: served, taken back exactly, and never put on what is not ours.
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  DeleteGatewayResponseCommand,
  GetGatewayResponsesCommand,
  PutGatewayResponseCommand,
  PutIntegrationCommand,
  PutMethodCommand,
} from '@aws-sdk/client-api-gateway';
import { afterEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../local/embedded.ts';
import { openAccount, type TestAccount } from './account.ts';
import { openServing } from './served.ts';

const [shop, admin] = ['https://shop.example', 'https://admin.example'];
const topicArn = 'arn:aws:sns:us-east-1:000000000000:orders';

/** A route with a body that is validated. */
const publish = (path: string, origin?: string) => ({
  service: 'sns',
  action: 'Publish',
  path,
  resources: [topicArn],
  ...(origin !== undefined && { cors: { origins: [origin] } }),
});

const inputFor = (routes: readonly object[], api: object = { name: 'shop' }) => ({
  stage: 'test',
  api,
  authorization: { type: 'NONE' },
  acceptPublic: true,
  acceptPublicWrite: true,
  routes,
});

let account: TestAccount | undefined;
afterEach(async () => {
  await account?.aws.close();
  account = undefined;
});

async function open(faults: readonly Fault[] = []): Promise<TestAccount & { gateway: APIGatewayClient }> {
  account = await openAccount(faults);
  return { ...account, gateway: new APIGatewayClient(account.client) };
}

async function succeeding(on: TestAccount, input: Record<string, unknown>) {
  const result = await on.run(input);
  if (result.status !== 'SUCCEEDED')
    throw new Error(`${result.error} in ${result.failedState}: ${result.cause}`);
  return result;
}

/** Type → allowed origin, of the responses an API has of its own. */
async function origins(gateway: APIGatewayClient, restApiId: string) {
  const { items = [] } = await gateway.send(new GetGatewayResponsesCommand({ restApiId }));
  return Object.fromEntries(
    items
      .filter(({ defaultResponse }) => !defaultResponse)
      .map(({ responseType, responseParameters }) => [
        responseType,
        responseParameters?.['gatewayresponse.header.Access-Control-Allow-Origin'],
      ]),
  );
}

describe('a route with CORS', () => {
  it('has its headers on what API Gateway refuses, in the shape of other errors', async () => {
    account = await openServing();
    const { routes } = await succeeding(account, inputFor([publish('/orders', shop)]));
    const { url } = routes[0] as { url: string };
    const refusals = [
      await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"Message":1}',
      }),
      await fetch(`${url}/nowhere`),
    ];
    const errors = [];
    for (const response of refusals) {
      expect(response.headers.get('access-control-allow-origin')).toBe(shop);
      errors.push([response.status, ((await response.json()) as { error: object }).error]);
    }
    expect(errors).toEqual([
      [400, { type: 'BAD_REQUEST_BODY', message: 'Invalid request body', requestId: expect.any(String) }],
      [
        403,
        {
          type: 'MISSING_AUTHENTICATION_TOKEN',
          message: 'Missing Authentication Token',
          requestId: expect.any(String),
        },
      ],
    ]);
  });

  it('shares them with those of the API’s other routes, and takes them along when it is the last', async () => {
    const { gateway, content, ...rest } = await open();
    const at = { ...rest, content };
    const plain = inputFor([publish('/plain')]);
    const { restApiId } = await succeeding(at, plain);
    expect(await origins(gateway, restApiId)).toEqual({});
    const before = content();
    const both = inputFor([publish('/orders', shop), { ...publish('/orders', admin), httpMethod: 'PUT' }]);
    const first = await succeeding(at, both);
    expect(first.created).toContainEqual(
      expect.stringMatching(/^gateway response DEFAULT_4XX: .*'\*'.*every route/),
    );
    expect(await origins(gateway, restApiId)).toEqual({ DEFAULT_4XX: "'*'", DEFAULT_5XX: "'*'" });

    const remove = (one: object) => succeeding(at, { ...inputFor([one]), operation: 'remove' });
    // Without saying that it had CORS: the ledger knows.
    const once = await remove({ ...publish('/orders'), httpMethod: 'PUT' });
    expect(once.removed.join()).not.toContain('OPTIONS');
    expect(await origins(gateway, restApiId)).toEqual({ DEFAULT_4XX: `'${shop}'`, DEFAULT_5XX: `'${shop}'` });
    const twice = await remove(publish('/orders'));
    expect(twice.removed.join()).toContain('OPTIONS /orders');
    expect(await origins(gateway, restApiId)).toEqual({});
    const kept = /^apigateway\/(stages|deployments)$/;
    const without = (all: Record<string, unknown>) =>
      Object.fromEntries(Object.entries(all).filter(([name]) => !kept.test(name)));
    expect(without(content())).toEqual(without(before));
  });
});

/** Times say when, not what. */
const timeless = (all: unknown) =>
  JSON.parse(JSON.stringify(all, (name, value) => (name === 'lastUpdatedDate' ? undefined : value)));

describe('a failure long after gateway responses were changed', () => {
  it('ends with the account as it was before', async () => {
    const faults: Fault[] = [];
    const at = await open(faults);
    await succeeding(at, inputFor([publish('/plain', admin)]));
    const before = timeless([at.content(), await at.ledger()]);
    faults.push({
      service: 'lambda',
      operation: 'Invoke',
      functionName: 'service-proxy-VerifyStage',
      kind: 'serverError',
      when: 'after',
    });
    const result = await at.run(inputFor([publish('/orders', shop)]));
    expect(result).toMatchObject({ status: 'FAILED', notRolledBack: [] });
    expect(JSON.stringify(result)).toContain('gateway response DEFAULT_4XX');
    expect(timeless([at.content(), await at.ledger()])).toEqual(before);
  });
});

describe('what is not ours', () => {
  it('keeps its errors: an API that somebody else made', async () => {
    const { gateway, content, ...rest } = await open();
    const { id: restApiId, rootResourceId: resourceId } = await gateway.send(
      new CreateRestApiCommand({ name: 'theirs' }),
    );
    const method = { restApiId, resourceId, httpMethod: 'GET' };
    await gateway.send(new PutMethodCommand({ ...method, authorizationType: 'NONE' }));
    await gateway.send(new PutIntegrationCommand({ ...method, type: 'MOCK' }));
    await gateway.send(
      new PutGatewayResponseCommand({ restApiId, responseType: 'THROTTLED', statusCode: '503' }),
    );
    await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'test' }));
    const of = () => content()['apigateway/gatewayresponses'];
    const before = of();
    const result = await succeeding(
      { ...rest, content },
      inputFor([publish('/orders', shop)], { id: restApiId }),
    );
    expect(result.kept).toContainEqual(
      expect.stringMatching(/^gateway response DEFAULT_4XX: it is not ours/),
    );
    expect(of()).toEqual(before);
  });

  it('keeps its errors: a response that somebody else put into our API', async () => {
    const { gateway, ...at } = await open();
    const { restApiId } = await succeeding(at, inputFor([publish('/plain')]));
    const theirs = { restApiId, responseType: 'DEFAULT_4XX' as const };
    await gateway.send(new PutGatewayResponseCommand({ ...theirs, responseParameters: {} }));
    const result = await succeeding(at, inputFor([publish('/orders', shop)]));
    expect(result.kept).toContainEqual(
      expect.stringMatching(/^gateway response DEFAULT_4XX: it is not ours/),
    );
    expect(await origins(gateway, restApiId)).toEqual({ DEFAULT_4XX: undefined, DEFAULT_5XX: `'${shop}'` });
    // Once it is gone, ours takes its place.
    await gateway.send(new DeleteGatewayResponseCommand(theirs));
    await succeeding(at, inputFor([publish('/orders', shop)]));
    expect(await origins(gateway, restApiId)).toEqual({ DEFAULT_4XX: `'${shop}'`, DEFAULT_5XX: `'${shop}'` });
  });
});
