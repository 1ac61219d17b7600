// A plan that goes on where another execution stopped: its plan, its things, its locks, under its identity.
import { invalidInput, ServiceProxyError } from '../core/errors.ts';
import type { ExecutionIdentity } from '../core/execution.ts';
import { fingerprintOf } from '../core/execution-name.ts';
import type { ProvisionInput } from '../core/input.ts';
import { type Plan, routeKey } from '../core/plan.ts';
import type { Clients } from '../core/step.ts';
import { continueAs, loadExecution, recordedOutcome, recordIntent, rolesMade, savePlan } from './ledger.ts';
import { designFor } from './planning.ts';
import { takeOverFrom } from './taking-over.ts';

export interface Resumed {
  readonly plan: Plan;
  readonly execution: ExecutionIdentity;
}

/** What may differ in the second attempt: nothing that a thing which is already there was made from. */
const fixed = ({ operation, api, stage, routes, tags, region, target }: ProvisionInput) =>
  fingerprintOf({
    operation,
    api,
    stage,
    tags,
    region,
    target: target ?? null,
    routes: routes.map(({ test: _t, resources: _r, ...route }) => route),
  });

function refuseDifferent(input: ProvisionInput, plan: Plan): void {
  if (fixed(input) === fixed(plan.input)) return;
  const message =
    'asks for something else than the execution it resumes; only test, resources, approval, onFailure and requestedBy may differ';
  throw invalidInput([{ path: '$', message }]);
}

/** The same plan with the new input's tests and permissions. */
function planAgain(clients: Clients, plan: Plan, input: ProvisionInput, owner: ExecutionIdentity): Plan {
  const { routes: designs } = designFor(clients, input, owner);
  const routes = plan.routes.map(route => {
    const design = designs.find(one => routeKey(one) === routeKey(route));
    if (!design) return route;
    const { role } = route;
    const permissionsPolicy = design.role?.permissionsPolicy ?? '';
    if (role?.change === 'KEEP' && role.permissionsPolicy !== permissionsPolicy) {
      throw new ServiceProxyError('Refused', `role ${role.name} serves another route too; start anew`);
    }
    return { ...route, test: design.test, ...(role && { role: { ...role, permissionsPolicy } }) };
  });
  return { ...plan, input, routes };
}

/** Undefined where the input names no execution to resume. */
export async function resumed(
  clients: Clients,
  input: ProvisionInput,
  execution: ExecutionIdentity,
): Promise<Resumed | undefined> {
  const { resume } = input;
  if (resume === undefined) return undefined;
  const executionArn = resume.startsWith('arn:') ? resume : execution.arn.replace(/[^:]*$/, resume);
  const { execution: owner } = await takeOverFrom(clients, executionArn, execution.arn);
  const { plan, made, held, isLocked } = await loadExecution(clients, owner.name);
  const isOver = held.size === 0 && (await recordedOutcome(clients, owner.name)) !== undefined;
  if (plan?.operation !== 'provision' || made.size === 0 || isOver) {
    const message = `execution ${owner.name} has left nothing to go on with; start it anew`;
    throw invalidInput([{ path: '$.resume', message }]);
  }
  refuseDifferent(input, plan);
  const again = planAgain(clients, plan, input, owner);
  // Whoever finishes this execution finishes that one.
  await continueAs(clients, execution.name, owner);
  await savePlan(clients, again, isLocked ? 'LOCKED' : 'FIRST');
  // A role that is there gets the permissions it should have now.
  for (const name of rolesMade(made)) await recordIntent(clients, owner, `role ${name}`);
  return { plan: again, execution: owner };
}
