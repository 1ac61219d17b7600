// The sweep finds what no execution answers for, and what somebody changed by hand.
import {
  APIGatewayClient,
  CreateRestApiCommand,
  DeleteGatewayResponseCommand,
  DeleteMethodCommand,
  GetResourcesCommand,
  PutGatewayResponseCommand,
} from '@aws-sdk/client-api-gateway';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { afterEach, describe, expect, it } from 'vitest';
import { invokeFunction } from '../../cli/invoke-function.ts';
import { ownerTag } from '../../core/plan.ts';
import { openAccount, type TestAccount, walkthroughInput } from './account.ts';
import { runUntil } from './interrupted.ts';

let account: TestAccount | undefined;
afterEach(async () => {
  await account?.aws.close();
  account = undefined;
});

const sweep = ({ engine }: TestAccount, remove = false) =>
  invokeFunction(engine, 'Sweep', { stateMachineArn: engine.stateMachineArn, remove });

const withCors = { ...walkthroughInput, cors: { origins: ['https://shop.example'] } };

const nothing = { finishing: [], orphans: [], removed: [], drift: [], unreachable: [] };

describe('the sweep', () => {
  it('finds nothing in an account where everything is in order', async () => {
    account = await openAccount();
    await account.run(withCors);
    expect(await sweep(account)).toEqual(nothing);
  });

  it('has an execution finished that was stopped while nobody watched', async () => {
    account = await openAccount();
    const [before, ledger] = [account.content(), await account.ledger()];
    const execution = await runUntil(account, walkthroughInput, 'PutMethod', 'left');
    expect(await sweep(account)).toMatchObject({ finishing: [{ execution }], orphans: [] });
    const states = await account.aws.states();
    await states.ended(execution.replace('ServiceProxyProvisioning', 'ServiceProxyRollback'));
    expect(account.content()).toEqual(before);
    expect(await account.ledger()).toEqual(ledger);
    expect(await sweep(account)).toEqual(nothing);
  });

  it('removes orphans with our tag when it is asked to, and nothing of others', async () => {
    account = await openAccount();
    const iam = new IAMClient(account.client);
    const apigateway = new APIGatewayClient(account.client);
    const trust = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    });
    const role = { Path: '/service-proxy/', AssumeRolePolicyDocument: trust };
    await iam.send(new CreateRoleCommand({ ...role, RoleName: 'somebody-elses' }));
    await apigateway.send(new CreateRestApiCommand({ name: 'somebody-elses' }));
    const elsewhere = { Key: ownerTag, Value: 'of-a-deployment-in-another-region' };
    await iam.send(
      new CreateRoleCommand({ ...role, RoleName: 'service-proxy-elsewhere', Tags: [elsewhere] }),
    );
    const before = account.content();
    const { executionArn } = await account.run({ ...walkthroughInput, action: 'NoSuchAction' });
    const tag = { Key: ownerTag, Value: executionArn.split(':').at(-1) };
    await iam.send(new CreateRoleCommand({ ...role, RoleName: 'service-proxy-orphan', Tags: [tag] }));
    const { id } = await apigateway.send(
      new CreateRestApiCommand({ name: 'orphan', tags: { [ownerTag]: 'long-gone' } }),
    );
    const orphans = [`REST API orphan (${id})`, 'role service-proxy-orphan'];
    expect(await sweep(account)).toEqual({ ...nothing, orphans });
    expect(await sweep(account, true)).toEqual({ ...nothing, orphans, removed: orphans });
    expect(account.content()).toEqual(before);
  });

  it('reports what was deleted or changed by hand', async () => {
    account = await openAccount();
    const result = await account.run(withCors);
    if (result.status !== 'SUCCEEDED') throw new Error('it must have succeeded');
    const { restApiId } = result;
    const apigateway = new APIGatewayClient(account.client);
    const { items = [] } = await apigateway.send(new GetResourcesCommand({ restApiId }));
    const resourceId = items.find(({ path }) => path === '/mydemoawsproxy')?.id ?? '';
    await apigateway.send(new DeleteMethodCommand({ restApiId, resourceId, httpMethod: 'GET' }));
    const responseParameters = { 'gatewayresponse.header.x-by-hand': "'1'" };
    await apigateway.send(
      new PutGatewayResponseCommand({ restApiId, responseType: 'DEFAULT_4XX', responseParameters }),
    );
    await apigateway.send(new DeleteGatewayResponseCommand({ restApiId, responseType: 'DEFAULT_5XX' }));
    const api = `of REST API MyDemoAPI (${restApiId})`;
    const drift = [
      `method GET /mydemoawsproxy ${api} was deleted`,
      `gateway response DEFAULT_4XX ${api} was changed`,
      `gateway response DEFAULT_5XX ${api} was deleted`,
    ];
    expect(await sweep(account)).toEqual({ ...nothing, drift });
  });
});
