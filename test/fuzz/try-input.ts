// What becomes of one input: refused before any AWS call, or a plan that holds nothing it may not hold.

import { findOperation } from '../../catalog/catalog.ts';
import { ServiceProxyError } from '../../core/errors.ts';
import { nothingExists } from '../../core/existing.ts';
import { parseInput } from '../../core/input.ts';
import type { Plan } from '../../core/plan.ts';
import { planChanges } from '../../core/plan-changes.ts';
import { designRoutes } from '../../core/routes.ts';
import { makeClients } from '../../handlers/clients.ts';
import { planChanges as planning } from '../../handlers/plan-changes.ts';
import { execute } from '../../handlers/serve.ts';
import { allowedActions, deniedActions } from '../../statemachine/settings.ts';

const settings = {
  ledgerTable: 'ledger',
  allow: allowedActions,
  deny: deniedActions,
  deploymentIntervalSeconds: 0,
  invokeUrl: 'http://localhost/{api}/{stage}{path}',
};
const target = { partition: 'aws', region: 'us-east-1', account: '000000000000' };
const execution = {
  arn: 'arn:aws:states:us-east-1:000000000000:execution:ServiceProxyProvisioning:fuzz',
  name: 'fuzz',
  startedAt: '2026-01-01T00:00:00.000Z',
};

class CallMade extends Error {}

let calls = 0;
const clients = makeClients(settings, {
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  requestHandler: {
    handle: () => {
      calls += 1;
      return Promise.reject(new CallMade('an AWS call was made'));
    },
  },
});

/** Characters that IAM takes in a policy document. */
const policyCharacters = /^[\t\n\r\u0020-\u00ff]*$/;
const deniedPrefixes = deniedActions.flatMap(pattern =>
  pattern.startsWith('*') ? [] : pattern.replace('*', ''),
);

function problemsOfPolicy(text: string): string[] {
  const problems: string[] = [];
  if (text.length > 10_240) problems.push(`a policy of ${text.length} characters`);
  if (!policyCharacters.test(text)) problems.push('a policy with characters that IAM refuses');
  const { Statement } = JSON.parse(text) as {
    Statement: { Action: string | string[]; Resource: string | string[] }[];
  };
  for (const action of Statement.flatMap(({ Action }) => Action)) {
    if (!/^[a-z0-9-]+:[A-Z]\w*$/.test(action)) problems.push(`the action ${action}`);
    if (deniedPrefixes.some(prefix => action.startsWith(prefix)))
      problems.push(`the denied action ${action}`);
  }
  return problems;
}

function problemsOfPlan(plan: Plan): string[] {
  const problems: string[] = [];
  const roles = new Set<string>();
  for (const { role, model, path } of plan.routes) {
    if (model && !/^[a-zA-Z0-9]{1,128}$/.test(model.name)) problems.push(`the model name ${model.name}`);
    if (/^\/s?ping$/.test(path)) problems.push(`the reserved path ${path}`);
    if (!role) continue;
    if (!/^[\w+=,.@-]{1,64}$/.test(role.name)) problems.push(`the role name ${role.name}`);
    if (roles.has(role.name.toLowerCase())) problems.push(`the role name ${role.name} twice`);
    roles.add(role.name.toLowerCase());
    problems.push(...problemsOfPolicy(role.permissionsPolicy));
  }
  for (const { path } of plan.resources) {
    if (path !== '/' && !/^(\/([\w.:-]+|\{[\w.:-]+\+?\}))+$/.test(path))
      problems.push(`the resource path ${path}`);
  }
  if (!/^\w{1,128}$/.test(plan.stage.name)) problems.push(`the stage name ${plan.stage.name}`);
  return problems;
}

export interface Trial {
  readonly outcome: 'refused' | 'accepted';
  /** What must not happen, in words. */
  readonly violations: readonly string[];
}

const isRefusal = (error: unknown) =>
  error instanceof ServiceProxyError && ['InvalidInput', 'Refused', 'NotOwned'].includes(error.name);

/** A text is parsed first, as Step Functions and the command line do. */
function parsedText(input: unknown): unknown {
  if (typeof input !== 'string') return input;
  try {
    return JSON.parse(input);
  } catch {
    return input;
  }
}

export async function tryInput(input: unknown): Promise<Trial> {
  const value = parsedText(input);
  let isDesigned = false;
  try {
    const parsed = parseInput(value);
    const { routes } = designRoutes(parsed, { findOperation, home: target, settings });
    isDesigned = true;
    if (parsed.operation === 'remove') return { outcome: 'accepted', violations: [] };
    const plan = planChanges({
      input: parsed,
      routes,
      existing: nothingExists,
      target,
      executionName: 'fuzz',
    });
    return { outcome: 'accepted', violations: problemsOfPlan(plan) };
  } catch (error) {
    if (!isRefusal(error)) {
      const threw = error instanceof Error ? error.stack : String(error);
      return { outcome: 'refused', violations: [`it threw ${threw}`] };
    }
    // What depends on what exists is refused after that has been read.
    if (isDesigned) return { outcome: 'refused', violations: [] };
  }
  calls = 0;
  try {
    await execute(planning, { execution, attempt: 0, input: value }, clients);
    return { outcome: 'refused', violations: ['the function planned it all the same'] };
  } catch (error) {
    if (!isRefusal(error)) return { outcome: 'refused', violations: [`PlanChanges threw ${String(error)}`] };
    return { outcome: 'refused', violations: calls > 0 ? [`${calls} AWS calls were made`] : [] };
  }
}
