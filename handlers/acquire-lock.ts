// Takes the lock of the API, then plans again: what exists may have changed while this execution waited.
import { inBrief } from '../core/brief.ts';
import { ServiceProxyError } from '../core/errors.ts';
import { describePlan, type Plan } from '../core/plan.ts';
import type { Rollback, Step } from '../core/step.ts';
import {
  forgetHeld,
  recordIntent,
  releaseLock,
  removalOf,
  reserveCalls,
  savePlan,
  acquireLock as takeLock,
} from './ledger.ts';
import { locksOf } from './locks.ts';
import { ledger } from './permissions.ts';
import { type AwaitTurn, planFrom, planningPermissions } from './planning.ts';
import { serve } from './serve.ts';
import { awaitTurn } from './turns.ts';

/** What was approved is what is done. */
function refuseOtherThanApproved(first: Plan, again: Plan): void {
  if (!first.input.approval || describePlan(first).join() === describePlan(again).join()) return;
  throw new ServiceProxyError(
    'Refused',
    'what exists has changed since the plan was approved, and the plan would be another one now; start it again',
  );
}

/** The roles were made before the lock was held; what is planned now must be able to use them. */
function withRolesOf(first: Plan, again: Plan): Plan {
  const routes = again.routes.map(route => {
    const before = first.routes.find(
      ({ path, httpMethod }) => path === route.path && httpMethod === route.httpMethod,
    );
    if (route.role?.change === 'CREATE' && before?.role?.change !== 'CREATE') {
      throw new ServiceProxyError(
        'Refused',
        `${route.httpMethod} ${route.path} was changed while this execution waited for its turn; start it again`,
      );
    }
    return route;
  });
  return { ...again, routes };
}

const rollback: Rollback = {
  name: 'ReleaseLock',
  permissions: [ledger('Query', 'GetItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem')],
  timeoutSeconds: 30,
  async run({ plan, held }, clients) {
    const rolledBack: string[] = [];
    // Those it waited for in vain as well: it leaves the line, and a call that comes late does not take them.
    for (const lock of new Set([...held.keys(), ...locksOf(plan)])) {
      if (await releaseLock(clients, lock, plan.executionName, held.get(lock)))
        rolledBack.push(`lock of ${lock}`);
    }
    await forgetHeld(clients, [...held.keys()], plan.executionName);
    return { rolledBack };
  },
};

export const acquireLock: Step<'AcquireLock'> = {
  name: 'AcquireLock',
  permissions: [...planningPermissions, ledger('Query', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem')],
  timeoutSeconds: 120,

  async run(running, clients) {
    const { plan, isLocked, execution } = running;
    const taken = locksOf(plan);
    for (const lock of taken) await takeLock(clients, lock, execution);
    const turn: AwaitTurn = (there, calls) =>
      awaitTurn(there, running, 'AcquireLock', () => reserveCalls(there, calls, true));
    // An earlier attempt's plan stands: what was made since was made by it.
    const again = isLocked ? plan : withRolesOf(plan, await planFrom(clients, plan.input, execution, turn));
    // A named API that another execution made meanwhile has a lock of its own.
    for (const lock of locksOf(again)) if (!taken.includes(lock)) await takeLock(clients, lock, execution);
    refuseOtherThanApproved(plan, again);
    if (!isLocked) await savePlan(clients, again, 'LOCKED');
    // From here on a removal only goes forward.
    if (again.operation === 'remove') await recordIntent(clients, execution, removalOf(again));
    return { locks: locksOf(again), changes: inBrief(describePlan(again)) };
  },

  rollback,
};

export const handler = serve(acquireLock);
export const rollbackHandler = serve(rollback);
