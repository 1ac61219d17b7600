// The deployment an execution made: which one it is.
import { GetDeploymentsCommand } from '@aws-sdk/client-api-gateway';
import type { Plan } from '../core/plan.ts';
import type { Clients } from '../core/step.ts';
import { itemsOf } from './paging.ts';

/** Deployments have no tags: the description says whose one is. */
export const descriptionOf = (plan: Plan) => `service-proxy execution ${plan.executionName}`;

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
