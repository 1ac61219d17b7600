// Looks up what a failed execution has left behind, so that its end says exactly that, and closes it where nothing is left.
import { firstOf } from '../core/brief.ts';
import type { Execution, Failure, Leftover } from '../core/execution.ts';
import { causeInWords, finishCommand } from '../core/failure.ts';
import type { Clients, Step } from '../core/step.ts';
import { forgetAllMade, recordedOutcome, removalOf } from './ledger.ts';
import { type Left, leftOfFinished, leftOfProvision, locksLeft } from './leftovers.ts';
import { leftOfRemoval } from './leftovers-of-removal.ts';
import { apiGateway, ledger } from './permissions.ts';
import { readsRoles } from './roles.ts';
import { serve } from './serve.ts';

async function leftOf(clients: Clients, running: Execution): Promise<Left[]> {
  const { plan } = running;
  const isRecorded = (await recordedOutcome(clients, plan.executionName)) !== undefined;
  if (plan.operation === 'remove') {
    // One that failed before it had begun means to take nothing away any more.
    const isUnderWay = !isRecorded && running.made.has(removalOf(plan));
    return isUnderWay ? leftOfRemoval(clients, running) : locksLeft(running);
  }
  return isRecorded ? leftOfFinished(clients, running) : leftOfProvision(clients, running);
}

function leftovers(left: readonly Left[], failures: readonly Failure[], command: string): Leftover[] {
  return left.map(({ what, state }) => {
    // A state that was never reached has no failure of its own: the last one stopped the way to it.
    const failure = failures.find(one => one.state === state) ?? failures.at(-1);
    const why = failure
      ? `${failure.state}: ${failure.error}: ${causeInWords(failure.cause)}`
      : 'it is still there';
    return { what, why, command };
  });
}

export const takeInventory: Step<'TakeInventory'> = {
  name: 'TakeInventory',
  permissions: [
    apiGateway(['GET'], '/restapis', '/restapis/*'),
    readsRoles,
    ledger('Query', 'GetItem', 'BatchWriteItem'),
  ],
  timeoutSeconds: 120,

  async run(running, clients) {
    const { plan, execution, failures } = running;
    const left = await leftOf(clients, running);
    if (left.length === 0) await forgetAllMade(clients, plan.executionName);
    const command = finishCommand(execution.arn);
    const all = leftovers(left, failures, command);
    const first = firstOf(all, 8000);
    const more = all.length - first.length;
    return {
      left:
        more === 0
          ? first
          : [...first, { what: `… and ${more} more`, why: 'too many to list here', command }],
    };
  },
};

export const handler = serve(takeInventory);
