import { CreateAuthorizerCommand } from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import { aGateway, mock } from './gateway.ts';

const statement = (effect: string, resource: string) => ({
  Effect: effect,
  Action: 'execute-api:Invoke',
  Resource: resource,
});

describe('a Lambda authorizer', () => {
  async function anAuthorizedRoute() {
    const authorizer = {
      name: 'authorizer',
      timeoutSeconds: 5,
      policy: { Version: '2012-10-17', Statement: [] },
      async invoke(event: unknown) {
        const { authorizationToken: token, methodArn } = event as Record<string, string>;
        if (token === 'unknown') throw new Error('Unauthorized');
        if (token === 'broken') throw new Error('out of order');
        const effect = token === 'allow' ? 'Allow' : 'Deny';
        const policyDocument = { Version: '2012-10-17', Statement: [statement(effect, methodArn ?? '')] };
        return { principalId: 'someone', policyDocument, context: { plan: 'free' } };
      },
    };
    const api = await aGateway({}, { functions: [authorizer] });
    const { gateway, restApiId } = api;
    const authorizerCredentials = await api.aRole({
      Effect: 'Allow',
      Action: 'lambda:InvokeFunction',
      Resource: '*',
    });
    const { id: authorizerId } = await gateway.send(
      new CreateAuthorizerCommand({
        restApiId,
        name: 'tokens',
        type: 'TOKEN',
        identitySource: 'method.request.header.Authorization',
        authorizerUri:
          'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:authorizer/invocations',
        authorizerCredentials,
      }),
    );
    await api.addRoute({
      pathPart: 'pets',
      ...mock('$context.authorizer.principalId $context.authorizer.plan'),
      method: { authorizationType: 'CUSTOM', authorizerId },
    });
    await api.deploy();
    return async (token?: string) => {
      const { status, body } = await api.call('/pets', { headers: token ? { Authorization: token } : {} });
      return [status, body];
    };
  }

  it('lets in whom the function’s policy allows, and nobody else', async () => {
    const call = await anAuthorizedRoute();
    expect(await call('allow')).toEqual([200, 'someone free']);
    expect(await call('deny')).toEqual([
      403,
      '{"Message":"User is not authorized to access this resource with an explicit deny"}',
    ]);
    expect(await call()).toEqual([401, '{"message":"Unauthorized"}']);
    expect(await call('unknown')).toEqual([401, '{"message":"Unauthorized"}']);
    expect((await call('broken'))[0]).toBe(500);
  });
});

describe('the policy of an API', () => {
  async function statusesWith(...statements: object[]) {
    const Statement = statements.map(one => ({ Principal: '*', ...one }));
    const { addRoute, deploy, call } = await aGateway({
      policy: JSON.stringify({ Version: '2012-10-17', Statement }),
    });
    await addRoute({ pathPart: 'pets', ...mock() });
    await addRoute({ pathPart: 'keys', ...mock() });
    await deploy();
    return [(await call('/pets')).status, (await call('/keys')).status];
  }

  it('decides on calls that nobody signed', async () => {
    const all = statement('Allow', 'execute-api:/*');
    expect(await statusesWith(all)).toEqual([200, 200]);
    expect(await statusesWith(statement('Allow', 'execute-api:/*/POST/pets'))).toEqual([200, 403]);
    expect(await statusesWith(all, statement('Deny', 'execute-api:/dev/*/keys'))).toEqual([200, 403]);
  });
});
