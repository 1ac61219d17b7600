// Does a step's work on many things in turns, each at its place in the account's queue for API Gateway's calls.
import { firstOf } from '../core/brief.ts';
import { ServiceProxyError } from '../core/errors.ts';
import type { Execution } from '../core/execution.ts';
import type { Clients, StepName } from '../core/step.ts';
import { loadProgress, reserveCalls, saveProgress } from './ledger.ts';

/** Half of what API Gateway takes at once: two turns that meet, or somebody else's calls, still fit. */
const callsInTurn = 20;

/** Bytes of results kept from one attempt to the next: more than any step returns. */
const largestResults = 8000;

export interface Turns<Item, Result> {
  readonly state: StepName;
  /** Where a step does more than one thing in turns: which of them. */
  readonly part?: string;
  readonly items: readonly Item[];
  /** How many calls the work on one of them makes. */
  readonly calls: (item: Item) => number;
  /** Where API Gateway takes only so many at once: a turn is no longer, and not before its time. */
  readonly most?: number;
  /** A place in a queue of their own besides, for a turn of theirs. */
  readonly alsoReserve?: () => Promise<number>;
  readonly work: (item: Item) => Promise<Result>;
}

/**
 * An attempt after the first goes on where the one before it stopped.
 * @throws ServiceProxyError `Paced` when its turn has not come: the state machine waits.
 */
export async function inTurns<Item, Result>(
  clients: Clients,
  { execution, attempt }: Execution,
  { state, part, items, calls, most, alsoReserve, work }: Turns<Item, Result>,
): Promise<Result[]> {
  const key = part === undefined ? state : `${state}/${part}`;
  const before = attempt > 0 ? await loadProgress(clients, execution.name, key) : undefined;
  const results = [...(before?.results ?? [])] as Result[];
  let done = before?.done ?? 0;
  let turnAt = before?.turnAt;
  const save = (progress: { readonly turnAt?: number }) =>
    saveProgress(clients, execution.name, key, {
      done,
      results: firstOf(results, largestResults),
      ...progress,
    });

  while (done < items.length) {
    const left = items.slice(done, most && done + most);
    const turn = left.slice(0, sizeOfTurn(left, calls));
    if (turnAt === undefined) {
      const sum = turn.reduce((total, item) => total + calls(item), 0);
      const mayBeEarly = most === undefined || alsoReserve !== undefined;
      turnAt = await reserveCalls(clients, sum, mayBeEarly);
      if (alsoReserve) turnAt = Math.max(turnAt, await alsoReserve());
      if (turnAt > clients.now()) await save({ turnAt });
    }
    if (turnAt > clients.now()) throw paced(turnAt, `${done} of ${items.length} done; `);
    turnAt = undefined;
    try {
      for (const item of turn) {
        results.push(await work(item));
        done += 1;
      }
    } catch (error) {
      await save({});
      throw error;
    }
    // The part after this one may have to wait.
    if (part !== undefined && done === items.length) await save({});
  }
  return results;
}

/**
 * Lets an execution go on when its place in a queue has come, which it reserves once.
 * @throws ServiceProxyError `Paced` before that time: the state machine waits.
 */
export async function awaitTurn(
  clients: Clients,
  { execution, attempt }: Pick<Execution, 'execution' | 'attempt'>,
  state: StepName,
  reserve: () => Promise<number>,
): Promise<void> {
  const before = attempt > 0 ? await loadProgress(clients, execution.name, state) : undefined;
  const turnAt = before?.turnAt ?? (await reserve());
  if (turnAt <= clients.now()) return;
  if (before === undefined)
    await saveProgress(clients, execution.name, state, { done: 0, results: [], turnAt });
  throw paced(turnAt);
}

const paced = (turnAt: number, done = '') =>
  new ServiceProxyError('Paced', `${done}its next turn is at ${new Date(turnAt).toISOString()}`);

/** How many of the items are one turn: at least one. */
function sizeOfTurn<Item>(items: readonly Item[], calls: (item: Item) => number): number {
  let sum = 0;
  const end = items.findIndex(item => {
    sum += calls(item);
    return sum > callsInTurn;
  });
  return end === -1 ? items.length : Math.max(1, end);
}
