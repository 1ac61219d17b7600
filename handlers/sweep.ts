// Looks through the account for what no execution answers for: dead executions, orphans, and what was changed by hand.
import { DeleteRestApiCommand, GetRestApisCommand, GetStageCommand } from '@aws-sdk/client-api-gateway';
import { ListRolesCommand } from '@aws-sdk/client-iam';
import { DescribeExecutionCommand, RedriveExecutionCommand } from '@aws-sdk/client-sfn';
import { ifFound } from '../core/errors.ts';
import type { ApiRecord } from '../core/existing.ts';
import { executionArnBeside, finishCommand, rollbackMachineOf } from '../core/failure.ts';
import { gatewayResponseFor, isAsDefined, originsOf } from '../core/gateway-responses.ts';
import { ownerTag, routeKey } from '../core/plan.ts';
import { rolePath } from '../core/role.ts';
import { allow, type Clients, type EventFunction } from '../core/step.ts';
import type { PlannedTarget } from '../core/target.ts';
import { listGatewayResponses } from './gateway-responses.ts';
import { type LedgerContent, readLedger } from './ledger-scan.ts';
import { methodOf } from './leftovers.ts';
import { longestPause } from './locks.ts';
import { itemsOf } from './paging.ts';
import { apiGateway, describesExecutions, ledgerRead, ledgerScan } from './permissions.ts';
import { resourcesLeft } from './resources.ts';
import { deleteOwnedRole, deletesRoles, executionThatMade, roleArns } from './roles.ts';
import { serveEvent } from './serve.ts';
import { startRollback, startsRollback } from './watchdog.ts';

/** What a sweep found; `removed` only where it was asked to remove. */
export interface SweepReport {
  readonly finishing: readonly { readonly execution: string; readonly command: string }[];
  readonly orphans: readonly string[];
  readonly removed: readonly string[];
  readonly drift: readonly string[];
  /** Accounts and regions that could not be looked into, and why. */
  readonly unreachable: readonly string[];
}

/** Whether an execution has ended, and nobody means to keep what it left. */
async function isDead({ sfn, now }: Clients, executionArn: string): Promise<boolean> {
  const { status, cause = '{}', stopDate } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
  if (status === 'RUNNING') return false;
  const isPaused = cause.includes('"status":"PAUSED"');
  return !isPaused || (stopDate?.getTime() ?? 0) + longestPause < now();
}

/** A rollback that failed before is driven again: what stood in its way may be gone. False for one that succeeded. */
async function finish(clients: Clients, executionArn: string, name: string): Promise<boolean> {
  if (await startRollback(clients, executionArn, name)) return true;
  const rollbackArn = executionArnBeside(rollbackMachineOf(executionArn), name);
  const { status = '', redriveStatus } = await clients.sfn.send(
    new DescribeExecutionCommand({ executionArn: rollbackArn }),
  );
  if (['FAILED', 'ABORTED', 'TIMED_OUT'].includes(status) && redriveStatus === 'REDRIVABLE')
    await clients.sfn.send(new RedriveExecutionCommand({ executionArn: rollbackArn }));
  return status !== 'SUCCEEDED';
}

async function finishDead(clients: Clients, machineArn: string, { unsettled, takenOver }: LedgerContent) {
  const finishing: SweepReport['finishing'][number][] = [];
  for (const name of [...unsettled, ...takenOver]) {
    const execution = executionArnBeside(machineArn, name);
    if (!(await isDead(clients, execution))) continue;
    const isUnderWay = await finish(clients, execution, name);
    if (isUnderWay || unsettled.includes(name))
      finishing.push({ execution, command: finishCommand(execution) });
  }
  return finishing;
}

interface Orphan {
  readonly what: string;
  remove(): Promise<unknown>;
}

/** Things with our tag that no record names, and whose execution is not about to settle them. */
async function findOrphans(clients: Clients, { apis, unsettled }: LedgerContent): Promise<Orphan[]> {
  const orphans: Orphan[] = [];
  const known = new Set(apis.map(({ restApiId }) => restApiId));
  for await (const { id = '', name, tags } of itemsOf(page =>
    clients.apigateway.send(new GetRestApisCommand(page)),
  )) {
    const maker = tags?.[ownerTag];
    if (maker === undefined || known.has(id) || unsettled.includes(maker)) continue;
    const remove = () => clients.apigateway.send(new DeleteRestApiCommand({ restApiId: id }));
    orphans.push({ what: `REST API ${name} (${id})`, remove });
  }
  const used = new Set(apis.flatMap(rolesOf));
  let Marker: string | undefined;
  do {
    const page = await clients.iam.send(
      new ListRolesCommand({ PathPrefix: rolePath, ...(Marker && { Marker }) }),
    );
    for (const { RoleName: name = '' } of page.Roles ?? []) {
      if (used.has(name)) continue;
      const maker = await ifFound(executionThatMade(clients, name));
      if (maker === undefined || unsettled.includes(maker)) continue;
      orphans.push({ what: `role ${name}`, remove: () => deleteOwnedRole(clients, name, maker) });
    }
    Marker = page.Marker;
  } while (Marker);
  return orphans;
}

