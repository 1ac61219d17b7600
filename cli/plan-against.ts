// A plan against what exists where the flags point to; only calls that read are made.
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeStateMachineCommand } from '@aws-sdk/client-sfn';
import { nothingExists } from '../core/existing.ts';
import type { Plan } from '../core/plan.ts';
import { planChanges } from '../core/plan-changes.ts';
import type { Settings } from '../core/step.ts';
import { makeClients } from '../handlers/clients.ts';
import { planFrom } from '../handlers/planning.ts';
import { allowedTargets } from './allowed-targets.ts';
import { embeddedSettings, embeddedStateMachineArn } from './embedded.ts';
import { emulatorBeside } from './emulator.ts';
import { type Engine, type EngineOptions, isEmbedded, openEngine } from './engine.ts';
import { designInput } from './run-execution.ts';

export async function planAgainst(options: EngineOptions, input: Record<string, unknown>): Promise<Plan> {
  const { data, servicesUrl } = options;
  if (!isEmbedded(options)) return planOn(await openEngine(options), input);
  if (data === undefined && servicesUrl === undefined) return planForNothing(input, options);
  // Opening an account goes on with the executions that were cut off in it: a copy of it may do so.
  const copy = mkdtempSync(join(tmpdir(), 'service-proxy-plan-'));
  try {
    if (data !== undefined && existsSync(data)) cpSync(data, copy, { recursive: true });
    return await planOn(await openEngine({ ...options, data: copy }), input, servicesUrl);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** The plan for an account that holds nothing of it yet. */
function planForNothing(value: Record<string, unknown>, { allowTarget }: EngineOptions): Plan {
  const engine = { stateMachineArn: embeddedStateMachineArn, targets: allowedTargets(allowTarget) };
  return planChanges({ ...designInput(value, engine), existing: nothingExists, executionName: 'plan' });
}

async function planOn(engine: Engine, value: Record<string, unknown>, servicesUrl?: string): Promise<Plan> {
  const { stateMachineArn, account } = engine;
  try {
    const { input } = designInput(value, engine);
    const connection = servicesUrl === undefined ? account : emulatorBeside(account, servicesUrl);
    const arn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:plan`;
    const execution = { arn, name: 'plan', startedAt: new Date().toISOString() };
    return await planFrom(makeClients(await settingsOf(engine), connection), input, execution);
  } finally {
    await engine.close();
  }
}

/** What the deployer configured: in an account it stands in the environment of the function that plans. */
export async function settingsOf(engine: Engine): Promise<Settings> {
  const { sfn, stateMachineArn, account, embedded, targets } = engine;
  if (embedded) return { ...embeddedSettings, ...(targets && { targets }) };
  const { definition = '{}' } = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
  const { States: states } = JSON.parse(definition) as PlanningMachine;
  const FunctionName = states?.PlanChanges?.Arguments?.FunctionName;
  const lambda = new LambdaClient(account);
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const settings = Environment?.Variables?.SERVICE_PROXY_SETTINGS;
  return settings === undefined ? embeddedSettings : (JSON.parse(settings) as Settings);
}

interface PlanningMachine {
  readonly States?: { readonly PlanChanges?: { readonly Arguments?: { readonly FunctionName?: string } } };
}
