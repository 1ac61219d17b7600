// The Map state, inline: one iteration for each item, as many at once as MaxConcurrency allows.
import { attempt } from './attempt.ts';
import { complete, type Outcome } from './complete.ts';
import { recordAborted } from './cut-off.ts';
import type { MapState } from './definition.ts';
import { expectType } from './expression.ts';
import { QueryError } from './failure.ts';
import type { Json } from './json.ts';
import { newThread, record, recordAside, type Thread } from './run.ts';
import { evaluateTemplate } from './template.ts';
import type { Visit } from './visit.ts';

/** More iterations than these an inline Map does not run at once, whatever MaxConcurrency says. */
const inlineConcurrency = 40;

export function runMap(visit: Visit<MapState>): Promise<Outcome> {
  const { state, thread } = visit;
  let isSucceeded = false;
  return attempt(
    visit,
    async () => {
      const items = await itemsOf(visit);
      const limit = (await visit.number(state.maxConcurrency, 'MaxConcurrency')) || inlineConcurrency;
      // Only distributed Maps tolerate failures; an inline one merely evaluates what it would tolerate.
      await visit.number(state.toleratedFailureCount, 'ToleratedFailureCount');
      await visit.number(state.toleratedFailurePercentage, 'ToleratedFailurePercentage');
      record(thread, 'MapStateStarted', { mapStateStartedEventDetails: { length: items.length } });
      const result = await new Iterations(visit, items).run(Math.min(limit, inlineConcurrency));
      recordAside(thread, 'MapStateSucceeded');
      isSucceeded = true;
      return complete(visit, state, result, { result });
    },
    () => {
      if (!isSucceeded) record(thread, 'MapStateFailed');
    },
  );
}

async function itemsOf(visit: Visit<MapState>): Promise<readonly Json[]> {
  const template = visit.state.items;
  const items = template ? await visit.evaluate(template) : visit.input;
  if (Array.isArray(items)) return items;
  if (!template) throw new QueryError(`Map state input must be an array but was: ${JSON.stringify(items)}`);
  expectType(
    items,
    ['array'],
    'Items',
    template.kind === 'expression' ? template.expression.source : undefined,
  );
  return [];
}

class Iterations {
  readonly #visit: Visit<MapState>;
  readonly #items: readonly Json[];
  readonly #siblings = new AbortController();
  readonly #signal: AbortSignal;
  readonly #outputs: Json[];
  readonly #running = new Map<Thread, number>();
  #next = 0;
  /** The event of the iteration that succeeded last. */
  #last: number;
  #failed: { readonly thrown: unknown; readonly previous: number } | undefined;

  constructor(visit: Visit<MapState>, items: readonly Json[]) {
    this.#visit = visit;
    this.#items = items;
    this.#outputs = items.map(() => null);
    this.#signal = AbortSignal.any([visit.thread.signal, this.#siblings.signal]);
    this.#last = visit.thread.previous;
  }

  async run(concurrency: number): Promise<readonly Json[]> {
    const { thread } = this.#visit;
    const started = thread.previous;
    const slots = Array.from({ length: Math.min(concurrency, this.#items.length) }, () =>
      this.#fillSlot(started),
    );
    await Promise.all(slots);
    if (this.#failed) {
      thread.signal.throwIfAborted();
      thread.previous = this.#failed.previous;
      throw this.#failed.thrown;
    }
    thread.previous = this.#last;
    return this.#outputs;
  }

  /** An iteration's first event follows the last state of the iteration that made room for it. */
  async #fillSlot(started: number): Promise<void> {
    let previous = started;
    while (this.#next < this.#items.length && !this.#signal.aborted) {
      const index = this.#next++;
      try {
        previous = await this.#iterate(index, previous);
      } catch (thrown) {
        this.#fail(thrown, previous);
      }
    }
  }

  async #iterate(index: number, previous: number): Promise<number> {
    const { state, thread } = this.#visit;
    const item = this.#items[index] ?? null;
    const map = { Item: { Index: index, Value: item } };
    const input = state.itemSelector
      ? await evaluateTemplate(state.itemSelector, this.#visit.bindings({}, map))
      : item;
    const details = { index, name: state.name };
    const iteration = newThread(thread.run, this.#signal, previous, thread.variables, map);
    this.#running.set(iteration, index);
    thread.children.add(iteration);
    try {
      record(iteration, 'MapIterationStarted', { mapIterationStartedEventDetails: details });
      this.#outputs[index] = await thread.run.runStates(iteration, state.itemProcessor, input);
      this.#last = recordAside(iteration, 'MapIterationSucceeded', {
        mapIterationSucceededEventDetails: details,
      });
    } catch (thrown) {
      if (!this.#failed && !this.#signal.aborted) {
        recordAside(iteration, 'MapIterationFailed', { mapIterationFailedEventDetails: details });
        this.#running.delete(iteration);
      }
      this.#fail(thrown, iteration.previous);
    }
    this.#running.delete(iteration);
    thread.children.delete(iteration);
    return iteration.previous;
  }

  /** The first failure counts: it cuts the other iterations off, and the Map fails with it. */
  #fail(thrown: unknown, previous: number): void {
    if (this.#failed || this.#signal.aborted) return;
    this.#failed = { thrown, previous };
    this.#siblings.abort(thrown);
    for (const [iteration, index] of this.#running) {
      recordAborted(iteration);
      iteration.run.append(iteration.previous, 'MapIterationAborted', {
        mapIterationAbortedEventDetails: { index, name: this.#visit.state.name },
      });
    }
  }
}
