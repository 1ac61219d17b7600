// The plan of a removal: the walkthrough's "Clean up", for exactly what this product made.
import { invalidInput } from './errors.ts';
import type { Existing, RouteRecord } from './existing.ts';
import {
  findRoute,
  type Plan,
  type ResourceChange,
  type RestApiChange,
  type RoutePlan,
  routeKey,
  type StageChange,
} from './plan.ts';
import { planGatewayResponses } from './plan-gateway-responses.ts';
import { isPreflight, preflightsOf, type Removed } from './plan-preflights.ts';
import type { Planning } from './planning.ts';
import { roleArn } from './role.ts';

type Removal = Pick<
  Plan,
  'restApi' | 'requestValidator' | 'gatewayResponses' | 'resources' | 'routes' | 'stage' | 'superseded'
>;

/** Roles in use by other stages, whose deployments go on serving the route. */
const rolesElsewhere = (record: RouteRecord, stage: string) =>
  Object.entries(record.servedBy).flatMap(([name, { roleName }]) => (name === stage ? [] : (roleName ?? [])));

function removeRoute(
  { existing, input, target }: Planning,
  design: Removed,
  record: RouteRecord,
  modelIsShared: boolean,
): RoutePlan {
  const previous = existing.resources.find(({ path }) => path === record.path)?.methods[record.httpMethod];
  const roleName = record.servedBy[input.stage]?.roleName ?? record.roleName;
  const isRoleUsed = roleName !== undefined && rolesElsewhere(record, input.stage).includes(roleName);
  return {
    path: record.path,
    httpMethod: record.httpMethod,
    service: record.service,
    action: record.action,
    authorization: design.authorization,
    method: previous ? { change: 'DELETE', previous } : { change: 'KEEP' },
    ...(roleName !== undefined && {
      role: {
        change: isRoleUsed ? ('KEEP' as const) : ('DELETE' as const),
        name: roleName,
        arn: roleArn(target, roleName),
        trustPolicy: '',
        permissionsPolicy: '',
      },
    }),
    ...(record.modelName !== undefined && {
      model: {
        change: modelIsShared ? ('KEEP' as const) : ('DELETE' as const),
        name: record.modelName,
        contentType: 'application/json',
        schema: '',
      },
    }),
    test: design.test,
  };
}

/** What stays in the API once the routes are gone. */
function methodsLeft(existing: Existing, removed: ReadonlySet<string>): Map<string, string[]> {
  return new Map(
    existing.resources.map(({ path, methods }) => [
      path,
      Object.keys(methods).filter(httpMethod => !removed.has(routeKey({ httpMethod, path }))),
    ]),
  );
}

function removeResources(
  existing: Existing,
  left: ReadonlyMap<string, readonly string[]>,
  routes: readonly RoutePlan[],
): ResourceChange[] {
  const ours = new Set(existing.record?.resources.map(({ path }) => path));
  const onPaths = (path: string) =>
    routes.some(route => route.path === path || route.path.startsWith(`${path}/`));
  const isEmpty = (path: string) => (left.get(path) ?? []).length === 0;
  // Taken away by an earlier removal that broke off, or by hand: only the ledger still knows them.
  const gone = [...ours].filter(path => onPaths(path) && !existing.resources.some(one => one.path === path));
  const there: ResourceChange[] = existing.resources
    .filter(({ path }) => path !== '/' && ours.has(path) && onPaths(path))
    .filter(({ path }) =>
      existing.resources.every(one =>
        one.path !== path && !one.path.startsWith(`${path}/`)
          ? true
          : isEmpty(one.path) && ours.has(one.path),
      ),
    )
    .map(({ path, id }) => ({ change: 'DELETE', path, id }));
  const absent = gone.map((path): ResourceChange => ({ change: 'DELETE', path }));
  return [...there, ...absent].sort((one, other) => one.path.length - other.path.length);
}

