// What must hold at every moment, looked at with every write: deployments, locks, roles, and other routes.
import type { ApiSnapshot, DeploymentDocument, StageDocument } from '../../local/apigateway/model.ts';
import type { RoleDocument } from '../../local/iam/model.ts';
import type { ItemListener } from './ledger-table.ts';
import type { Write } from './past.ts';
import type { World } from './world.ts';

/** A route that was served before, and has to be served all the time. */
export interface ServedRoute {
  readonly restApiId: string;
  readonly stageName: string;
  readonly path: string;
  readonly httpMethod: string;
}

const methodsOf = (snapshot: ApiSnapshot) =>
  snapshot.resources.flatMap(({ path, resourceMethods }) =>
    Object.entries(resourceMethods).map(([httpMethod, method]) => ({ path, httpMethod, method })),
  );

/** Ours are complete when each method response has its integration response. */
function halfBuilt({ snapshot }: DeploymentDocument): string[] {
  return methodsOf(snapshot).flatMap(({ path, httpMethod, method }) => {
    const wanted = Object.keys(method.methodResponses ?? {});
    const given = Object.keys(method.methodIntegration?.integrationResponses ?? {});
    const isComplete =
      method.methodIntegration && wanted.length > 0 && wanted.every(status => given.includes(status));
    return method.operationName === undefined || isComplete ? [] : [`${httpMethod} ${path}`];
  });
}

const isServed = (world: World, { restApiId, stageName, path, httpMethod }: ServedRoute): boolean => {
  const stage = world.store.collection<StageDocument>('apigateway/stages').get(`${restApiId}/${stageName}`);
  const deployment = world.store
    .collection<DeploymentDocument>('apigateway/deployments')
    .get(`${restApiId}/${stage?.deploymentId}`);
  return (
    deployment !== undefined &&
    methodsOf(deployment.snapshot).some(one => one.path === path && one.httpMethod === httpMethod)
  );
};

const allowedActions = new Set(['sns:ListTopics', 'sns:Publish', 'sns:ListSubscriptions']);

function excess({ path, inlinePolicies, attachedPolicies }: RoleDocument): string[] {
  if (path !== '/service-proxy/') return [];
  const actions = Object.values(inlinePolicies).flatMap(policy =>
    (JSON.parse(policy) as { Statement: { Action: string | string[] }[] }).Statement.flatMap(
      one => one.Action,
    ),
  );
  return [...attachedPolicies, ...actions.filter(action => !allowedActions.has(action))];
}

/** Adds a line to `violations` whenever something does not hold. */
export function watch(world: World, others: readonly ServedRoute[], violations: string[]): void {
  const onWrite = ({ collection, key, document, before }: Write) => {
    if (collection === 'apigateway/deployments' && document && !before) {
      const half = halfBuilt(document as DeploymentDocument);
      if (half.length > 0) violations.push(`(d) deployment ${key} holds the half-built ${half.join(', ')}`);
    }
    if (collection === 'iam/roles' && document) {
      const more = excess(document as RoleDocument);
      if (more.length > 0) violations.push(`(g) role ${key} holds ${more.join(', ')}`);
    }
    if (/^apigateway\/(restapis|stages|deployments)$/.test(collection)) {
      for (const route of others)
        if (!isServed(world, route))
          violations.push(`(f) ${route.httpMethod} ${route.path} is not served after a write to ${key}`);
    }
  };
  const onItem: ItemListener = (key, before, after) => {
    if (!key.startsWith('LOCK#')) return;
    const [was, is] = [before?.holder?.S, after?.holder?.S];
    const isValid = Number(before?.leaseUntil?.N ?? 0) >= world.aws.clock.now();
    if (was !== undefined && is !== undefined && was !== is && isValid)
      violations.push(`(e) ${key.replace('\n', ' ')} went from ${was} to ${is} while it was held`);
  };
  world.store.onWrite(onWrite);
  world.table.onWrite(onItem);
}
