// One execution while it runs: where its events go and what its states may use.
import type { HistoryEvent, HistoryEventType } from '@aws-sdk/client-sfn';
import type { Aws } from '../service.ts';
import type { States } from './definition.ts';
import { StateFailure } from './failure.ts';
import type { Json, JsonObject } from './json.ts';
import type { TaskTokens } from './task-tokens.ts';
import type { Visit } from './visit.ts';

/** The one member of an event that its type has. */
export type EventDetails = Omit<HistoryEvent, 'timestamp' | 'type' | 'id' | 'previousEventId'>;

export interface Run {
  readonly aws: Aws;
  readonly executionArn: string;
  readonly roleArn: string;
  /** `$states.context.Execution` and `.StateMachine`. */
  readonly context: JsonObject;
  readonly random: () => number;
  readonly tokens: TaskTokens;
  /** Runs the states of a branch or an iteration. */
  runStates(thread: Thread, states: States, input: Json): Promise<Json>;
  /** Writes an event and gives its id. */
  append(previousEventId: number, type: HistoryEventType, details?: EventDetails): number;
}

/** One line of control: the execution itself, a branch of a Parallel state, or an iteration of a Map state. */
export interface Thread {
  readonly run: Run;
  readonly signal: AbortSignal;
  /** The event that the next one names as its predecessor. */
  previous: number;
  variables: JsonObject;
  /** `$states.context.Map` inside an iteration. */
  readonly map?: JsonObject;
  /** The state it is in. */
  visit?: Visit;
  readonly children: Set<Thread>;
}

export function newThread(
  run: Run,
  signal: AbortSignal,
  previous: number,
  variables: JsonObject,
  map?: JsonObject,
): Thread {
  return { run, signal, previous, variables, children: new Set(), ...(map && { map }) };
}

/** Writes the thread's next event; a thread that was cut off writes no more. */
export function record(thread: Thread, type: HistoryEventType, details?: EventDetails): number {
  thread.signal.throwIfAborted();
  thread.previous = thread.run.append(thread.previous, type, details);
  return thread.previous;
}

/** As record, for the events that do not become the predecessor of the next one. */
export function recordAside(thread: Thread, type: HistoryEventType, details?: EventDetails): number {
  thread.signal.throwIfAborted();
  return thread.run.append(thread.previous, type, details);
}

/** A history has at most this many events, the last of which says so. */
export const historyLimit = 25_000;

/** No Retry or Catch handles it, and no event may follow it but the execution's end. */
export class HistoryLimitReached extends StateFailure {
  constructor() {
    super('States.Runtime', `The execution reached the maximum number of history events (${historyLimit}).`);
  }
}

export const input = (value: Json) => ({ input: JSON.stringify(value), inputDetails: { truncated: false } });
export const output = (text: string) => ({ output: text, outputDetails: { truncated: false } });
