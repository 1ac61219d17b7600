// Parses the input, reads what exists and decides on every change; nothing is touched.
import { inBrief } from '../core/brief.ts';
import { parseInput } from '../core/input.ts';
import { describePlan } from '../core/plan.ts';
import type { FirstStep } from '../core/step.ts';
import { rememberTarget, reserveCalls, savePlan } from './ledger.ts';
import { describesExecutions, ledger } from './permissions.ts';
import { type AwaitTurn, designFor, planFrom, planningPermissions } from './planning.ts';
import { repeatedBy } from './repeats.ts';
import { resumed } from './resume.ts';
import { serve } from './serve.ts';
import { awaitTurn } from './turns.ts';

export const planChanges: FirstStep<'PlanChanges'> = {
  name: 'PlanChanges',
  isFirst: true,
  permissions: [
    ...planningPermissions,
    describesExecutions,
    ledger('Query', 'GetItem', 'PutItem', 'UpdateItem'),
  ],
  timeoutSeconds: 120,

  async run({ execution, attempt, input }, clients) {
    const parsed = parseInput(input);
    // Before the first call: what comes with a token is refused like everything else.
    designFor(clients, parsed, execution);
    const repeated = await repeatedBy(clients, parsed, execution);
    const { approval, onFailure } = parsed;
    if (repeated)
      return { operation: 'repeat', repeated, execution, approval: false, onFailure: 'ROLL_BACK' };
    const earlier = await resumed(clients, parsed, execution);
    const turn: AwaitTurn = (there, calls) =>
      awaitTurn(there, { execution, attempt }, 'PlanChanges', () => reserveCalls(there, calls, true));
    const plan = earlier?.plan ?? (await planFrom(clients, parsed, execution, turn));
    if (!earlier) await savePlan(clients, plan, 'FIRST');
    if (plan.reach) await rememberTarget(clients, plan.reach);
    return {
      operation: plan.operation,
      execution: earlier?.execution ?? execution,
      approval,
      onFailure,
      changes: inBrief(describePlan(plan)),
    };
  },
};

export const handler = serve(planChanges);
