// Scenarios of the sweep: what it finds in an account, and a rollback that it drives again.
import {
  APIGatewayClient,
  CreateRestApiCommand,
  DeleteMethodCommand,
  GetResourcesCommand,
} from '@aws-sdk/client-api-gateway';
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  ListRolesCommand,
} from '@aws-sdk/client-iam';
import { invokeFunction } from '../../cli/invoke-function.ts';
import { ownerTag } from '../../core/plan.ts';
import { rolePolicyName } from '../../core/role.ts';
import type { TestAccount } from '../scenarios/account.ts';
import { runUntil } from '../scenarios/interrupted.ts';
import { orders, signed } from './inputs.ts';
import { failsLater, refused, restOf, type Scenario, withoutIds } from './playing.ts';

const sweep = ({ engine }: TestAccount) =>
  invokeFunction(engine, 'Sweep', { stateMachineArn: engine.stateMachineArn, remove: true }).catch(String);

/** Until the rollback that it starts has ended, or that it drives again. */
async function sweepAndFinish(account: TestAccount, dead: string): Promise<unknown> {
  const report = await sweep(account);
  const rollback = dead.replace('ServiceProxyProvisioning', 'ServiceProxyRollback');
  if (JSON.stringify(report).includes(dead)) await (await account.aws.states()).ended(rollback);
  return report;
}

export async function deleteRolesOf({ client }: TestAccount, prefix: string): Promise<void> {
  const iam = new IAMClient(client);
  const { Roles = [] } = await iam.send(new ListRolesCommand({ PathPrefix: '/service-proxy/' }));
  for (const { RoleName = '' } of Roles.filter(({ RoleName = '' }) => RoleName.startsWith(prefix))) {
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: rolePolicyName }));
    await iam.send(new DeleteRoleCommand({ RoleName }));
  }
}

/** A dead execution, orphans of one that has ended, a method and a role that somebody has deleted. */
const swept: Scenario = {
  name: 'an account that is swept',
  async play(account) {
    const first = await account.run({ ...signed, cors: { origins: ['https://example.com'] } });
    const restApiId = 'restApiId' in first ? first.restApiId : '';
    const apigateway = new APIGatewayClient(account.client);
    const maker = first.executionArn.split(':').at(-1) ?? '';
    const tags = { [ownerTag]: maker };
    await apigateway.send(new CreateRestApiCommand({ name: 'orphan', tags }));
    await new IAMClient(account.client).send(
      new CreateRoleCommand({
        Path: '/service-proxy/',
        RoleName: 'service-proxy-orphan',
        Tags: [{ Key: ownerTag, Value: maker }],
        AssumeRolePolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' },
        }),
      }),
    );
    const { items = [] } = await apigateway.send(new GetResourcesCommand({ restApiId }));
    const resourceId = items.find(({ path }) => path === '/sns/ListTopics')?.id ?? '';
    await apigateway.send(new DeleteMethodCommand({ restApiId, resourceId, httpMethod: 'GET' }));
    await deleteRolesOf(account, 'service-proxy-sns');
    const dead = await runUntil(account, orders, 'PutMethod', 'left');
    const report = await sweepAndFinish(account, dead);
    return [withoutIds([report, await sweep(account)]), await restOf(account)];
  },
};

/** Neither the execution nor the four passes of its rollback execution may delete the API; then somebody lets it. */
const redriven: Scenario = {
  name: 'a failed rollback that the sweep drives again',
  options: () => ({
    faults: [
      failsLater('VerifyStage'),
      { ...refused('apigateway', 'DeleteRestApi'), attempts: [1, 2, 3, 4, 5] },
    ],
  }),
  async play(account) {
    const { executionArn } = await account.run(orders);
    const first = await sweepAndFinish(account, executionArn);
    const second = await sweepAndFinish(account, executionArn);
    return [withoutIds([first, second, await sweep(account)]), await restOf(account)];
  },
};

export const sweeps: readonly Scenario[] = [swept, redriven];
