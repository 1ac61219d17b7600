// An account in memory in which functions are called one by one: no state machine, no wire, and time that only passes when told to.
import type { Clients, Settings } from '../../core/step.ts';
import { apiGatewayService } from '../../local/apigateway/service.ts';
import { rootCredentials } from '../../local/credentials.ts';
import { iamService } from '../../local/iam/service.ts';
import { seededIds } from '../../local/ids.ts';
import { type Aws, type Service, ServiceError } from '../../local/service.ts';
import { rootCall } from '../../local/setup.ts';
import { openStore, type Store } from '../../local/store.ts';
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

const settings: Settings = {
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

/** Step Functions as far as functions call it. */
function statesService({ executions, started }: Pick<Account, 'executions' | 'started'>): Service {
  return {
    authorize: () => [],
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
        return { executionArn: executionArn(input.name), startDate: 0 };
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
  const parts = { ...place, store, clock, ids: seededIds(1) } as unknown as Aws;
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
    content: () => contentOf({ content: store.content(), items: table.items }),
    asOther: async (service, operation, input) =>
      (await perform(service, operation, { ...input })) as Record<string, unknown>,
  };
  const services: Readonly<Record<string, Service>> = {
    apigateway: apiGatewayService(parts),
    iam: iamService(parts),
    dynamodb: table.service(parts),
    states: statesService(account),
  };
  async function perform(service: string, operation: string, input: object): Promise<object> {
    const run = services[service]?.operations[operation];
    if (!run) throw new ServiceError('NotImplemented', 501, `NotImplemented: ${service}:${operation}`);
    return run(input, rootCall(parts));
  }
  return account;
}
