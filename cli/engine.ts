// Where an execution runs: in this process, or in an account (or whatever endpoint stands for one).
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { invalidInput, type Problem } from '../core/errors.ts';
import { executionArnBeside } from '../core/failure.ts';
import { type SkippableState, skippableStates } from '../core/step.ts';
import type { AllowedTargets } from '../core/target.ts';
import type { Target } from '../handlers/clients.ts';
import type { EmbeddedAws } from '../local/embedded.ts';
import { stateMachineName } from '../statemachine/settings.ts';
import { allowedTargets } from './allowed-targets.ts';
import { embeddedStateMachineArn, openEmbedded } from './embedded.ts';
import { emulatorCredentials, requireEmulator } from './emulator.ts';
import { EngineUnreachable, isUnreachable } from './unreachable.ts';

export interface EngineOptions {
  readonly target?: 'embedded' | 'aws';
  readonly stateMachineArn?: string;
  readonly endpointUrl?: string;
  readonly region?: string;
  readonly data?: string;
  readonly servicesUrl?: string;
  readonly skipStates?: string;
  readonly allowTarget?: readonly string[];
}

export interface Engine {
  readonly sfn: SFNClient;
  readonly stateMachineArn: string;
  /** For further clients of the same account. */
  readonly account: Target & { readonly region: string };
  /** Milliseconds between two looks at a running execution. */
  readonly pollEvery: number;
  /** Milliseconds for which an execution is followed on while the connection is lost; default: none. */
  readonly patience?: number;
  readonly embedded?: EmbeddedAws;
  /** Where APIs may be besides its own account and region; absent where only the engine itself knows. */
  readonly targets?: AllowedTargets;
  /** The flags with which other commands, ours and the AWS CLI, reach it: ` --endpoint-url URL`; empty in this process. */
  readonly flags?: string;
  /** Address for messages. */
  readonly address: string;
  close(): Promise<void>;
}

export const isEmbedded = ({ target, stateMachineArn, endpointUrl }: EngineOptions) =>
  target === 'embedded' ||
  (target === undefined &&
    stateMachineArn === undefined &&
    endpointUrl === undefined &&
    !process.env.SERVICE_PROXY_STATE_MACHINE_ARN);

/** @throws ServiceProxyError `InvalidInput`, EngineUnreachable */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const skipStates = checkFlags(options);
  return isEmbedded(options) ? openInProcess(options, skipStates) : openAccount(options);
}

function checkFlags(options: EngineOptions): SkippableState[] {
  const problems: Problem[] = [];
  const { servicesUrl, skipStates, allowTarget } = options;
  if (servicesUrl !== undefined && !/^https?:/.test(servicesUrl)) {
    problems.push({ path: '--services-url', message: `"${servicesUrl}" is no http or https URL` });
  }
  if (!isEmbedded(options)) {
    for (const [flag, value] of Object.entries({
      '--services-url': servicesUrl,
      '--skip-states': skipStates,
      '--allow-target': allowTarget,
    })) {
      if (value === undefined) continue;
      problems.push({
        path: flag,
        message: 'is for the embedded engine: what is deployed decides this itself',
      });
    }
  }
  const names = skipStates?.split(',').map(name => name.trim()) ?? [];
  const known = skippableStates.filter(name => names.includes(name));
  for (const name of names.filter(one => !known.some(state => state === one))) {
    const may = skippableStates.join(' and ');
    problems.push({ path: '--skip-states', message: `"${name}" cannot be left out; only ${may} can` });
  }
  if (problems.length > 0) throw invalidInput(problems);
  return known;
}

