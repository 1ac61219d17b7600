// An account in memory in which functions are called one by one: no state machine, no wire, and time that only passes when told to.
import type { Clients, Settings } from '../../core/step.ts';
import { apiGatewayService } from '../../local/apigateway/service.ts';
import { rootCredentials } from '../../local/credentials.ts';
import type { DirectCall } from '../../local/direct-call.ts';
import { iamService } from '../../local/iam/service.ts';
import { seededIds } from '../../local/ids.ts';
import { requireAllowed } from '../../local/server.ts';
import { type Authorization, type Aws, type Service, ServiceError } from '../../local/service.ts';
import { ensureManagedPolicy, functionRole, rootCall } from '../../local/setup.ts';
import { openStore, type Store } from '../../local/store.ts';
import { allFunctions } from '../../statemachine/functions.ts';
import { policyDocument } from '../../statemachine/policies.ts';
import { boundaryPolicy } from '../../statemachine/settings.ts';
import { type CallTrace, SimulatedFunction } from '../simulation/clients.ts';
import { type Content, contentOf } from '../simulation/content.ts';
import type { MeetFault } from '../simulation/faults.ts';
import { type LedgerTable, ledgerTable, type TableLimits } from '../simulation/ledger-table.ts';

/** What Step Functions says of an execution. */
export interface DescribedExecution {
  readonly status: string;
  readonly startDate?: Date;
  readonly stopDate?: Date;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
  readonly redriveStatus?: string;
}

export interface Account {
  readonly aws: { readonly clock: { now(): number } };
  readonly store: Store;
  readonly table: LedgerTable;
  /** Every call of a function, as it was answered. */
  readonly trace: CallTrace[];
  /** By ARN; those that were started besides. */
  readonly executions: Map<string, DescribedExecution>;
  readonly started: { readonly stateMachineArn: string; readonly name: string; readonly input: string }[];
  /** The fault the next call meets; default: none. */
  meet: MeetFault;
  settings: Settings;
  /** Milliseconds since the epoch; each call takes twenty, unless `isInstant`. */
  now: number;
  isInstant: boolean;
  /** A function of this name, called by this execution. */
  function(name: string, execution: string): SimulatedFunction;
  /** What such a function is given. */
  clients(name?: string, execution?: string): Clients;
  content(): Content;
  /** An operation by somebody else. */
  asOther(service: string, operation: string, input: object): Promise<Record<string, unknown>>;
}

export const executionArn = (name: string, machine = 'ServiceProxyProvisioning') =>
  `arn:aws:states:us-east-1:000000000000:execution:${machine}:${name}`;

const boundaryArn = `arn:aws:iam::000000000000:policy${boundaryPolicy.path}${boundaryPolicy.name}`;

const settings: Settings = {
  permissionsBoundary: boundaryArn,
  ledgerTable: 'service-proxy-ledger',
  allow: ['*'],
  deny: [],
  deploymentIntervalSeconds: 0,
  invokeUrl: 'http://embedded.localhost/_aws/execute-api/{api}/{stage}{path}',
  skipStates: ['TestInvokeMethod', 'VerifyStage'],
};

const environment = {
  credentials: rootCredentials,
  signal: new AbortController().signal,
  http: () => Promise.reject(new Error('nothing is called here')),
};

const target = {
  partition: 'aws',
  region: 'us-east-1',
  account: '000000000000',
  table: settings.ledgerTable,
  boundary: boundaryArn,
};

/** What a function's own role lets it do, in an account that holds nothing but that role. */
function permissionsOf(place: Omit<Aws, 'store' | 'at'>, name: string) {
  const called = allFunctions().find(one => one.name === name);
  if (!called) return () => {};
  const aws: Aws = { ...place, store: openStore(), at: () => aws };
  const roleArn = functionRole(aws, {
    name,
    policy: policyDocument(called.permissions, target),
    timeoutSeconds: called.timeoutSeconds,
    invoke: async () => undefined,
  });
  const caller = { account: target.account, arn: roleArn, roleArn, accessKeyId: 'test' };
  return (authorizations: readonly Authorization[]) => requireAllowed(aws, caller, authorizations);
}

/** Step Functions as far as functions call it. */
function statesService({ executions, started }: Pick<Account, 'executions' | 'started'>): Service {
  return {
    authorize: (operation, input) => [
      {
        action: `states:${operation}`,
        resource: String(input.executionArn ?? input.stateMachineArn),
      },
    ],
    operations: {
      DescribeExecution({ executionArn: arn }) {
        const found = executions.get(arn);
        if (!found)
          throw new ServiceError('ExecutionDoesNotExist', 400, `Execution Does Not Exist: '${arn}'`);
        return { ...found, executionArn: arn, name: arn.split(':').at(-1) };
      },
      StartExecution(input) {
        if (started.some(({ name }) => name === input.name))
          throw new ServiceError('ExecutionAlreadyExists', 400, `Execution Already Exists: '${input.name}'`);
        started.push(input);
        const arn = `${input.stateMachineArn.replace(':stateMachine:', ':execution:')}:${input.name}`;
        executions.set(arn, { status: 'RUNNING' });
        return { executionArn: arn, startDate: 0 };
      },
      RedriveExecution({ executionArn: arn }) {
        executions.set(arn, { status: 'RUNNING' });
        return { redriveDate: 0 };
      },
    },
  };
}

export function openAccount(limits?: TableLimits): Account {
  const store = openStore();
  const table = ledgerTable(limits);
  const clock = {
    now: () => account.now,
    schedule: () => () => {},
    sleep: async (milliseconds: number) => {
      if (!account.isInstant) account.now += milliseconds;
    },
    hold: () => () => {},
  };
  const place = { account: '000000000000', region: 'us-east-1', partition: 'aws' };
  const home = { ...place, clock, ids: seededIds(1) } as unknown as Omit<Aws, 'store' | 'at'>;
  const parts: Aws = { ...home, store, at: () => parts };
  const account: Account = {
    aws: { clock },
    store,
    table,
    trace: [],
    executions: new Map(),
    started: [],
    meet: () => undefined,
    settings,
    isInstant: false,
    now: Date.UTC(2026, 0, 1),
    function(name, execution) {
      const check = permissionsOf(home, name);
      const perform: DirectCall = (service, operation, input) => {
        check(services[service]?.authorize(operation, input, rootCall(parts)) ?? []);
        return answer(service, operation, input);
      };
      const calls = {
        clock,
        random: () => 0,
        meet: (where: string, call: string) => account.meet(where, call),
        perform,
        performStale: perform,
        note: (call: CallTrace) => void account.trace.push(call),
      };
      return new SimulatedFunction(calls, name, execution, environment);
    },
    clients: (name = 'Function', execution = '') =>
      account.function(name, execution).clients(account.settings),
    content() {
      const { 'iam/policies': _, ...content } = store.content();
      return contentOf({ content, items: table.items });
    },
    asOther: async (service, operation, input) =>
      (await answer(service, operation, { ...input })) as Record<string, unknown>,
  };
  ensureManagedPolicy(parts, { ...boundaryPolicy, document: { Version: '2012-10-17', Statement: [] } });
  const services: Readonly<Record<string, Service>> = {
    apigateway: apiGatewayService(parts),
    iam: iamService(parts),
    dynamodb: table.service(parts),
    states: statesService(account),
  };
  async function answer(service: string, operation: string, input: object): Promise<object> {
    const run = services[service]?.operations[operation];
    if (!run) throw new ServiceError('NotImplemented', 501, `NotImplemented: ${service}:${operation}`);
    return run(input, rootCall(parts));
  }
  return account;
}