/** Home first, then each place with the ways to reach it. */
function placesOf({ targets }: LedgerContent): { place: string; reach: readonly PlannedTarget[] }[] {
  const others = new Set(targets.map(({ place }) => place));
  const reaching = (place: string) => targets.filter(one => one.place === place);
  return [{ place: '', reach: [] }, ...[...others].map(place => ({ place, reach: reaching(place) }))];
}

/** A role may have been deleted, or trust us no more, since an API was placed there. */
async function firstReachable(
  clients: Clients,
  place: string,
  ways: readonly PlannedTarget[],
  unreachable: string[],
): Promise<Clients | undefined> {
  const reasons: string[] = [];
  for (const reach of ways) {
    const there = clients.at(reach, 'service-proxy-sweep');
    try {
      await there.apigateway.config.credentials();
      return there;
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  unreachable.push(`${place.replace(/\/$/, '')}: ${reasons.join('; ')}`);
  return undefined;
}

const rolesOf = ({ routes }: ApiRecord) =>
  routes.flatMap(({ roleName, servedBy }) =>
    [roleName ?? [], Object.values(servedBy).flatMap(served => served.roleName ?? [])].flat(),
  );

async function driftOfGatewayResponses(clients: Clients, api: ApiRecord, at: string): Promise<string[]> {
  const { restApiId, routes, gatewayResponses = [] } = api;
  const found = gatewayResponses.length > 0 ? await listGatewayResponses(clients, restApiId) : [];
  return gatewayResponses.flatMap(type => {
    const there = found.find(({ responseType }) => responseType === type);
    if (!there) return [`gateway response ${type} ${at} was deleted`];
    return isAsDefined(there, gatewayResponseFor(originsOf(routes)))
      ? []
      : [`gateway response ${type} ${at} was changed`];
  });
}

/** What the ledger says is there, and is not, or not as it was put. */
async function findDrift(clients: Clients, api: ApiRecord): Promise<string[]> {
  const { restApiId, name, routes, stages } = api;
  const drift: string[] = [];
  const resources = await resourcesLeft(clients, restApiId);
  if (resources.length === 0) return [`REST API ${name} (${restApiId}) was deleted`];
  const at = `of REST API ${name} (${restApiId})`;
  for (const route of routes) {
    const method = methodOf(resources, route);
    const { roleName } = route;
    const credentials = method?.methodIntegration?.credentials;
    if (!method) drift.push(`method ${routeKey(route)} ${at} was deleted`);
    else if (method.operationName !== route.action || (roleName && !credentials?.endsWith(`/${roleName}`)))
      drift.push(`method ${routeKey(route)} ${at} was changed`);
  }
  drift.push(...(await driftOfGatewayResponses(clients, api, at)));
  for (const roleName of new Set(rolesOf(api)))
    if ((await ifFound(executionThatMade(clients, roleName))) === undefined)
      drift.push(`role ${roleName} was deleted, or lost its tag`);
  for (const { name: stageName, deploymentId } of stages) {
    const stage = await ifFound(clients.apigateway.send(new GetStageCommand({ restApiId, stageName })));
    if (!stage) drift.push(`stage ${stageName} ${at} was deleted`);
    else if (stage.deploymentId !== deploymentId)
      drift.push(`stage ${stageName} ${at} was deployed by somebody else`);
  }
  return drift;
}

export const sweep: EventFunction = {
  name: 'Sweep',
  permissions: [
    apiGateway(['GET'], '/restapis', '/restapis/*', '/restapis/*/resources', '/restapis/*/stages/*'),
    apiGateway(['DELETE'], '/restapis/*'),
    allow(['iam:ListRoles'], [roleArns]),
    ...deletesRoles,
    startsRollback,
    allow(
      ['states:RedriveExecution'],
      ['arn:{partition}:states:{region}:{account}:execution:ServiceProxyRollback:*'],
    ),
    describesExecutions,
    ledgerRead,
    ledgerScan,
  ],
  timeoutSeconds: 900,

  async run(event, clients): Promise<SweepReport> {
    const { stateMachineArn = '', remove = false } = event as { stateMachineArn?: string; remove?: boolean };
    const content = await readLedger(clients);
    const finishing = await finishDead(clients, stateMachineArn, content);
    const found = { orphans: [] as string[], removed: [] as string[], drift: [] as string[] };
    const unreachable: string[] = [];
    for (const { place, reach } of placesOf(content)) {
      const there = reach.length > 0 ? await firstReachable(clients, place, reach, unreachable) : clients;
      if (!there) continue;
      const apis = content.apis.filter(api => api.place === place);
      const suffix = place === '' ? '' : ` in ${place.replace(/\/$/, '')}`;
      const orphans = await findOrphans(there, { ...content, apis });
      for (const { what, remove: removeOrphan } of orphans) {
        found.orphans.push(what + suffix);
        if (!remove) continue;
        await removeOrphan();
        found.removed.push(what + suffix);
      }
      for (const api of apis) {
        const changes = await findDrift(there, api);
        found.drift.push(...changes.map(change => change + suffix));
      }
    }
    return { finishing, ...found, unreachable };
  },
};

export const handler = serveEvent(sweep);
