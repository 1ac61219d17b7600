// plan: every change an execution would make, with every name and document; nothing is touched.
import type { Command } from 'commander';
import { findOperation } from '../../catalog/catalog.ts';
import { nothingExists } from '../../core/existing.ts';
import { parseInput } from '../../core/input.ts';
import { describePlan, type Plan } from '../../core/plan.ts';
import { planChanges } from '../../core/plan-changes.ts';
import { designRoutes } from '../../core/routes.ts';
import { allowedActions, deniedActions } from '../../statemachine/settings.ts';
import { embeddedStateMachineArn } from '../embedded.ts';
import { addInputFlags, type InputFlags, inputFrom } from '../input-flags.ts';

/** The plan for an account that holds nothing of it yet. */
function planFor(input: Record<string, unknown>): Plan {
  const [, partition = 'aws', , region = '', account = ''] = embeddedStateMachineArn.split(':');
  const target = { partition, region, account };
  const parsed = parseInput(input);
  const settings = { allow: allowedActions, deny: deniedActions };
  const routes = designRoutes(parsed, { findOperation, target, settings });
  return planChanges({ input: parsed, routes, existing: nothingExists, target, executionName: 'plan' });
}

function inWords(plan: Plan): string {
  const lines = [...describePlan(plan)];
  for (const route of plan.routes) {
    const { definition } = route.method;
    lines.push(
      '',
      `${route.httpMethod} ${route.path} → ${definition?.integration.httpMethod ?? ''} ${definition?.integration.uri ?? ''}`,
    );
    if (route.role) lines.push(`  role may: ${route.role.permissionsPolicy}`);
    for (const [name, value] of Object.entries(definition?.integration.requestParameters ?? {}))
      lines.push(`  ${name} = ${value}`);
    for (const template of Object.values(definition?.integration.requestTemplates ?? {}))
      lines.push('  body:', ...template.split('\n').map(line => `    ${line}`));
    lines.push(
      'skip' in route.test
        ? `  test: skipped, ${route.test.skip}`
        : `  test: ${route.test.request.path}, expects ${route.test.expectStatus}`,
    );
  }
  return lines.join('\n');
}

export function addPlan(program: Command, end: (code: number) => void): void {
  addInputFlags(
    program.command('plan').description('show every change an execution would make; touches nothing'),
  )
    .option('--json', 'the plan as one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n    service-proxy plan --service kinesis --action PutRecord --stage test \\\n      --parameters \'{"StreamName":{"value":"orders"}}\'',
    )
    .action((flags: InputFlags & { json?: boolean }) => {
      const plan = planFor(inputFrom(flags));
      process.stdout.write(`${flags.json ? JSON.stringify(plan) : inWords(plan)}\n`);
      end(0);
    });
}
