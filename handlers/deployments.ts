// The deployments this product made: which one is whose, and deleting those that no stage serves any more.
import { DeleteDeploymentCommand, GetDeploymentsCommand } from '@aws-sdk/client-api-gateway';
import { isInUse, isNotFound } from '../core/errors.ts';
import type { Plan } from '../core/plan.ts';
import type { Clients } from '../core/step.ts';
import { itemsOf } from './paging.ts';

/** Deployments have no tags: the description says whose one is. */
const ours = 'service-proxy execution ';
export const descriptionOf = (plan: Plan) => `${ours}${plan.executionName}`;

export async function findDeployment(
  { apigateway }: Pick<Clients, 'apigateway'>,
  plan: Plan,
  restApiId: string,
): Promise<string | undefined> {
  const ask = (page: object) => apigateway.send(new GetDeploymentsCommand({ restApiId, ...page }));
  for await (const { id, description } of itemsOf(ask)) {
    if (description === descriptionOf(plan)) return id;
  }
  return undefined;
}

/** Whichever execution made them, and however it ended. `serving` are known to be in use, and not tried. */
export async function deleteUnusedDeployments(
  { apigateway }: Pick<Clients, 'apigateway'>,
  restApiId: string,
  serving: ReadonlySet<string>,
): Promise<string[]> {
  const deleted: string[] = [];
  const ask = (page: object) => apigateway.send(new GetDeploymentsCommand({ restApiId, ...page }));
  for await (const { id, description } of itemsOf(ask)) {
    if (!id || !description?.startsWith(ours) || serving.has(id)) continue;
    try {
      await apigateway.send(new DeleteDeploymentCommand({ restApiId, deploymentId: id }));
      deleted.push(`deployment ${id}`);
    } catch (error) {
      // A stage of somebody else's may serve it, or an earlier attempt has deleted it.
      if (!isInUse(error) && !isNotFound(error)) throw error;
    }
  }
  return deleted;
}
