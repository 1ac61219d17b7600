// The embedded AWS with this product deployed into it: the ledger, the functions, the state machine.
import { readFileSync } from 'node:fs';
import type { Settings } from '../core/step.ts';
import { makeClients } from '../handlers/clients.ts';
import {
  type BuiltInFunction,
  createEmbeddedAws,
  type EmbeddedAws,
  type EmbeddedOptions,
} from '../local/embedded.ts';
import { stateFunctions } from '../statemachine/functions.ts';
import { policyDocument } from '../statemachine/policies.ts';
import {
  allowedActions,
  deniedActions,
  functionPrefix,
  ledgerTable,
  ledgerTableInput,
  stateMachineName,
} from '../statemachine/settings.ts';

const account = '000000000000';
const region = 'us-east-1';

function settings(invokeUrl: string, deploymentIntervalSeconds: number): Settings {
  return { ledgerTable, allow: allowedActions, deny: deniedActions, deploymentIntervalSeconds, invokeUrl };
}

/** Every function of the definition, run in process with the permissions of its own role only. */
function builtInFunctions(deploymentIntervalSeconds: number): BuiltInFunction[] {
  const target = { partition: 'aws', region, account, table: ledgerTable };
  return stateFunctions().map(({ name, timeoutSeconds, permissions, run }) => ({
    name: `${functionPrefix}${name}`,
    timeoutSeconds,
    policy: policyDocument(permissions, target),
    invoke: (event, environment) =>
      run(
        event,
        makeClients(settings(environment.invokeUrl, deploymentIntervalSeconds), {
          region,
          credentials: environment.credentials,
          requestHandler: environment.requestHandler,
          endpoint: 'http://embedded.localhost',
          now: environment.now,
          send: environment.http,
        }),
      ),
  }));
}

function stateMachineDefinition(): string {
  const text = readFileSync(new URL('../statemachine/service-proxy.asl.json', import.meta.url), 'utf8');
  return text.replace(
    /\$\{(\w+)\}/g,
    (_, name: string) => `arn:aws:lambda:${region}:${account}:function:${functionPrefix}${name}`,
  );
}

export const embeddedStateMachineArn = `arn:aws:states:${region}:${account}:stateMachine:${stateMachineName}`;

export function openEmbedded(options: EmbeddedOptions = {}): Promise<EmbeddedAws> {
  return createEmbeddedAws({
    ...options,
    account,
    region,
    functions: builtInFunctions(options.quotas ? 5 : 0),
    stateMachines: [{ name: stateMachineName, definition: stateMachineDefinition() }],
    tables: [ledgerTableInput],
  });
}
