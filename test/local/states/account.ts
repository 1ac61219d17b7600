// An account for these tests: Step Functions over an empty store, virtual time, and functions that are plain code.
import type { ExecutionStatus, HistoryEvent } from '@aws-sdk/client-sfn';
import { virtualClock } from '../../../local/clock.ts';
import { seededIds } from '../../../local/ids.ts';
import { type Aws, type CallContext, ServiceError } from '../../../local/service.ts';
import { type StatesService, statesService } from '../../../local/states/service.ts';
import { openStore, type Store } from '../../../local/store.ts';

type FunctionCode = (event: never, call: { readonly now: number; readonly signal?: AbortSignal }) => unknown;

export const roleArn = 'arn:aws:iam::000000000000:role/states';
export const arnOf = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

interface Ended {
  readonly executionArn: string;
  readonly status: ExecutionStatus;
  readonly output: unknown;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  readonly seconds: number;
  readonly events: readonly HistoryEvent[];
}

export interface Account {
  readonly aws: Aws;
  readonly states: StatesService;
  call(operation: string, input: object): Promise<never>;
  start(definition: object, input?: unknown, name?: string): Promise<string>;
  run(definition: object, input?: unknown): Promise<Ended>;
  history(executionArn: string): Promise<readonly HistoryEvent[]>;
}

export interface AccountOptions {
  readonly functions?: Readonly<Record<string, FunctionCode>>;
  readonly store?: Store;
  readonly random?: () => number;
}

export function anAccount({
  functions = {},
  store = openStore(),
  random = () => 0.5,
}: AccountOptions = {}): Account {
  const clock = virtualClock();
  const aws: Aws = {
    account: '000000000000',
    region: 'us-east-1',
    partition: 'aws',
    store,
    clock,
    ids: seededIds(1),
    at: () => aws,
    send: () => Promise.reject(new Error('no front door here')),
    assumeRole: () => ({ accessKeyId: 'ASIA', secretAccessKey: 'secret' }),
    async invokeFunction({ functionArn, payload, signal }) {
      const code = functions[functionArn.split(':')[6] ?? ''];
      if (!code) {
        throw new ServiceError(
          'ResourceNotFoundException',
          404,
          `Function not found: ${functionArn}:$LATEST`,
        );
      }
      const event = JSON.parse(Buffer.from(payload).toString()) as never;
      try {
        const result = await code(event, { now: clock.now(), ...(signal && { signal }) });
        return { payload: Buffer.from(JSON.stringify(result ?? null)), executedVersion: '$LATEST' };
      } catch (thrown) {
        if (thrown instanceof ServiceError) throw thrown;
        const { name, message } = thrown as Error;
        const failure = JSON.stringify({ errorType: name, errorMessage: message, trace: [] });
        return { payload: Buffer.from(failure), functionError: 'Unhandled', executedVersion: '$LATEST' };
      }
    },
  };
  const states = statesService(aws, { random });
  const context = { aws } as CallContext;
  let machines = 0;

  const account: Account = {
    aws,
    states,
    async call(operation, input) {
      const run = states.operations[operation];
      if (!run) throw new Error(`no operation ${operation}`);
      return (await run(input, context)) as never;
    },
    async start(definition, input = {}, name) {
      const machine = { name: `machine-${++machines}`, definition: JSON.stringify(definition), roleArn };
      const { stateMachineArn }: { stateMachineArn: string } = await account.call(
        'CreateStateMachine',
        machine,
      );
      const started = { stateMachineArn, input: JSON.stringify(input), ...(name && { name }) };
      const { executionArn }: { executionArn: string } = await account.call('StartExecution', started);
      return executionArn;
    },
    async run(definition, input) {
      const executionArn = await account.start(definition, input);
      const { status, output, error, cause, startDate, stopDate = 0 } = await states.ended(executionArn);
      return {
        executionArn,
        status,
        output: output === undefined ? undefined : JSON.parse(output),
        error,
        cause,
        seconds: (stopDate - startDate) / 1000,
        events: await account.history(executionArn),
      };
    },
    async history(executionArn) {
      const events: HistoryEvent[] = [];
      let nextToken: string | undefined;
      do {
        const page: { events: HistoryEvent[]; nextToken?: string } = await account.call(
          'GetExecutionHistory',
          {
            executionArn,
            nextToken,
            maxResults: 1000,
          },
        );
        events.push(...page.events);
        nextToken = page.nextToken;
      } while (nextToken);
      return events;
    },
  };
  return account;
}

/** One line for each event: `id previousEventId type`. */
export const outline = (events: readonly HistoryEvent[]) =>
  events.map(({ id, previousEventId, type }) => `${id} ${previousEventId} ${type}`);

export const jsonata = (states: Readonly<Record<string, object>>, machine: object = {}) => ({
  QueryLanguage: 'JSONata',
  StartAt: Object.keys(states)[0],
  States: states,
  ...machine,
});

export const failing = (name: string, message = 'no') => {
  throw Object.assign(new Error(message), { name });
};
