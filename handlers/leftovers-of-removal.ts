// What a removal has not taken away yet.
import { GetRestApiCommand, GetStageCommand } from '@aws-sdk/client-api-gateway';
import { ifFound } from '../core/errors.ts';
import type { Execution } from '../core/execution.ts';
import { routeKey } from '../core/plan.ts';
import type { Clients } from '../core/step.ts';
import { gatewayResponsesLeft } from './gateway-responses.ts';
import { type Left, locksLeft, methodOf, rolesLeft } from './leftovers.ts';
import { resourcesLeft } from './resources.ts';

/** Nothing where it has not taken anything away: then all is as it was before. */
export async function leftOfRemoval(clients: Clients, running: Execution): Promise<Left[]> {
  const { plan } = running;
  const { apigateway } = clients;
  const { restApi, stage } = plan;
  const restApiId = 'id' in restApi ? restApi.id : '';
  const api = await ifFound(apigateway.send(new GetRestApiCommand({ restApiId })));
  const resources = await resourcesLeft(clients, restApiId);
  const planned = plan.routes.filter(({ method }) => method.change === 'DELETE');
  const methods = planned.filter(route => methodOf(resources, route)?.methodIntegration);
  const doomed = plan.routes.flatMap(({ role }) => (role?.change === 'DELETE' ? [role.name] : []));
  const roles = await rolesLeft(clients, doomed);
  const now = await ifFound(apigateway.send(new GetStageCommand({ restApiId, stageName: stage.name })));
  const isStageAsBefore = stage.change === 'KEEP' || now?.deploymentId === stage.previousDeploymentId;
  const isUntouched =
    api && isStageAsBefore && methods.length === planned.length && roles.length === doomed.length;
  const locks = locksLeft(running);
  if (isUntouched) return locks;
  const responses = await gatewayResponsesLeft(clients, { plan, made: new Map() }, restApiId);
  return [
    ...methods.map(route => ({ what: `method ${routeKey(route)}`, state: 'RemoveMethod' })),
    ...responses.map(what => ({ what, state: 'RemoveMethod' })),
    ...(isStageAsBefore && stage.change !== 'KEEP'
      ? [{ what: `stage ${stage.name}, not redeployed`, state: 'RedeployStage' }]
      : []),
    ...plan.resources
      .filter(({ change, path }) => change === 'DELETE' && resources.some(one => one.path === path))
      .map(({ path }) => ({ what: `resource ${path}`, state: 'RemoveResource' })),
    ...(api && restApi.change === 'DELETE'
      ? [{ what: `REST API ${restApi.name} (${restApiId})`, state: 'RemoveRestApi' }]
      : []),
    ...roles.map(one => ({ ...one, state: 'RemoveRole' })),
    { what: `the ledger's record ${restApi.name}`, state: 'RecordRemoval' },
    ...locks,
  ];
}
