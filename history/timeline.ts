// History events of an execution → its states in order, with attempts, duration and error.
import type { HistoryEvent } from '@aws-sdk/client-sfn';

export interface StateEntry {
  readonly state: string;
  /** ISO 8601. */
  readonly enteredAt: string;
  readonly durationMs: number;
  /** How often the state's function was called; 0 for states that call none. */
  readonly attempts: number;
  /** Name of the error the state was left with. */
  readonly error?: string;
}

export function timelineOf(events: readonly HistoryEvent[]): StateEntry[] {
  const timeline: StateEntry[] = [];
  let open: { state: string; at: number; attempts: number; error?: string } | undefined;
  const leave = (at: number) => {
    if (!open) return;
    const { state, at: enteredAt, attempts, error } = open;
    timeline.push({
      state,
      enteredAt: new Date(enteredAt).toISOString(),
      durationMs: at - enteredAt,
      attempts,
      ...(error !== undefined && { error }),
    });
    open = undefined;
  };
  for (const event of events) {
    const at = event.timestamp?.getTime() ?? 0;
    if (event.stateEnteredEventDetails) {
      leave(at);
      open = { state: event.stateEnteredEventDetails.name ?? '', at, attempts: 0 };
    } else if (event.stateExitedEventDetails || event.type?.startsWith('Execution')) {
      leave(at);
    } else if (open && event.type === 'TaskScheduled') {
      open = { state: open.state, at: open.at, attempts: open.attempts + 1 };
    } else if (open && (event.type === 'TaskFailed' || event.type === 'TaskTimedOut')) {
      open.error =
        event.taskFailedEventDetails?.error ?? event.taskTimedOutEventDetails?.error ?? 'States.Timeout';
    }
  }
  return timeline;
}
