// One simulated account with the product in it: virtual time, seeded schedule, faults by choice, and a trace of every call.
import { embeddedStateMachineArn } from '../../cli/embedded.ts';
import { type Result, resultOf } from '../../cli/outcome.ts';
import { rootCredentials } from '../../local/credentials.ts';
import type { EmbeddedAws } from '../../local/embedded.ts';
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
  /** Until every call that was thought lost has arrived. */
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
      const given = { stateMachineArn: embeddedStateMachineArn, name, input: JSON.stringify(input) };
      const started = await aws.call('states', 'StartExecution', given, rootCredentials);
      const { executionArn = '' } = started as { executionArn?: string };
      return endOf(name, executionArn);
    },
    resume(name) {
      states.resume();
      return endOf(name, embeddedStateMachineArn.replace(':stateMachine:', ':execution:').concat(`:${name}`));
    },
    asOther: async (service, operation, input) =>
      (await aws.call(service, operation, { ...input }, rootCredentials)) as Record<string, unknown>,
    settle: () => aws.clock.sleep(60_000),
  };
}
