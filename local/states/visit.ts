// One visit of a state: its input, what its expressions see, and how what goes wrong in it becomes a failure.
import type { State } from './definition.ts';
import type { Bindings } from './expression.ts';
import { QueryError, RuntimeError, StateFailure } from './failure.ts';
import type { Json, JsonObject } from './json.ts';
import { HistoryLimitReached, input, record, type Thread } from './run.ts';
import { evaluateAs, evaluateTemplate, type Template } from './template.ts';

/** What `$states` holds besides input and context. */
export type StatesExtra = { readonly result?: Json; readonly errorOutput?: Json };

export class Visit<S extends State = State> {
  readonly thread: Thread;
  readonly state: S;
  readonly input: Json;
  /** The event before the state was entered, and the event of entering it. */
  readonly before: number;
  readonly entered: number;
  readonly enteredTime: string;
  retryCount = 0;
  taskToken: string | undefined;

  constructor(thread: Thread, state: S, value: Json) {
    this.thread = thread;
    this.state = state;
    this.input = value;
    this.enteredTime = new Date(thread.run.aws.clock.now()).toISOString();
    this.before = thread.previous;
    this.entered = record(thread, `${state.type}StateEntered`, {
      stateEnteredEventDetails: { name: state.name, ...input(value) },
    });
  }

  bindings(extra: StatesExtra = {}, map = this.thread.map): Bindings {
    const { type, name } = this.state;
    const context: JsonObject = {
      ...this.thread.run.context,
      State: {
        Name: name,
        EnteredTime: this.enteredTime,
        ...((type === 'Task' || type === 'Map' || type === 'Parallel') && { RetryCount: this.retryCount }),
      },
      ...(map && { Map: map }),
      ...(this.taskToken !== undefined && { Task: { Token: this.taskToken } }),
    };
    return { ...this.thread.variables, states: { input: this.input, ...extra, context } };
  }

  evaluate(template: Template, extra?: StatesExtra): Promise<Json> {
    return evaluateTemplate(template, this.bindings(extra));
  }

  async text(template: Template | undefined, field: string): Promise<string | undefined> {
    if (!template) return undefined;
    return String(await evaluateAs(template, ['string'], field, this.bindings()));
  }

  async number(template: Template | undefined, field: string): Promise<number | undefined> {
    if (!template) return undefined;
    return Number(await evaluateAs(template, ['number'], field, this.bindings()));
  }

  /** What a Retry or Catch gets to see; throws on what neither may handle. */
  failureOf(thrown: unknown): StateFailure {
    this.thread.signal.throwIfAborted();
    if (thrown instanceof HistoryLimitReached) throw thrown;
    if (thrown instanceof StateFailure) return thrown;
    const cause = (message: string) =>
      `An error occurred while executing the state '${this.state.name}' (entered at the event id #${this.entered}). ${message}`;
    if (thrown instanceof RuntimeError) return new StateFailure('States.Runtime', cause(thrown.message));
    if (!(thrown instanceof QueryError)) throw thrown;
    const failure = new StateFailure('States.QueryEvaluationError', cause(thrown.message));
    // The event stands beside the one that entered the state, unless the state had got further by then.
    if (this.thread.previous === this.entered && !thrown.isLate) this.thread.previous = this.before;
    record(this.thread, 'EvaluationFailed', {
      evaluationFailedEventDetails: {
        error: 'States.QueryEvaluationError',
        cause: failure.cause,
        state: this.state.name,
        ...(thrown.field !== undefined && { location: thrown.field }),
      },
    });
    return failure;
  }
}
