// Writes into the ledger what is served now: from here on the routes count as ours.
import { firstOf } from '../core/brief.ts';
import type { Outcome } from '../core/execution.ts';
import type { ApiRecord } from '../core/existing.ts';
import { invokeUrl, type Plan } from '../core/plan.ts';
import { recordAfter } from '../core/record.ts';
import type { Rollback, Step } from '../core/step.ts';
import {
  forgetApi,
  forgetMade,
  forgetOutcome,
  readApi,
  recordIntent,
  recordOutcomeOf,
  writeApi,
} from './ledger.ts';
import { holdLocks } from './locks.ts';
import { ledger } from './permissions.ts';
import { restApiOf } from './resources.ts';
import { serve } from './serve.ts';

/** The ledger's account of this API before the execution, and of one of that name which has been deleted by hand. */
function recordsBefore({ record, restApi }: Plan): {
  readonly before?: ApiRecord;
  readonly gone?: ApiRecord;
} {
  if (!record) return {};
  return restApi.change === 'CREATE' ? { gone: record } : { before: record };
}

const thingOf = (plan: Plan) => `record ${plan.restApi.name}` as const;

const rollback: Rollback = {
  name: 'RestoreRecord',
  permissions: [ledger('Query', 'GetItem', 'PutItem', 'DeleteItem', 'BatchWriteItem')],
  timeoutSeconds: 120,
  async run(running, clients) {
    const { plan, made } = running;
    if (!made.has(thingOf(plan))) return { rolledBack: [] };
    await forgetOutcome(clients, plan.executionName);
    const { before, gone } = recordsBefore(plan);
    const restApiId = restApiOf(running);
    const after = restApiId === undefined ? undefined : await readApi(clients, restApiId);
    if (before) await writeApi(clients, after, before);
    else if (after) await forgetApi(clients, after);
    if (gone) await writeApi(clients, undefined, gone);
    await forgetMade(clients, plan.executionName, thingOf(plan));
    return { rolledBack: [thingOf(plan)] };
  },
};

export const recordOutcome: Step<'RecordOutcome'> = {
  name: 'RecordOutcome',
  permissions: [ledger('Query', 'GetItem', 'PutItem', 'UpdateItem', 'BatchWriteItem')],
  timeoutSeconds: 120,

  async run(running, clients) {
    const { plan, outputs, made } = running;
    await holdLocks(clients, running);
    const restApiId = restApiOf(running) ?? '';
    const { before, gone } = recordsBefore(plan);
    const validator = plan.requestValidator;
    const validatorId = validator?.id ?? (validator && made.get(`requestValidator ${validator.name}`)?.id);
    const deploymentId = outputs.CreateDeployment?.deploymentId;
    const after = recordAfter(plan, before, { restApiId, deploymentId, validatorId });
    await recordIntent(clients, running.execution, thingOf(plan));
    if (gone) await forgetApi(clients, gone);
    if (after) await writeApi(clients, before, after);
    else if (before) await forgetApi(clients, before);
    const outcome: Outcome = {
      status: 'SUCCEEDED',
      operation: plan.operation,
      restApiId,
      ...(plan.reach && { target: { account: plan.account, region: plan.region } }),
      stage: plan.stage.name,
      ...(deploymentId !== undefined && { deploymentId }),
      routeCount: plan.routes.length,
      ...(clients.settings.skipStates && { skippedStates: clients.settings.skipStates }),
      routes: firstOf(
        plan.routes.map(({ path, httpMethod, service, action, role }) => ({
          path,
          httpMethod,
          service,
          action,
          url: invokeUrl(clients.settings, plan, restApiId, path),
          ...(role && { roleArn: role.arn }),
        })),
        10_000,
      ),
    };
    // From here on the execution is finished, never rolled back.
    await recordOutcomeOf(clients, plan.executionName, outcome);
    return { outcome };
  },

  rollback,
};

export const handler = serve(recordOutcome);
export const rollbackHandler = serve(rollback);
