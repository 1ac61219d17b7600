// Looks through the account for what no execution answers for: dead executions, orphans, and what was changed by hand.
import { DescribeExecutionCommand, RedriveExecutionCommand } from '@aws-sdk/client-sfn';
import { executionArnBeside, finishCommand, rollbackMachineOf } from '../core/failure.ts';
import { allow, type Clients, type EventFunction } from '../core/step.ts';
import type { PlannedTarget } from '../core/target.ts';
import { findDrift } from './drift.ts';
import { type LedgerContent, readLedger } from './ledger-scan.ts';
import { longestPause } from './locks.ts';
import { orphanedApis, orphanedRoles } from './orphans.ts';
import { apiGateway, describesExecutions, ledger } from './permissions.ts';
import { deletesRoles, roleArns } from './roles.ts';
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

export const sweep: EventFunction = {
  name: 'Sweep',
  permissions: [
    apiGateway(
      ['GET'],
      '/restapis',
      '/restapis/*/resources',
      '/restapis/*/gatewayresponses',
      '/restapis/*/stages/*',
    ),
    apiGateway(['DELETE'], '/restapis/*'),
    allow(['iam:ListRoles', 'iam:GetRolePolicy'], [roleArns]),
    ...deletesRoles,
    startsRollback,
    allow(
      ['states:RedriveExecution'],
      ['arn:{partition}:states:{region}:{account}:execution:ServiceProxyRollback:*'],
    ),
    describesExecutions,
    ledger('Scan'),
  ],
  timeoutSeconds: 900,

  async run(event, clients): Promise<SweepReport> {
    const { stateMachineArn = '', remove = false } = event as { stateMachineArn?: string; remove?: boolean };
    const content = await readLedger(clients);
    const finishing = await finishDead(clients, stateMachineArn, content);
    const found = { orphans: [] as string[], removed: [] as string[], drift: [] as string[] };
    const unreachable: string[] = [];
    const accounts = new Set<string>();
    for (const { place, reach } of placesOf(content)) {
      const there = reach.length > 0 ? await firstReachable(clients, place, reach, unreachable) : clients;
      if (!there) continue;
      const suffix = place === '' ? '' : ` in ${place.replace(/\/$/, '')}`;
      const account = place === '' ? (stateMachineArn.split(':')[4] ?? '') : (place.split('/')[0] ?? '');
      const searched = { clients: there, content, place, stateMachineArn };
      const orphans = [
        ...(await orphanedApis(searched)),
        ...(accounts.has(account) ? [] : await orphanedRoles(searched)),
      ];
      accounts.add(account);
      for (const { what, remove: removeOrphan } of orphans) {
        found.orphans.push(what + suffix);
        if (!remove) continue;
        await removeOrphan();
        found.removed.push(what + suffix);
      }
      for (const api of content.apis.filter(one => one.place === place)) {
        const changes = await findDrift(there, api);
        found.drift.push(...changes.map(change => change + suffix));
      }
    }
    return { finishing, ...found, unreachable };
  },
};

export const handler = serveEvent(sweep);
