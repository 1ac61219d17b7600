// A route for the users of a Cognito user pool: its authorizer is made with it, kept for the next, and rolled back.
import { APIGatewayClient, GetAuthorizersCommand, GetResourcesCommand } from '@aws-sdk/client-api-gateway';
import { afterEach, expect, it } from 'vitest';
import type { Succeeded } from '../../cli/outcome.ts';
import { openAccount, type TestAccount, walkthroughInput } from './account.ts';
import { expectRollback } from './served.ts';

let account: TestAccount;
afterEach(() => account?.aws.close());

const pool = (id: string) => `arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_${id}`;
const routeFor = (id: string, path = '/mydemoawsproxy') => ({
  ...walkthroughInput,
  path,
  authorization: { type: 'COGNITO_USER_POOLS', arn: pool(id) },
  acceptPublic: false,
});

async function provision(input: object) {
  const result = await account.run({ ...input });
  if (result.status !== 'SUCCEEDED') throw new Error(result.cause);
  return result satisfies Succeeded;
}

async function authorizersOf(restApiId: string) {
  const gateway = new APIGatewayClient(account.client);
  const { items = [] } = await gateway.send(new GetAuthorizersCommand({ restApiId }));
  const resources = await gateway.send(new GetResourcesCommand({ restApiId, embed: ['methods'] }));
  const used = (resources.items ?? []).flatMap(({ path, resourceMethods = {} }) =>
    Object.values(resourceMethods).map(({ authorizerId }) => [
      path,
      items.find(({ id }) => id === authorizerId)?.providerARNs,
    ]),
  );
  return { count: items.length, used: Object.fromEntries(used) };
}

it('makes one authorizer for each pool, and keeps it for further routes', async () => {
  account = await openAccount();
  const { restApiId } = await provision(routeFor('a'));
  expect(await authorizersOf(restApiId)).toEqual({ count: 1, used: { '/mydemoawsproxy': [pool('a')] } });
  expect((await provision(routeFor('a'))).created).toEqual([]);
  await provision(routeFor('a', '/more'));
  await provision(routeFor('b'));
  expect(await authorizersOf(restApiId)).toEqual({
    count: 2,
    used: { '/more': [pool('a')], '/mydemoawsproxy': [pool('b')] },
  });
});

it('takes the authorizer away again when the execution fails', async () => {
  await expectRollback(routeFor('a'), async () => {});
});

it('takes only its own authorizer out of an API that stays', async () => {
  account = await openAccount([
    {
      service: 'lambda',
      operation: 'Invoke',
      functionName: 'service-proxy-PutIntegration',
      kind: 'serverError',
      when: 'after',
      // Every one but the first execution's.
      attempts: Array.from({ length: 100 }, (_, index) => index + 2),
    },
  ]);
  const { restApiId } = await provision(routeFor('a'));
  const before = account.content();
  const failed = await account.run(routeFor('b', '/more'));
  expect(failed).toMatchObject({ status: 'FAILED', failedState: 'PutIntegration', notRolledBack: [] });
  expect(await authorizersOf(restApiId)).toMatchObject({ count: 1 });
  expect(account.content()).toEqual(before);
});
