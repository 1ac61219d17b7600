// What an execution made or set out to take away, and is still there: looked up in AWS, thing by thing.
import { isDeepStrictEqual } from 'node:util';
import {
  GetDeploymentCommand,
  GetModelCommand,
  GetRestApiCommand,
  GetStageCommand,
  type Resource,
} from '@aws-sdk/client-api-gateway';
import { ifFound } from '../core/errors.ts';
import type { Execution } from '../core/execution.ts';
import { routeKey } from '../core/plan.ts';
import type { Clients } from '../core/step.ts';
import { authorizersLeft } from './authorizers.ts';
import { findDeployment } from './deployments.ts';
import { gatewayResponsesLeft } from './gateway-responses.ts';
import { rolesMade } from './ledger.ts';
import { findValidator } from './methods.ts';
import { apisMadeBy, resourcesLeft, restApiOf } from './resources.ts';
import { executionThatMade } from './roles.ts';

/** A thing that is there, and the rollback state that takes it away. */
export interface Left {
  readonly what: string;
  readonly state: string;
}

export const methodOf = (resources: readonly Resource[], route: { path: string; httpMethod: string }) =>
  resources.find(({ path }) => path === route.path)?.resourceMethods?.[route.httpMethod];

export async function rolesLeft(clients: Clients, names: readonly string[], maker?: string): Promise<Left[]> {
  const left: Left[] = [];
  for (const name of names) {
    const madeBy = await ifFound(executionThatMade(clients, name));
    if (madeBy !== undefined && (maker === undefined || madeBy === maker))
      left.push({ what: `role ${name}`, state: 'DeleteRole' });
  }
  return left;
}

export const locksLeft = ({ held }: Execution): Left[] =>
  [...held.keys()].map(lock => ({ what: `lock of ${lock}`, state: 'ReleaseLock' }));

/** Stage and deployment: ours while the stage points at our deployment. */
async function deploymentLeft(
  clients: Clients,
  { plan, made }: Execution,
  restApiId: string,
): Promise<Left[]> {
  const { apigateway } = clients;
  const { name: stageName } = plan.stage;
  const known = made.get(`deployment ${stageName}`);
  if (!known) return [];
  const deploymentId = known.id ?? (await findDeployment(clients, plan, restApiId));
  if (deploymentId === undefined) return [];
  const left: Left[] = [];
  const stage = await ifFound(apigateway.send(new GetStageCommand({ restApiId, stageName })));
  const state = 'RestoreDeployment';
  if (stage?.deploymentId === deploymentId)
    left.push({ what: `stage ${stageName}, pointing at deployment ${deploymentId}`, state });
  if (await ifFound(apigateway.send(new GetDeploymentCommand({ restApiId, deploymentId }))))
    left.push({ what: `deployment ${deploymentId} of REST API ${restApiId}`, state });
  return left;
}

async function methodsLeft(clients: Clients, running: Execution, restApiId: string): Promise<Left[]> {
  const { plan, made } = running;
  const { apigateway } = clients;
  const left: Left[] = [];
  const resources = await resourcesLeft(clients, restApiId);
  for (const route of plan.routes) {
    if (!made.has(`method ${routeKey(route)}`)) continue;
    const { previous } = route.method;
    const method = methodOf(resources, route);
    if (previous ? !isDeepStrictEqual(method, previous) : method !== undefined)
      left.push({
        what: `method ${routeKey(route)} of REST API ${restApiId}${previous ? ', not as it was before' : ''}`,
        state: 'DeleteMethod',
      });
  }
  for (const thing of made.keys()) {
    const modelName = thing.startsWith('model ') ? thing.slice('model '.length) : undefined;
    if (modelName && (await ifFound(apigateway.send(new GetModelCommand({ restApiId, modelName })))))
      left.push({ what: `${thing} of REST API ${restApiId}`, state: 'DeleteMethod' });
  }
  const validator = plan.requestValidator;
  if (validator && made.has(`requestValidator ${validator.name}`)) {
    if ((await findValidator(clients, plan, restApiId)) !== undefined)
      left.push({
        what: `request validator ${validator.name} of REST API ${restApiId}`,
        state: 'DeleteMethod',
      });
  }
  for (const name of await authorizersLeft(clients, running, restApiId))
    left.push({ what: `authorizer ${name} of REST API ${restApiId}`, state: 'DeleteMethod' });
  for (const what of await gatewayResponsesLeft(clients, running, restApiId))
    left.push({ what: `${what} of REST API ${restApiId}`, state: 'DeleteMethod' });
  for (const { path } of plan.resources) {
    if (made.has(`resource ${path}`) && resources.some(one => one.path === path))
      left.push({ what: `resource ${path} of REST API ${restApiId}`, state: 'DeleteResource' });
  }
  return left;
}

async function apiLeft(clients: Clients, running: Execution): Promise<Left[]> {
  const { plan, made } = running;
  const { restApi } = plan;
  if (restApi.change !== 'CREATE') {
    const restApiId = restApiOf(running);
    if (restApiId === undefined) return [];
    const api = await ifFound(clients.apigateway.send(new GetRestApiCommand({ restApiId })));
    if (!api) return [];
    const added = restApi.change === 'UPDATE' && made.has(`restApi ${restApi.name}`);
    const types = added
      ? restApi.addBinaryMediaTypes.filter(type => api.binaryMediaTypes?.includes(type))
      : [];
    return [
      ...types.map(type => ({
        what: `binary media type ${type} of REST API ${restApiId}`,
        state: 'DeleteRestApi',
      })),
      ...(await deploymentLeft(clients, running, restApiId)),
      ...(await methodsLeft(clients, running, restApiId)),
    ];
  }
  const intent = made.get(`restApi ${restApi.name}`);
  if (!intent) return [];
  // An API goes whole, with everything in it.
  const restApiId = intent.id ?? (await apisMadeBy(clients, plan.executionName))[0]?.id;
  if (restApiId === undefined) return [];
  const there = await ifFound(clients.apigateway.send(new GetRestApiCommand({ restApiId })));
  return there ? [{ what: `REST API ${restApi.name} (${restApiId})`, state: 'DeleteRestApi' }] : [];
}

/** After a rollback: what this execution made. */
export async function leftOfProvision(clients: Clients, running: Execution): Promise<Left[]> {
  const { plan, made } = running;
  const record = `record ${plan.restApi.name}` as const;
  return [
    ...(made.has(record) ? [{ what: `the ledger's ${record}`, state: 'RestoreRecord' }] : []),
    ...(await apiLeft(clients, running)),
    ...(await rolesLeft(clients, rolesMade(made), plan.executionName)),
    ...locksLeft(running),
  ];
}

/**
 * After a provision execution that was finished: what its new definition replaced. Deployments and models that nothing
 * uses are not looked for: the next execution deletes those.
 */
export async function leftOfFinished(clients: Clients, running: Execution): Promise<Left[]> {
  const left = await rolesLeft(clients, running.plan.superseded.roles);
  return [...left.map(one => ({ ...one, state: 'DeleteSuperseded' })), ...locksLeft(running)];
}
