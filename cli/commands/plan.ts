// plan: every change an execution would make, with every name and document; nothing is touched.
import type { Command } from 'commander';
import type { Source } from '../../core/binding.ts';
import { openApiOf } from '../../core/openapi.ts';
import { describePlannedApi } from '../../core/openapi-plan.ts';
import { toValid } from '../../core/openapi-valid.ts';
import { describePlan, type Plan } from '../../core/plan.ts';
import { toYaml } from '../../core/yaml.ts';
import type { EngineOptions } from '../engine.ts';
import { addEngineFlags } from '../engine-flags.ts';
import { addInputFlags, type InputFlags, inputFrom } from '../input-flags.ts';

function inWordsOf(source: Source): string {
  if ('value' in source) return `fixed to ${JSON.stringify(source.value)}`;
  if ('context' in source) return 'the id of the request';
  return source.from === 'payload' ? 'the whole body' : `from the ${source.from}, ${source.name}`;
}

function inWords(plan: Plan): string {
  const lines = [...describePlan(plan)];
  for (const route of plan.routes) {
    const { definition } = route.method;
    if (!definition) continue;
    const { integration } = definition;
    lines.push(
      '',
      `${route.httpMethod} ${route.path} → ${integration.httpMethod ?? ''} ${integration.uri ?? integration.type}`,
    );
    if (route.role) lines.push(`  role may: ${route.role.permissionsPolicy}`);
    for (const { member, required, source } of route.operation?.parameters ?? [])
      lines.push(`  ${member}: ${inWordsOf(source)}${required && !('value' in source) ? ', required' : ''}`);
    for (const [name, value] of Object.entries(integration.requestParameters))
      lines.push(`  ${name} = ${value}`);
    for (const template of Object.values(integration.requestTemplates))
      lines.push('  body:', ...template.split('\n').map(line => `    ${line}`));
    lines.push(
      'skip' in route.test
        ? `  test: skipped, ${route.test.skip}`
        : `  test: ${route.test.request.path}, expects ${route.test.expectStatus}`,
    );
  }
  return lines.join('\n');
}

type PlanFlags = InputFlags &
  EngineOptions & {
    readonly operation: string;
    readonly json?: boolean;
    readonly openapi?: boolean;
    readonly yaml?: boolean;
  };

function print(plan: Plan, { json, openapi, yaml }: Omit<PlanFlags, 'operation'>): string {
  if (!openapi) return json ? JSON.stringify(plan) : inWords(plan);
  const document = toValid(openApiOf(describePlannedApi(plan)));
  return yaml ? toYaml(document).trimEnd() : JSON.stringify(document, null, 2);
}

const examples = `
Examples:
  For an account that holds nothing yet:
    service-proxy plan --service kinesis --action PutRecord --stage test \\
      --parameters '{"StreamName":{"value":"orders"}}'
  Against what a running \`service-proxy up\` holds, or a folder that keeps an embedded account:
    service-proxy plan --endpoint-url http://127.0.0.1:4566 --input route.json
    service-proxy plan --data ./account --input route.json
  For a client, before anything has been made:
    service-proxy plan --input route.json --openapi > api.json`;

export function addPlan(program: Command, end: (code: number) => void): void {
  addEngineFlags(
    addInputFlags(
      program
        .command('plan')
        .description('show every change an execution would make; reads at most, and touches nothing'),
    ),
  )
    .option('--operation <operation>', 'provision or remove', 'provision')
    .option('--json', 'the plan as one JSON document')
    .option('--openapi', 'the API it describes as OpenAPI 3.0 with API Gateway’s extensions')
    .option('--yaml', 'with --openapi: as YAML instead of JSON')
    .addHelpText('after', examples)
    .action(async ({ operation, ...flags }: PlanFlags) => {
      const input = inputFrom(flags);
      const { planAgainst } = await import('../plan-against.ts');
      const plan = await planAgainst(flags, operation === 'provision' ? input : { ...input, operation });
      process.stdout.write(`${print(plan, flags)}\n`);
      end(0);
    });
}
