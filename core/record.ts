// What the ledger says of an API once a plan has been carried out.
import type { ApiRecord, RouteRecord, StageRecord } from './existing.ts';
import { findRoute, type Plan, type RoutePlan } from './plan.ts';
import { fingerprintOfRole } from './role.ts';
import { fingerprintOfRoute } from './same-method.ts';

interface Made {
  readonly restApiId: string;
  readonly deploymentId: string | undefined;
  readonly validatorId: string | undefined;
}

function recordOf(plan: Plan, route: RoutePlan, before: RouteRecord | undefined, made: Made): RouteRecord {
  const roleName = route.role?.name;
  const { definition } = route.method;
  const { validate } = definition ?? {};
  return {
    path: route.path,
    httpMethod: route.httpMethod,
    service: route.service,
    action: route.action,
    ...(roleName !== undefined && { roleName }),
    ...(route.model && { modelName: route.model.name }),
    ...(route.cors && { cors: route.cors }),
    ...(definition && { methodFingerprint: fingerprintOfRoute({ ...route, definition }, route.role?.arn) }),
    ...(route.role && { roleFingerprint: fingerprintOfRole(route.role) }),
    ...((validate?.body || validate?.parameters) &&
      made.validatorId !== undefined && { requestValidatorId: made.validatorId }),
    servedBy: { ...before?.servedBy, [plan.stage.name]: roleName === undefined ? {} : { roleName } },
  };
}

/** The record after the plan; undefined when the API is no longer any of our business. */
export function recordAfter(plan: Plan, before: ApiRecord | undefined, made: Made): ApiRecord | undefined {
  const { restApi, stage } = plan;
  if (restApi.change === 'DELETE') return undefined;
  const others = (before?.routes ?? []).filter(route => !findRoute(plan.routes, route));
  const stages: readonly StageRecord[] = (before?.stages ?? []).filter(({ name }) => name !== stage.name);
  const isStageOwned =
    stage.change === 'CREATE' || (before?.stages.find(({ name }) => name === stage.name)?.isOwned ?? false);
  const apiItself = {
    restApiId: made.restApiId,
    name: restApi.name,
    isOwned: restApi.change === 'CREATE' || (before?.isOwned ?? false),
    binaryMediaTypes:
      restApi.change === 'CREATE'
        ? restApi.binaryMediaTypes
        : [
            ...new Set([
              ...(before?.binaryMediaTypes ?? []),
              ...(restApi.change === 'UPDATE' ? restApi.addBinaryMediaTypes : []),
            ]),
          ],
  };
  const validatorId =
    plan.requestValidator?.change === 'CREATE' ? made.validatorId : before?.requestValidatorId;
  const isValidatorOurs = validatorId !== undefined && plan.requestValidator?.change !== 'DELETE';
  const gatewayResponses = (plan.gatewayResponses ?? []).flatMap(({ responseType, definition }) =>
    definition ? responseType : [],
  );
  const api = {
    ...apiItself,
    ...(isValidatorOurs && { requestValidatorId: validatorId }),
    ...(gatewayResponses.length > 0 && { gatewayResponses }),
  };
  if (plan.operation === 'provision') {
    const created = plan.resources.filter(({ change }) => change === 'CREATE').map(({ path }) => ({ path }));
    const deploymentId = made.deploymentId ?? stage.previousDeploymentId ?? '';
    return {
      ...api,
      resources: [
        ...(before?.resources ?? []).filter(one => !created.some(({ path }) => path === one.path)),
        ...created,
      ],
      routes: [
        ...others,
        ...plan.routes.map(route => recordOf(plan, route, findRoute(before?.routes, route), made)),
      ],
      stages: [...stages, { name: stage.name, isOwned: isStageOwned, deploymentId }],
    };
  }
  // Another stage may go on serving a removed route from its own deployment: its role must stay known.
  const stillServed = (before?.routes ?? []).flatMap(route => {
    if (!findRoute(plan.routes, route)) return [];
    const { [stage.name]: _, ...servedBy } = route.servedBy;
    return Object.keys(servedBy).length > 0 ? [{ ...route, servedBy }] : [];
  });
  const removed = plan.resources.filter(({ change }) => change === 'DELETE').map(({ path }) => path);
  const after: ApiRecord = {
    ...api,
    resources: (before?.resources ?? []).filter(({ path }) => !removed.includes(path)),
    routes: [...others, ...stillServed],
    stages:
      stage.change === 'DELETE' || made.deploymentId === undefined
        ? stages
        : [...stages, { name: stage.name, isOwned: isStageOwned, deploymentId: made.deploymentId }],
  };
  const isOurs = after.isOwned || after.routes.length + after.resources.length > 0;
  return isOurs ? after : undefined;
}
