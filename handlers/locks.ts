// Which locks an execution holds, and the check before each change that it still holds them.
import { ServiceProxyError } from '../core/errors.ts';
import type { Execution } from '../core/execution.ts';
import { type Plan, plannedApiId } from '../core/plan.ts';
import type { Clients } from '../core/step.ts';
import { acquireLock, renewLock } from './ledger.ts';
import { restApiOf } from './resources.ts';

/** How long a paused execution holds its locks, in milliseconds; after that the sweep has it rolled back. */
export const longestPause = 7 * 24 * 60 * 60_000;

const placeOf = ({ reach }: Plan) => reach?.place ?? '';

export const lockOfApi = (plan: Plan, restApiId: string) => `api ${placeOf(plan)}${restApiId}`;

/** The name's lock first, then the API's own, in every execution: so no two wait for each other. */
export function locksOf(plan: Plan, restApiId = plannedApiId(plan)): string[] {
  const { api } = plan.input;
  const ofName = 'name' in api ? [`name ${placeOf(plan)}${api.name}`] : [];
  return restApiId ? [...ofName, lockOfApi(plan, restApiId)] : ofName;
}

/** Before a change: makes sure the locks are still held, and that the lease outlives what comes next. */
export async function holdLocks(
  clients: Clients,
  { plan, outputs, held }: Execution,
  keepUntil = 0,
): Promise<void> {
  for (const lock of locksOf(plan, outputs.CreateRestApi?.restApiId)) {
    await renewLock(clients, lock, plan.executionName, { held: held.get(lock), keepUntil });
  }
}

/**
 * Before something is rolled back or removed: holds the locks on, and waits for one that was lost to another execution.
 * An execution that has released its locks has ended: what still runs of it changes nothing.
 */
export async function retakeLocks(clients: Clients, running: Execution): Promise<void> {
  const { execution, plan, held } = running;
  if (held.size === 0) {
    throw new ServiceProxyError('Refused', `execution ${execution.name} has no lock any more: a late call`);
  }
  for (const lock of new Set([...locksOf(plan, restApiOf(running)), ...held.keys()]))
    await acquireLock(clients, lock, execution);
}
