// Turns a step, or its rollback, into a Lambda handler: event → execution, thrown error → one of our names.
import { inBrief } from '../core/brief.ts';
import { classify, ServiceProxyError } from '../core/errors.ts';
import type { Execution, ExecutionIdentity, Failure, StepOutputs } from '../core/execution.ts';
import { redact, secretsOfInput, secretsOfPlan } from '../core/redaction.ts';
import type { Clients, EventFunction, FirstStep, Rollback, Settings, Step } from '../core/step.ts';
import { makeClients } from './clients.ts';
import { checkFinisher, loadExecution, noteFenceRead, whereItIs } from './ledger.ts';
import { recorded } from './recording.ts';

/** What a state passes to its function. */
interface StateEvent {
  readonly execution: ExecutionIdentity;
  readonly attempt: number;
  /** Only for the first state: the execution's input as it came. */
  readonly input?: unknown;
  readonly outputs?: Partial<StepOutputs>;
  readonly failure?: Failure;
  readonly notRolledBack?: readonly Failure[];
  readonly taskToken?: string;
}

export type Servable = Step | FirstStep | Rollback;

/**
 * Runs one state's function against the given clients, and returns its output with what it called on the way;
 * everything it throws is a ServiceProxyError that holds nothing secret.
 */
export function execute(step: Servable, event: unknown, clients: Clients): Promise<unknown> {
  const { execution, attempt } = event as StateEvent;
  const calling = { executionName: execution.name, state: step.name, attempt };
  return recorded(clients, calling, () => run(step, event as StateEvent, clients));
}

async function run(step: Servable, event: StateEvent, clients: Clients): Promise<unknown> {
  const { execution, attempt, input, outputs = {}, failure, notRolledBack = [], taskToken } = event;
  const failures = [...(failure ? [failure] : []), ...notRolledBack];
  let secrets = secretsOfInput(input);
  try {
    if ('isFirst' in step) return await step.run({ execution, attempt, input }, clients);
    const readAt = clients.now();
    const { plan, finisher, ...known } = await loadExecution(clients, execution.name);
    if (!plan)
      throw new ServiceProxyError('Refused', `the ledger holds no plan of execution ${execution.name}`);
    // Whoever holds the token may answer for whoever is asked.
    secrets = [...secretsOfPlan(plan), ...(taskToken === undefined ? [] : [taskToken])];
    checkFinisher(execution, finisher);
    noteFenceRead(execution, readAt);
    const running: Execution = {
      execution,
      attempt,
      outputs,
      plan,
      ...known,
      failures,
      ...(taskToken !== undefined && { taskToken }),
    };
    const output = await step.run(running, whereItIs(plan, clients));
    return 'rolledBack' in output ? { rolledBack: inBrief(output.rolledBack, 1200) } : output;
  } catch (error) {
    throw withoutSecrets(classify(error, step.name), secrets);
  }
}

/** Lambda copies the message into the execution's history. */
function withoutSecrets(error: ServiceProxyError, secrets: readonly string[]): ServiceProxyError {
  const problems = error.problems.map(({ path, message }) => ({ path, message: redact(message, secrets) }));
  return new ServiceProxyError(error.name, redact(error.message, secrets), problems);
}

/** The deployer's configuration, which the stack hands to every function. */
export function settingsFromEnvironment(): Settings {
  const settings = process.env.SERVICE_PROXY_SETTINGS;
  if (!settings)
    throw new ServiceProxyError(
      'Refused',
      'SERVICE_PROXY_SETTINGS is not set: deploy the function with the stack',
    );
  return JSON.parse(settings) as Settings;
}

/** The function's own clients, made when it is first called. */
function withClients(run: (event: unknown, clients: Clients) => Promise<unknown>) {
  let clients: Clients | undefined;
  return (event: unknown): Promise<unknown> => {
    clients ??= makeClients(settingsFromEnvironment());
    return run(event, clients);
  };
}

export const serve = (step: Servable) => withClients((event, clients) => execute(step, event, clients));

export async function executeEvent(
  { name, run }: EventFunction,
  event: unknown,
  clients: Clients,
): Promise<unknown> {
  try {
    return await run(event, clients);
  } catch (error) {
    throw classify(error, name);
  }
}

export const serveEvent = (called: EventFunction) =>
  withClients((event, clients) => executeEvent(called, event, clients));
