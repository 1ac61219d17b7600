// Takes over an execution that has ended without finishing its work, and says what it needs.
import { invalidInput } from '../core/errors.ts';
import type { ExecutionIdentity, Made, Work } from '../core/execution.ts';
import { originsOf } from '../core/gateway-responses.ts';
import { type Plan, routeKey } from '../core/plan.ts';
import type { Clients, FirstStep } from '../core/step.ts';
import {
  acquireLock,
  forgetMade,
  loadExecution,
  readApi,
  recordedOutcome,
  removalOf,
  whereItIs,
} from './ledger.ts';
import { locksOf } from './locks.ts';
import { describesExecutions, ledger } from './permissions.ts';
import { restApiOf } from './resources.ts';
import { serve } from './serve.ts';
import { takeOverFrom } from './taking-over.ts';

function targetOf(input: unknown): string {
  const target = typeof input === 'object' && input !== null && 'execution' in input ? input.execution : '';
  if (typeof target === 'string' && /^arn:[^:]+:states:[^:]+:\d{12}:execution:/.test(target)) return target;
  throw invalidInput([{ path: '$.execution', message: 'must be the ARN of an execution that has ended' }]);
}

/** What others have changed since is theirs now, and stays as it is. */
async function leaveToOthers(clients: Clients, plan: Plan, made: Made): Promise<void> {
  if (!plan.record) return;
  const now = await readApi(whereItIs(plan, clients), plan.record.restApiId);
  for (const route of plan.routes) {
    const key = routeKey(route);
    const [was, is] = [plan.record, now].map(record => record?.routes.find(one => routeKey(one) === key));
    const isMine = JSON.stringify(was) === JSON.stringify(is) || made.has(`record ${plan.restApi.name}`);
    if (!isMine) await forgetMade(clients, plan.executionName, `method ${key}`);
  }
  const [was, is] = [plan.record, now].map(record => originsOf(record?.routes ?? []).sort());
  if (String(was) === String(is) || made.has(`record ${plan.restApi.name}`)) return;
  for (const responseType of now?.gatewayResponses ?? [])
    await forgetMade(clients, plan.executionName, `gatewayResponse ${responseType}`);
}

function workFor(plan: Plan, made: Made, isRecorded: boolean): Work {
  if (isRecorded) return 'FINISH';
  if (plan.operation === 'provision') return 'ROLL_BACK';
  return made.has(removalOf(plan)) ? 'REMOVE' : 'FINISH';
}

/** What comes after a recorded outcome is looked at again where an earlier pass could not finish it. */
async function workOn(clients: Clients, execution: ExecutionIdentity, isAgain: boolean): Promise<Work> {
  const { plan, made, held } = await loadExecution(clients, execution.name);
  if (!plan) return 'NOTHING';
  const isRecorded = (await recordedOutcome(clients, execution.name)) !== undefined;
  if (held.size === 0 && (made.size === 0 || (isRecorded && !isAgain))) return 'NOTHING';
  // An execution that has made nothing but roles never had the lock, and needs none.
  if ([...made.keys()].some(thing => !thing.startsWith('role '))) {
    const restApiId = restApiOf({ plan, made, outputs: {} });
    for (const lock of new Set([...locksOf(plan, restApiId), ...held.keys()]))
      await acquireLock(clients, lock, execution);
    await leaveToOthers(clients, plan, made);
  }
  return workFor(plan, made, isRecorded);
}

export const takeOver: FirstStep<'TakeOver'> = {
  name: 'TakeOver',
  isFirst: true,
  permissions: [describesExecutions, ledger('Query', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem')],
  timeoutSeconds: 60,

  async run({ execution: { arn: finisher }, input }, clients) {
    const { execution, isAgain } = await takeOverFrom(clients, targetOf(input), finisher);
    return { execution, work: await workOn(clients, execution, isAgain) };
  },
};

export const handler = serve(takeOver);
