// Which locks an execution holds, and the check before each change that it still holds them.
import type { Execution } from '../core/execution.ts';
import { type Plan, plannedApiId } from '../core/plan.ts';
import type { Clients } from '../core/step.ts';
import { checkFence, renewLock } from './ledger.ts';

/** The name's lock first, then the API's own, in every execution: so no two wait for each other. */
export function locksOf(plan: Plan, restApiId = plannedApiId(plan)): string[] {
  const { api } = plan.input;
  return ['name' in api ? `name ${api.name}` : [], restApiId ? `api ${restApiId}` : []].flat();
}

/** Before a change: makes sure the locks are still held, and that the lease outlives what comes next. */
export async function holdLocks(
  clients: Clients,
  { execution, plan, outputs }: Execution,
  keepUntil = 0,
): Promise<void> {
  await checkFence(clients, execution);
  for (const lock of locksOf(plan, outputs.CreateRestApi?.restApiId)) {
    await renewLock(clients, lock, plan.executionName, keepUntil);
  }
}
