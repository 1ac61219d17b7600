// One simulated account with the product in it: virtual time, seeded schedule, faults by choice, and a trace of every call.
import { embeddedStateMachineArn as machine } from '../../cli/embedded.ts';
import { type Result, resultOf } from '../../cli/outcome.ts';
import { executionArnBeside, rollbackMachineOf } from '../../core/failure.ts';
import type { SweepReport } from '../../handlers/sweep.ts';
import { rootCredentials } from '../../local/credentials.ts';
import type { EmbeddedAws } from '../../local/embedded.ts';
import { executions } from '../../local/states/records.ts';
import { functionPrefix } from '../../statemachine/settings.ts';
import type { CallTrace } from './clients.ts';
import { engine } from './engine.ts';
import { type MeetFault, meeting, type SimulatedFault } from './faults.ts';
import type { Item, LedgerTable } from './ledger-table.ts';
import type { Kept, RememberingStore } from './past.ts';

/** An account to start from, with whatever was under way in it. */
export interface Saved extends Kept {
  readonly items: ReadonlyMap<string, Item>;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface WorldOptions {
  readonly seed: number;
  readonly from?: Saved;
  /** Enforces API Gateway's rates and, with them, the queue for deployments. */
  readonly quotas?: boolean;
  /** A new role is assumable after so many milliseconds, a deployment served after so many. */
  readonly delays?: { readonly role: number; readonly dataPlane: number };
}

export interface Ended {
  readonly name: string;
  readonly result: Result;
  readonly durationMs: number;
  readonly endedAt: number;
  /** States after the outcome that failed: what they say is left. */
  readonly left: readonly string[];
}

/** How an execution of the rollback machine ended. */
export interface Finished {
  readonly status: string;
  readonly endedAt: number;
  /** Where it failed. */
  readonly result?: Result;
}

export interface World {
  readonly aws: EmbeddedAws;
  readonly store: RememberingStore;
  readonly table: LedgerTable;
  readonly trace: readonly CallTrace[];
  /** Faults from now on, instead of those before. */
  setFaults(faults: readonly SimulatedFault[]): void;
  /** The same, decided anew for each call. */
  setMeet(meet: MeetFault): void;
  /** The functions fail with the error named for them, before they do anything. */
  setRaise(raise: (stateFunction: string) => string | undefined): void;
  save(): Saved;
  run(name: string, input: object): Promise<Ended>;
  /** Goes on with an execution that was under way when the account was saved, from the state it was in. */
  resume(name: string): Promise<Ended>;
  /** An operation by somebody else: the account's root user. */
  asOther(service: string, operation: string, input: object): Promise<Record<string, unknown>>;
  /** StopExecution, as an operator calls it; calls of its functions go on. */
  stop(name: string): Promise<unknown>;
  /** What the rollback machine made of an execution; undefined where it was not asked. */
  finished(name: string): Promise<Finished | undefined>;
  /** The Sweep function, as its schedule or an operator calls it. */
  sweep(remove?: boolean): Promise<SweepReport>;
  /** Until nothing runs any more, and every call that was thought lost has arrived. */
  settle(): Promise<void>;
}

/** There is one at a time in a process: opening another ends the one before. */
export async function openWorld(options: WorldOptions): Promise<World> {
  const { aws, store, table, begin } = await engine();
  const world = begin(options);
  const states = await aws.states();
  const endOf = async (name: string, executionArn: string): Promise<Ended> => {
    const {
      stateMachineArn,
      status,
      input,
      output,
      error,
      cause,
      startDate,
      stopDate = 0,
    } = await states.ended(executionArn);
    const result = resultOf({
      $metadata: {},
      executionArn,
      stateMachineArn,
      status,
      startDate: new Date(startDate),
      stopDate: new Date(stopDate),
      input,
      output,
      error,
      cause,
    });
    const { left = [] } = JSON.parse(output ?? '{}') as { left?: readonly { state: string }[] };
    return {
      name,
      result,
      durationMs: stopDate - startDate,
      endedAt: stopDate,
      left: left.map(({ state }) => state),
    };
  };
  return {
    aws,
    store,
    table,
    trace: world.trace,
    setFaults(faults) {
      world.meet = meeting(faults);
    },
    setMeet(meet) {
      world.meet = meet;
    },
    setRaise(raise) {
      world.raise = raise;
    },
    save: () => ({ ...store.save(), items: new Map(table.items), at: aws.clock.now() }),
    async run(name, input) {
      const given = { stateMachineArn: machine, name, input: JSON.stringify(input) };
      const started = await aws.call('states', 'StartExecution', given, rootCredentials);
      const { executionArn = '' } = started as { executionArn?: string };
      return endOf(name, executionArn);
    },
    resume(name) {
      states.resume();
      return endOf(name, executionArnBeside(machine, name));
    },
    asOther: async (service, operation, input) =>
      (await aws.call(service, operation, { ...input }, rootCredentials)) as Record<string, unknown>,
    stop: name =>
      aws.call(
        'states',
        'StopExecution',
        { executionArn: executionArnBeside(machine, name) },
        rootCredentials,
      ),
    async finished(name) {
      const arn = executionArnBeside(rollbackMachineOf(machine), name);
      const found = executions(aws).get(arn);
      if (!found) return undefined;
      const { status, stopDate: endedAt = 0 } = found;
      return { status, endedAt, ...(status !== 'SUCCEEDED' && { result: (await endOf(name, arn)).result }) };
    },
    async sweep(remove = false) {
      const { payload } = await aws.invokeFunction({
        functionArn: `arn:aws:lambda:${aws.region}:${aws.account}:function:${functionPrefix}Sweep`,
        payload: Buffer.from(JSON.stringify({ stateMachineArn: machine, remove })),
        as: rootCredentials,
      });
      return JSON.parse(Buffer.from(payload).toString());
    },
    async settle() {
      do await aws.clock.sleep(60_000);
      while ([...executions(aws).values()].some(({ status }) => status === 'RUNNING'));
    },
  };
}