async function openInProcess(
  { data, servicesUrl, allowTarget }: EngineOptions,
  skipStates: readonly SkippableState[],
): Promise<Engine> {
  if (servicesUrl !== undefined) await requireEmulator(servicesUrl);
  const targets = allowedTargets(allowTarget);
  const embedded = await openEmbedded({
    targets,
    ...(data !== undefined && { dataDir: data, archive: true }),
    ...(servicesUrl !== undefined && { servicesUrl }),
    ...(skipStates.length > 0 && { skipStates }),
  });
  const { credentials, requestHandler, region } = embedded;
  const account = { region, credentials, requestHandler, endpoint: 'http://embedded.localhost' };
  return {
    sfn: new SFNClient({ ...account, maxAttempts: 1 }),
    stateMachineArn: embeddedStateMachineArn,
    account,
    pollEvery: 15,
    embedded,
    targets,
    address: 'the embedded AWS in this process',
    close: () => embedded.close(),
  };
}

async function openAccount(options: EngineOptions): Promise<Engine> {
  const given = options.stateMachineArn ?? process.env.SERVICE_PROXY_STATE_MACHINE_ARN;
  const endpoint = options.endpointUrl ?? process.env.AWS_ENDPOINT_URL;
  const isLocal = endpoint !== undefined && /\/\/(127\.|localhost|\[::1\])/.test(endpoint);
  const named = options.region ?? given?.split(':')[3] ?? process.env.AWS_REGION;
  const wanted = isLocal ? (named ?? 'us-east-1') : named;
  const target = {
    // Where nobody names one, the profile does.
    ...(wanted !== undefined && { region: wanted }),
    ...(endpoint !== undefined && { endpoint }),
    // A running `up` knows one pair of keys; an account is reached with the caller's own.
    ...(isLocal && { credentials: emulatorCredentials() }),
  };
  const sfn = new SFNClient(target);
  const region = await regionOf(sfn);
  const address = endpoint ?? `AWS Step Functions in ${region}`;
  sfn.middlewareStack.add(
    next => async args => {
      try {
        return await next(args);
      } catch (error) {
        throw isUnreachable(error) ? new EngineUnreachable(address, error) : error;
      }
    },
    { step: 'initialize', name: 'namesUnreachableEngine' },
  );
  return {
    sfn,
    stateMachineArn: given ?? (isLocal ? embeddedStateMachineArn : await findStateMachine(sfn, address)),
    account: { ...target, region },
    pollEvery: isLocal ? 50 : 1000,
    patience: isLocal ? 10_000 : 15 * 60_000,
    flags: flagsOf(options),
    address,
    close: async () => sfn.destroy(),
  };
}

/** What the environment says, it says to the next command too. */
const flagsOf = ({ endpointUrl, region }: EngineOptions) =>
  [
    endpointUrl === undefined ? '' : ` --endpoint-url ${endpointUrl}`,
    region === undefined ? '' : ` --region ${region}`,
  ].join('');

async function regionOf({ config }: SFNClient): Promise<string> {
  try {
    return await config.region();
  } catch {
    const message = 'is nowhere: give one, or a profile (AWS_PROFILE) or AWS_REGION that has one';
    throw invalidInput([{ path: '--region', message }]);
  }
}

/** The deployed state machine, by the name that a deployment gives it. */
async function findStateMachine(sfn: SFNClient, address: string): Promise<string> {
  let nextToken: string | undefined;
  do {
    const page = await sfn.send(new ListStateMachinesCommand({ ...(nextToken && { nextToken }) }));
    const found = page.stateMachines?.find(({ name }) => name === stateMachineName);
    if (found?.stateMachineArn) return found.stateMachineArn;
    nextToken = page.nextToken;
  } while (nextToken);
  const message = `${address} has no state machine ${stateMachineName}: deploy one, or name another or its region`;
  throw invalidInput([{ path: '--state-machine-arn', message }]);
}

/** An execution by its ARN, or by its name in this state machine. */
export const executionArnOf = ({ stateMachineArn }: Pick<Engine, 'stateMachineArn'>, execution: string) =>
  execution.startsWith('arn:') ? execution : executionArnBeside(stateMachineArn, execution);
