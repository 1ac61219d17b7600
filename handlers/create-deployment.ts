// Deploys the API: a deployment without a stage, checked against the one before, then the stage is pointed at it.
import {
  CreateDeploymentCommand,
  CreateStageCommand,
  DeleteDeploymentCommand,
  DeleteStageCommand,
  type Deployment,
  GetDeploymentCommand,
  GetStageCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { ifFound, isConflict, isNotFound, ServiceProxyError } from '../core/errors.ts';
import type { Execution } from '../core/execution.ts';
import { ownerTag, type Plan } from '../core/plan.ts';
import type { Clients, Rollback, Step } from '../core/step.ts';
import { descriptionOf, findDeployment } from './deployments.ts';
import { forgetMade, recordIntent } from './ledger.ts';
import { holdLocks, retakeLocks } from './locks.ts';
import { checkSettled, makeOnce } from './making.ts';
import { apiGateway, ledger } from './permissions.ts';
import { restApiOf } from './resources.ts';
import { serve } from './serve.ts';

type Summary = Deployment['apiSummary'];

const methodsOf = (summary: Summary): string[] =>
  Object.entries(summary ?? {}).flatMap(([path, methods]) =>
    Object.keys(methods).map(method => `${method} ${path}`),
  );

/**
 * A deployment publishes the API as a whole. What it would publish or stop serving besides the planned routes
 * is somebody else's business, and refused.
 */
function checkSummary(plan: Plan, before: Summary, after: Summary): void {
  const planned = new Set(plan.routes.map(({ httpMethod, path }) => `${httpMethod} ${path}`));
  const [was, is] = [new Set(methodsOf(before)), new Set(methodsOf(after))];
  const added = [...is].filter(method => !was.has(method) && !planned.has(method));
  const lost = [...was].filter(method => !is.has(method) && !planned.has(method));
  if (added.length + lost.length === 0) return;
  const parts = [
    added.length > 0 ? `publish ${added.join(', ')}` : [],
    lost.length > 0 ? `stop serving ${lost.join(', ')}` : [],
  ].flat();
  throw new ServiceProxyError(
    'Refused',
    `deploying to stage ${plan.stage.name} would also ${parts.join(' and ')}, which this execution did not plan. ` +
      'Name those routes too, or use an API of its own.',
  );
}

async function createOnce(
  clients: Clients,
  { execution, plan, made }: Execution,
  restApiId: string,
): Promise<string> {
  const command = new CreateDeploymentCommand({ restApiId, description: descriptionOf(plan) });
  return makeOnce(clients, execution, made, {
    thing: `deployment ${plan.stage.name}`,
    find: () => findDeployment(clients, plan, restApiId),
    make: async () => (await clients.apigateway.send(command)).id,
  });
}

/** The deployment a stage points at; undefined where there is no stage. */
async function servedBy({ apigateway }: Clients, restApiId: string, stageName: string) {
  return (await ifFound(apigateway.send(new GetStageCommand({ restApiId, stageName }))))?.deploymentId;
}

async function pointStage(
  clients: Clients,
  { execution, plan }: Execution,
  restApiId: string,
  deploymentId: string,
): Promise<void> {
  const { apigateway } = clients;
  const { name: stageName, change, previousDeploymentId } = plan.stage;
  if (change === 'CREATE') {
    await recordIntent(clients, execution, `stage ${stageName}`);
    try {
      const tags = { ...plan.tags, [ownerTag]: plan.executionName };
      await apigateway.send(new CreateStageCommand({ restApiId, stageName, deploymentId, tags }));
    } catch (error) {
      if (!isConflict(error)) throw error;
      const stage = await apigateway.send(new GetStageCommand({ restApiId, stageName }));
      if (stage.deploymentId !== deploymentId) {
        await forgetMade(clients, plan.executionName, `stage ${stageName}`);
        throw new ServiceProxyError(
          'NotOwned',
          `stage ${stageName} was made by somebody else since the plan`,
        );
      }
    }
    return;
  }
  const stage = await apigateway.send(new GetStageCommand({ restApiId, stageName }));
  if (stage.deploymentId === deploymentId) return; // an earlier attempt got this far
  if (stage.deploymentId !== previousDeploymentId) {
    throw new ServiceProxyError(
      'NotOwned',
      `stage ${stageName} was deployed by somebody else since the plan`,
    );
  }
  const patchOperations = [{ op: 'replace' as const, path: '/deploymentId', value: deploymentId }];
  await apigateway.send(new UpdateStageCommand({ restApiId, stageName, patchOperations }));
}

const rollback: Rollback = {
  name: 'RestoreDeployment',
  permissions: [
    apiGateway(['GET'], '/restapis/*/deployments', '/restapis/*/stages/*'),
    apiGateway(['PATCH', 'DELETE'], '/restapis/*/stages/*'),
    apiGateway(['DELETE'], '/restapis/*/deployments/*'),
    ledger('Query', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'),
  ],
  timeoutSeconds: 120,
  async run(running, clients) {
    const { plan, made } = running;
    const rolledBack: string[] = [];
    const { apigateway } = clients;
    const known = made.get(`deployment ${plan.stage.name}`);
    const restApiId = restApiOf(running);
    if (!known || restApiId === undefined) return { rolledBack };
    await retakeLocks(clients, running);
    const deploymentId = known.id ?? (await findDeployment(clients, plan, restApiId));
    if (deploymentId === undefined) {
      checkSettled(clients, made, `deployment ${plan.stage.name}`);
      return { rolledBack };
    }
    const { name: stageName, change, previousDeploymentId } = plan.stage;
    try {
      const stage = await apigateway.send(new GetStageCommand({ restApiId, stageName }));
      // Only while it still points at ours: somebody may have deployed since.
      if (stage.deploymentId === deploymentId) {
        if (change === 'CREATE') {
          await apigateway.send(new DeleteStageCommand({ restApiId, stageName }));
          rolledBack.push(`stage ${stageName}`);
        } else if (previousDeploymentId !== undefined) {
          const patchOperations = [
            { op: 'replace' as const, path: '/deploymentId', value: previousDeploymentId },
          ];
          await apigateway.send(new UpdateStageCommand({ restApiId, stageName, patchOperations }));
          rolledBack.push(`stage ${stageName} back to deployment ${previousDeploymentId}`);
        }
      }
    } catch (error) {
      if (!isNotFound(error)) throw error; // the stage was never made
    }
    try {
      await apigateway.send(new DeleteDeploymentCommand({ restApiId, deploymentId }));
      rolledBack.push(`deployment ${deploymentId}`);
    } catch (error) {
      if (!isNotFound(error)) throw error; // an earlier attempt deleted it
    }
    await forgetMade(clients, plan.executionName, `deployment ${stageName}`);
    return { rolledBack };
  },
};

export const createDeployment: Step<'CreateDeployment'> = {
  name: 'CreateDeployment',
  permissions: [
    apiGateway(['GET', 'POST'], '/restapis/*/deployments'),
    apiGateway(['GET'], '/restapis/*/deployments/*'),
    apiGateway(['POST'], '/restapis/*/stages'),
    apiGateway(['GET', 'PATCH', 'DELETE'], '/restapis/*/stages/*'),
    apiGateway(['PUT'], '/tags/*'),
    ledger('Query', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'),
  ],
  timeoutSeconds: 120,

  async run(running, clients) {
    const { plan } = running;
    await holdLocks(clients, running);
    const { stage } = plan;
    const restApiId = restApiOf(running) ?? '';
    const { apigateway } = clients;
    if (stage.change === 'KEEP')
      return stage.previousDeploymentId ? { deploymentId: stage.previousDeploymentId } : {};
    if (stage.change === 'DELETE') {
      try {
        await apigateway.send(new DeleteStageCommand({ restApiId, stageName: stage.name }));
      } catch (error) {
        if (!isNotFound(error)) throw error; // an earlier attempt deleted it
      }
      return {};
    }
    const isRepeated = running.made.has(`deployment ${stage.name}`);
    const deploymentId = await createOnce(clients, running, restApiId);
    // What an earlier attempt checked against, and replaced, may be deleted by now.
    if (isRepeated && (await servedBy(clients, restApiId, stage.name)) === deploymentId)
      return { deploymentId };
    // The first deployment of an API that this execution made holds nothing but its own routes.
    if (plan.restApi.change !== 'CREATE') {
      const summaryOf = async (id?: string) =>
        id === undefined
          ? undefined
          : (
              await apigateway.send(
                new GetDeploymentCommand({ restApiId, deploymentId: id, embed: ['apisummary'] }),
              )
            ).apiSummary;
      checkSummary(plan, await summaryOf(stage.previousDeploymentId), await summaryOf(deploymentId));
    }
    await pointStage(clients, running, restApiId, deploymentId);
    return { deploymentId };
  },

  rollback,
};

export const handler = serve(createDeployment);
export const rollbackHandler = serve(rollback);
