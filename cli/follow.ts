// Follows an execution: each state as it is entered, tried again and left, until the end.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  type HistoryEvent,
} from '@aws-sdk/client-sfn';
import { readHistory } from '../handlers/execution-history.ts';
import type { Engine } from './engine.ts';
import { EngineUnreachable } from './unreachable.ts';

export interface StateProgress {
  readonly state: string;
  readonly phase: 'entered' | 'retried' | 'failed' | 'left';
  /** Milliseconds since the state was entered. */
  readonly durationMs: number;
  readonly error?: string;
}

type Listener = (progress: StateProgress) => void;

/** Turns history events into the progress of states; events may come in several portions. */
export function stateTracker(listener: Listener): (events: readonly HistoryEvent[]) => void {
  let state = '';
  let enteredAt = 0;
  let failure: string | undefined;
  return events => {
    for (const event of events) {
      const at = event.timestamp?.getTime() ?? 0;
      const say = (phase: StateProgress['phase'], error?: string) =>
        listener({ state, phase, durationMs: at - enteredAt, ...(error !== undefined && { error }) });
      if (event.stateEnteredEventDetails) {
        state = event.stateEnteredEventDetails.name ?? '';
        enteredAt = at;
        failure = undefined;
        say('entered');
      } else if (event.type === 'TaskFailed' || event.type === 'TaskTimedOut') {
        failure =
          event.taskFailedEventDetails?.error ?? event.taskTimedOutEventDetails?.error ?? 'States.Timeout';
        say('retried', failure);
      } else if (event.type === 'TaskSucceeded') {
        failure = undefined;
      } else if (event.stateExitedEventDetails) {
        say(failure === undefined ? 'left' : 'failed', failure);
      }
    }
  };
}

const longestPause = 30_000;

/** Calls again after a lost connection, with growing pauses, as long as the engine's patience lasts. */
async function patiently<T>({ pollEvery, patience = 0 }: Followed, call: () => Promise<T>): Promise<T> {
  let pause = Math.max(pollEvery, 250);
  for (let waited = 0; ; waited += pause, pause = Math.min(pause * 2, longestPause)) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof EngineUnreachable) || waited >= patience) throw error;
      await sleep(pause);
    }
  }
}

type Followed = Pick<Engine, 'sfn' | 'pollEvery' | 'patience'>;

export async function follow(
  engine: Followed,
  executionArn: string,
  listener: Listener,
): Promise<DescribeExecutionCommandOutput> {
  const { sfn, pollEvery } = engine;
  const track = stateTracker(listener);
  let seen = 0;
  for (;;) {
    const described = await patiently(engine, () => sfn.send(new DescribeExecutionCommand({ executionArn })));
    const events = await patiently(engine, () => readHistory(sfn, executionArn));
    track(events.slice(seen));
    seen = events.length;
    if (described.status !== 'RUNNING') return described;
    await sleep(pollEvery);
  }
}
