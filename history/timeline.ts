// History events of an execution → its states in order, with every attempt, what it called and how it ended.
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { RecordedCall } from '../core/recorded-call.ts';

/** One call of a state's function. */
export interface Attempt {
  readonly startedAt: string;
  readonly durationMs: number;
  readonly error?: string;
  readonly cause?: string;
  /** What it called that may change something; of a failed attempt, the ledger knows. */
  readonly calls: readonly RecordedCall[];
}

export interface StateEntry {
  readonly state: string;
  /** ISO 8601. */
  readonly enteredAt: string;
  readonly durationMs: number;
  /** How often the state's function was called; 0 for states that call none. */
  readonly attempts: number;
  readonly tries: readonly Attempt[];
  /** Calls beyond what a result can carry, which the ledger holds. */
  readonly callsInLedger: number;
  /** Name of the error the state was left with. */
  readonly error?: string;
  /** It has been asked for a decision or an answer, and has none yet. */
  readonly isWaiting?: true;
}

interface Open {
  readonly state: string;
  readonly at: number;
  readonly tries: Attempt[];
  triedAt?: number;
  callsInLedger: number;
  isWaiting: boolean;
  error?: string;
}

const iso = (milliseconds: number) => new Date(milliseconds).toISOString();

/** What a function returned beside its output. */
function returnedCalls(output: string | undefined): { calls: RecordedCall[]; callsInLedger: number } {
  const { Payload } = JSON.parse(output ?? '{}') as {
    Payload?: { calls?: RecordedCall[]; callsInLedger?: number };
  };
  return { calls: Payload?.calls ?? [], callsInLedger: Payload?.callsInLedger ?? 0 };
}

/** Lambda's cause is a JSON text; its errorMessage is what a person reads. */
function sentenceOf(cause: string | undefined): string | undefined {
  if (cause === undefined) return undefined;
  try {
    const { errorMessage } = JSON.parse(cause) as { errorMessage?: string };
    return errorMessage ?? cause;
  } catch {
    return cause;
  }
}

function entryOf(open: Open, at: number): StateEntry {
  return {
    state: open.state,
    enteredAt: iso(open.at),
    durationMs: at - open.at,
    attempts: open.tries.length,
    tries: open.tries,
    callsInLedger: open.callsInLedger,
    ...(open.error !== undefined && { error: open.error }),
    ...(open.isWaiting && { isWaiting: true }),
  };
}

function endAttempt(open: Open, at: number, attempt: Omit<Attempt, 'startedAt' | 'durationMs'>): void {
  const startedAt = open.triedAt ?? at;
  open.tries.push({ startedAt: iso(startedAt), durationMs: at - startedAt, ...attempt });
  delete open.triedAt;
  open.isWaiting = false;
}

function take(open: Open, event: HistoryEvent, at: number): void {
  const failed = event.taskFailedEventDetails ?? event.taskTimedOutEventDetails;
  if (event.type === 'TaskScheduled') {
    open.triedAt = at;
  } else if (event.type === 'TaskSubmitted') {
    open.isWaiting = true;
  } else if (event.type === 'TaskSucceeded') {
    const { calls, callsInLedger } = returnedCalls(event.taskSucceededEventDetails?.output);
    open.callsInLedger += callsInLedger;
    endAttempt(open, at, { calls });
    delete open.error;
  } else if (failed) {
    const { error = 'States.Timeout' } = failed;
    const cause = sentenceOf(failed.cause);
    endAttempt(open, at, { error, calls: [], ...(cause !== undefined && { cause }) });
    open.error = error;
  }
}

/** `now` is for a state that has not been left yet. */
export function timelineOf(events: readonly HistoryEvent[], now?: number): StateEntry[] {
  const timeline: StateEntry[] = [];
  let open: Open | undefined;
  const leave = (at: number) => {
    if (open) timeline.push(entryOf(open, at));
    open = undefined;
  };
  let last = 0;
  for (const event of events) {
    const at = event.timestamp?.getTime() ?? 0;
    last = at;
    if (event.stateEnteredEventDetails) {
      leave(at);
      const state = event.stateEnteredEventDetails.name ?? '';
      open = { state, at, tries: [], callsInLedger: 0, isWaiting: false };
    } else if (event.stateExitedEventDetails || event.type?.startsWith('Execution')) {
      leave(at);
    } else if (open) {
      take(open, event, at);
    }
  }
  leave(now ?? last);
  return timeline;
}