function removeStage(
  { existing, input }: Planning,
  isEmptied: boolean,
  staying: readonly RouteRecord[],
): StageChange {
  const { stage, record } = existing;
  if (!stage) return { change: 'KEEP', name: input.stage };
  const recorded = record?.stages.find(({ name }) => name === input.stage);
  const planned = { name: input.stage, previousDeploymentId: stage.deploymentId };
  const servesMore = staying.some(route => input.stage in route.servedBy);
  const isOurs = recorded?.isOwned && recorded.deploymentId === stage.deploymentId;
  if (recorded?.isOwned && (isEmptied || (isOurs && !servesMore))) return { change: 'DELETE', ...planned };
  if (isEmptied) {
    throw invalidInput([
      {
        path: '$.stage',
        message: `stage ${input.stage} is not ours and API Gateway deploys no API without methods; delete the stage first`,
      },
    ]);
  }
  refuseToPublish({ existing, input }, staying);
  return { change: 'UPDATE', ...planned };
}

/** A stage is deployed anew with the whole API: also with what only other stages were to serve. */
function refuseToPublish(
  { existing, input }: Pick<Planning, 'existing' | 'input'>,
  staying: readonly RouteRecord[],
): void {
  const isThere = ({ path, httpMethod }: RouteRecord) =>
    existing.resources.some(one => one.path === path && httpMethod in one.methods);
  const published = staying.filter(route => isThere(route) && !(input.stage in route.servedBy)).map(routeKey);
  if (published.length === 0) return;
  const message = `deploying stage ${input.stage} without these routes would publish ${published.join(', ')}, which only other stages serve; remove those there first, or provision them on ${input.stage} too`;
  throw invalidInput([{ path: '$.stage', message }], 'Refused');
}

/** @throws ServiceProxyError `InvalidInput` where a route is not one this product made and serves on that stage. */
export function planRemoval(planning: Planning): Removal {
  const { existing, input } = planning;
  const { restApi: api, record } = existing;
  const problems = [];
  const pairs: [Removed, RouteRecord][] = [];
  for (const design of planning.routes.filter(one => !isPreflight(one))) {
    const found = findRoute(record?.routes, design);
    if (!found || !(input.stage in found.servedBy)) {
      problems.push({
        path: design.at,
        message: `${routeKey(design)} is not served on stage ${input.stage} by this product`,
      });
    } else if (found.service !== design.service || found.action !== design.action) {
      problems.push({
        path: design.at,
        message: `${routeKey(design)} exposes ${found.service} ${found.action}, not ${design.service} ${design.action}`,
      });
    } else pairs.push([design, found]);
  }
  if (problems.length > 0) throw invalidInput(problems);
  pairs.push(...preflightsOf(planning, pairs));
  const removed = new Set(pairs.map(([, found]) => routeKey(found)));
  const staying = (record?.routes ?? []).filter(route => !removed.has(routeKey(route)));
  const served = pairs.filter(([, { servedBy }]) => Object.keys(servedBy).length > 1);
  const left = methodsLeft(existing, removed);
  const routes = pairs.map(([design, found]) =>
    removeRoute(
      planning,
      design,
      found,
      staying.some(({ modelName }) => modelName === found.modelName),
    ),
  );
  const isEmptied = [...left.values()].every(methods => methods.length === 0);
  const resources = removeResources(existing, left, routes);
  const otherStages = (record?.stages ?? []).filter(({ name }) => name !== input.stage);
  const goesWhole =
    isEmptied &&
    record?.isOwned === true &&
    otherStages.length === 0 &&
    existing.resources.every(({ path }) => path === '/' || resources.some(one => one.path === path));
  const identity = {
    id: api?.id ?? record?.restApiId ?? '',
    name: api?.name ?? record?.name ?? '',
    rootResourceId: api?.rootResourceId ?? '',
  };
  const restApi: RestApiChange = { change: goesWhole || !api ? 'DELETE' : 'KEEP', ...identity };
  const stillServed = served.map(([, found]) => found);
  const gatewayResponses =
    restApi.change === 'DELETE'
      ? []
      : planGatewayResponses(planning, [...staying, ...stillServed]).filter(
          ({ change, definition }) => definition || change === 'DELETE',
        );
  const validator = existing.requestValidators.find(({ id }) => id === record?.requestValidatorId);
  const isValidatorUsed = staying.some(({ requestValidatorId }) => requestValidatorId === validator?.id);
  return {
    restApi,
    ...(validator && !isValidatorUsed && { requestValidator: { change: 'DELETE' as const, ...validator } }),
    ...(gatewayResponses.length > 0 && { gatewayResponses }),
    resources,
    routes,
    stage: removeStage(planning, isEmptied, staying),
    superseded: { roles: [], models: [] },
  };
}
