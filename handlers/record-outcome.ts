// Writes into the ledger what is served now: from here on the routes count as ours.
import { firstOf } from '../core/brief.ts';
import { invokeUrl } from '../core/plan.ts';
import { recordAfter } from '../core/record.ts';
import type { Step } from '../core/step.ts';
import { forgetApi, loadMade, readApi, writeApi } from './ledger.ts';
import { holdLocks } from './locks.ts';
import { ledgerRead, ledgerWrite } from './permissions.ts';
import { restApiOf } from './resources.ts';
import { serve } from './serve.ts';

export const recordOutcome: Step<'RecordOutcome'> = {
  name: 'RecordOutcome',
  permissions: [ledgerRead, ledgerWrite],
  timeoutSeconds: 120,

  async run({ plan, outputs }, clients) {
    await holdLocks(clients, plan, outputs);
    const restApiId = (await restApiOf(clients, plan, outputs)) ?? '';
    const before = await readApi(clients, restApiId);
    const made = await loadMade(clients, plan.executionName);
    const validator = plan.requestValidator;
    const validatorId = validator?.id ?? (validator && made.get(`requestValidator ${validator.name}`)?.id);
    const deploymentId = outputs.CreateDeployment?.deploymentId;
    const after = recordAfter(plan, before, { restApiId, deploymentId, validatorId });
    if (after) await writeApi(clients, before, after);
    else if (before) await forgetApi(clients, before);
    return {
      outcome: {
        status: 'SUCCEEDED',
        operation: plan.operation,
        restApiId,
        stage: plan.stage.name,
        ...(deploymentId !== undefined && { deploymentId }),
        routeCount: plan.routes.length,
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
      },
    };
  },
};

export const handler = serve(recordOutcome);
