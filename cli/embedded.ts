// The embedded AWS with this product deployed into it: the ledger, the functions, the state machine.
import { readFileSync } from 'node:fs';
import { rollbackMachineOf } from '../core/failure.ts';
import type { Permission, Settings, SkippableState } from '../core/step.ts';
import type { AllowedTargets } from '../core/target.ts';
import { type Connection, makeClients } from '../handlers/clients.ts';
import {
  type BuiltInFunction,
  createEmbeddedAws,
  type EmbeddedAws,
  type EmbeddedOptions,
  type FunctionEnvironment,
} from '../local/embedded.ts';
import { boundaryDocument } from '../statemachine/boundary.ts';
import { allFunctions, type StateFunction } from '../statemachine/functions.ts';
import { stateMachines } from '../statemachine/machines.ts';
import { policyDocument } from '../statemachine/policies.ts';
import { type Rule, sweepRule, watchdogRule } from '../statemachine/rules.ts';
import {
  allowedActions,
  boundaryPolicy,
  deniedActions,
  functionPrefix,
  ledgerTable,
  ledgerTableInput,
  stateMachineName,
} from '../statemachine/settings.ts';
import { archiveBucket, archiveRule, archiverFunction } from './embedded-archive.ts';
import { requestSetup } from './embedded-requests.ts';
import { dataPlaneUrl, emulatorBeside } from './emulator.ts';

const account = '000000000000';
const region = 'us-east-1';

export type RunFunction = (
  called: StateFunction,
  event: unknown,
  environment: FunctionEnvironment,
  settings: Settings,
) => Promise<unknown>;

export interface ProductOptions extends EmbeddedOptions {
  /** Runs a function instead, for callers that look at, or interfere with, every call of it. */
  readonly runFunction?: RunFunction;
  /** Another AWS-compatible emulator, which the handlers call for everything but the ledger. */
  readonly servicesUrl?: string;
  readonly skipStates?: readonly SkippableState[];
  /** Where APIs may be besides the account and region of the product. */
  readonly targets?: AllowedTargets;
  /** Instead of the policies that the functions' permissions make, by the name of the function. */
  readonly policies?: Readonly<Record<string, object>>;
  /** Finishes executions that could not end by themselves; default: nobody does. */
  readonly watch?: boolean;
  /** Archives every execution that ends; for an account that goes on living after it. */
  readonly archive?: boolean;
  /** Asks CloudTrail who started what is archived. */
  readonly trail?: boolean;
  /** Takes requests as events, and tells outcomes as events. */
  readonly requests?: boolean;
}

const boundary = `arn:aws:iam::${account}:policy${boundaryPolicy.path}${boundaryPolicy.name}`;

export const embeddedSettings: Settings = {
  ledgerTable,
  permissionsBoundary: boundary,
  allow: allowedActions,
  deny: deniedActions,
  deploymentIntervalSeconds: 0,
  invokeUrl: dataPlaneUrl('http://embedded.localhost'),
  archive: { bucket: archiveBucket },
};

function settingsFor(environment: FunctionEnvironment, options: ProductOptions): Settings {
  const { servicesUrl, skipStates, quotas, targets } = options;
  const { permissionsBoundary: _, ...withoutBoundary } = embeddedSettings;
  return {
    // Another emulator has no such policy.
    ...(servicesUrl ? withoutBoundary : embeddedSettings),
    deploymentIntervalSeconds: quotas ? 5 : 0,
    invokeUrl: servicesUrl ? dataPlaneUrl(servicesUrl) : environment.invokeUrl,
    ...(skipStates && { skipStates }),
    ...(targets && { targets }),
  };
}

function connectionTo(environment: FunctionEnvironment, { servicesUrl }: ProductOptions): Connection {
  const { credentials, requestHandler, now, http } = environment;
  const own = { region, credentials, requestHandler, endpoint: 'http://embedded.localhost' };
  if (servicesUrl === undefined) return { ...own, now, send: http };
  return { ...emulatorBeside(own, servicesUrl), now };
}

const target = { partition: 'aws', region, account, table: ledgerTable, boundary };

/** The policy of a function's role, in the embedded account. */
export const functionPolicy = (permissions: readonly Permission[], targets?: AllowedTargets): object =>
  policyDocument(permissions, { ...target, ...(targets && { targets }) });

/** The policy that a function has in this account. */
type PolicyOf = (name: string, permissions: readonly Permission[]) => object;

const policiesOf =
  ({ policies, targets }: ProductOptions): PolicyOf =>
  (name, permissions) =>
    policies?.[name] ?? functionPolicy(permissions, targets);

/** Every function of the definition, run in process with the permissions of its own role only. */
function builtInFunctions(options: ProductOptions): BuiltInFunction[] {
  const policyOf = policiesOf(options);
  const configured = { ...embeddedSettings, ...(options.targets && { targets: options.targets }) };
  const variables = { SERVICE_PROXY_SETTINGS: JSON.stringify(configured) };
  return allFunctions().map(called => ({
    name: `${functionPrefix}${called.name}`,
    timeoutSeconds: called.timeoutSeconds,
    variables,
    policy: policyOf(called.name, called.permissions),
    invoke(event, environment) {
      const settings = settingsFor(environment, options);
      return options.runFunction
        ? options.runFunction(called, event, environment, settings)
        : called.run(event, makeClients(settings, connectionTo(environment, options)));
    },
  }));
}

function deployedDefinition(file: URL): string {
  return readFileSync(file, 'utf8').replace(
    /\$\{(\w+)\}/g,
    (_, name: string) => `arn:aws:lambda:${region}:${account}:function:${functionPrefix}${name}`,
  );
}

const setupOf = ({ calls, ...rule }: Rule, input?: object) => ({
  ...rule,
  targets: [
    {
      kind: 'function' as const,
      name: `${functionPrefix}${calls}`,
      ...(input && { Input: JSON.stringify(input) }),
    },
  ],
});

export const embeddedStateMachineArn = `arn:aws:states:${region}:${account}:stateMachine:${stateMachineName}`;

export function openEmbedded(options: ProductOptions = {}): Promise<EmbeddedAws> {
  const policyOf = policiesOf(options);
  const requests = options.requests
    ? requestSetup(embeddedStateMachineArn, policyOf, options.targets)
    : undefined;
  const opened: Promise<EmbeddedAws> = createEmbeddedAws({
    ...options,
    account,
    region,
    functions: [
      ...builtInFunctions(options),
      ...(options.archive
        ? [
            archiverFunction(
              { ...embeddedSettings, ...(options.trail && { trail: true }) },
              policyOf,
              () => opened,
            ),
          ]
        : []),
      ...(requests?.functions ?? []),
    ],
    stateMachines: stateMachines.map(({ name, file }) => ({ name, definition: deployedDefinition(file) })),
    managedPolicies: [{ ...boundaryPolicy, document: boundaryDocument({ deny: deniedActions }) }],
    tables: options.services?.dynamodb ? [] : [ledgerTableInput],
    rules: [
      ...(options.watch ? [setupOf(watchdogRule)] : []),
      // A virtual clock would run from one hour to the next for ever.
      ...(options.watch && !options.clock
        ? [setupOf(sweepRule, { stateMachineArn: embeddedStateMachineArn })]
        : []),
      ...(options.archive
        ? [archiveRule([embeddedStateMachineArn, rollbackMachineOf(embeddedStateMachineArn)])]
        : []),
      ...(requests?.rules ?? []),
    ],
    ...(requests && { queues: requests.queues, eventSources: requests.eventSources }),
  });
  return opened;
}
