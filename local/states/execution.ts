// One execution from its start, or from where it was interrupted, to its end.
import type { HistoryEventType } from '@aws-sdk/client-sfn';
import type { Aws } from '../service.ts';
import { nameIn } from './arns.ts';
import type { Definition } from './definition.ts';
import { StateFailure } from './failure.ts';
import { runStates } from './interpreter.ts';
import type { JsonObject } from './json.ts';
import {
  checkpoints,
  type EventDocument,
  type ExecutionDocument,
  eventKey,
  events,
  executions,
  type RevisionDocument,
} from './records.ts';
import {
  type EventDetails,
  HistoryLimitReached,
  historyLimit,
  input,
  newThread,
  output,
  type Run,
} from './run.ts';
import type { TaskTokens } from './task-tokens.ts';

/** What executions share. */
export interface Engine {
  readonly aws: Aws;
  readonly random: () => number;
  readonly tokens: TaskTokens;
  onEvent(executionArn: string, event: EventDocument): void;
  /** After an execution was started, redriven or has ended. */
  onStatus(execution: ExecutionDocument): void;
}

type Ending = Pick<ExecutionDocument, 'output' | 'error' | 'cause'>;

/** Why the threads of an execution stop when it ends before they do. */
class ExecutionEnded extends Error {}

export class RunningExecution implements Run {
  readonly aws: Aws;
  readonly executionArn: string;
  readonly roleArn: string;
  readonly random: () => number;
  readonly tokens: TaskTokens;
  readonly context: JsonObject;
  readonly runStates = runStates;
  /** Resolves when it has ended and nothing of it runs any more. */
  readonly ended: Promise<ExecutionDocument>;
  readonly #engine: Engine;
  readonly #definition: Definition;
  readonly #end = new AbortController();
  #document: ExecutionDocument;
  #eventCount: number;

  constructor(
    engine: Engine,
    document: ExecutionDocument,
    revision: RevisionDocument,
    definition: Definition,
    eventCount: number,
  ) {
    this.#engine = engine;
    this.#document = document;
    this.#definition = definition;
    this.#eventCount = eventCount;
    this.aws = engine.aws;
    this.random = engine.random;
    this.tokens = engine.tokens;
    this.executionArn = document.executionArn;
    this.roleArn = revision.roleArn;
    this.context = {
      Execution: {
        Id: document.executionArn,
        Input: JSON.parse(document.input),
        StartTime: new Date(document.startDate).toISOString(),
        Name: document.name,
        RoleArn: revision.roleArn,
        RedriveCount: document.redriveCount,
      },
      StateMachine: { Id: document.stateMachineArn, Name: nameIn(document.stateMachineArn) },
    };
    this.ended = this.#run();
  }

  append(previousEventId: number, type: HistoryEventType, details: EventDetails = {}): number {
    if (this.#eventCount >= historyLimit - 1 && !type.startsWith('Execution'))
      throw new HistoryLimitReached();
    const id = ++this.#eventCount;
    const event: EventDocument = { timestamp: this.aws.clock.now(), type, id, previousEventId, ...details };
    events(this.aws).set(eventKey(this.executionArn, id), event);
    this.#engine.onEvent(this.executionArn, event);
    return id;
  }

  /** Ends it as StopExecution asks. */
  stop(error?: string, cause?: string): ExecutionDocument {
    const ending = { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
    this.#finish('ABORTED', ending, () => {
      this.append(0, 'ExecutionAborted', { executionAbortedEventDetails: ending });
    });
    return this.#document;
  }

  /** Lets go of it as a crash would: it stays RUNNING in the account, to be resumed. */
  suspend(): void {
    this.#end.abort(new ExecutionEnded());
  }

  /** Never rejects: what goes wrong in the interpreter itself ends the execution too. */
  async #run(): Promise<ExecutionDocument> {
    const cancelTimeout = this.#armTimeout();
    const checkpoint = checkpoints(this.aws).get(this.executionArn);
    const thread = newThread(
      this,
      this.#end.signal,
      checkpoint?.previousEventId ?? (this.#document.redriveCount > 0 ? this.#eventCount : 0),
      checkpoint?.variables ?? {},
    );
    try {
      this.#begin();
      const result = await runStates(
        thread,
        this.#definition,
        checkpoint?.input ?? JSON.parse(this.#document.input),
        {
          ...(checkpoint && { startAt: checkpoint.state }),
          onTransition: (state, value) => {
            const { previous: previousEventId, variables } = thread;
            checkpoints(this.aws).set(this.executionArn, { state, input: value, variables, previousEventId });
          },
        },
      );
      const text = JSON.stringify(result);
      this.#finish('SUCCEEDED', { output: text }, () => {
        this.append(thread.previous, 'ExecutionSucceeded', { executionSucceededEventDetails: output(text) });
      });
    } catch (thrown) {
      if (!this.#end.signal.aborted) this.#fail(thrown, thread.previous);
    }
    cancelTimeout();
    return this.#document;
  }

  #begin(): void {
    if (this.#eventCount > 0) return;
    this.append(0, 'ExecutionStarted', {
      executionStartedEventDetails: {
        ...input(null),
        input: this.#document.input,
        roleArn: this.roleArn,
      },
    });
  }

  #fail(thrown: unknown, previous: number): void {
    const failure =
      thrown instanceof StateFailure
        ? thrown
        : new StateFailure('States.Runtime', thrown instanceof Error ? thrown.message : String(thrown));
    const ending: Ending = {
      ...(failure.error !== undefined && { error: failure.error }),
      ...(failure.cause !== undefined && { cause: failure.cause }),
    };
    const last = thrown instanceof HistoryLimitReached ? this.#eventCount : previous;
    this.#finish('FAILED', ending, () => {
      this.append(last, 'ExecutionFailed', { executionFailedEventDetails: ending });
    });
  }

  /** Only the event says States.Timeout: the execution itself has neither error nor cause. */
  #armTimeout(): () => void {
    const { timeoutSeconds } = this.#definition;
    if (timeoutSeconds === undefined) return () => {};
    const from = this.#document.redriveDate ?? this.#document.startDate;
    return this.aws.clock.schedule(from + timeoutSeconds * 1000, () => {
      this.#finish('TIMED_OUT', {}, () => {
        this.append(0, 'ExecutionTimedOut', { executionTimedOutEventDetails: { error: 'States.Timeout' } });
      });
    });
  }

  #finish(status: ExecutionDocument['status'], ending: Ending, appendEvent: () => void): void {
    if (this.#end.signal.aborted) return;
    const stopDate = this.aws.clock.now();
    this.#document = { ...this.#document, status, stopDate, ...ending, eventCount: this.#eventCount + 1 };
    this.aws.store.atomically(() => {
      executions(this.aws).set(this.executionArn, this.#document);
      if (status === 'SUCCEEDED') checkpoints(this.aws).delete(this.executionArn);
      this.#end.abort(new ExecutionEnded());
      appendEvent();
    });
    this.#engine.onStatus(this.#document);
  }
}
