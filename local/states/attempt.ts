// Retry and Catch: does a state's work until it succeeds, no retrier is left, or a catcher takes over.
import { complete, type Outcome } from './complete.ts';
import type { MapState, ParallelState, Retrier, TaskState } from './definition.ts';
import { errorOutput, isNamed, type StateFailure } from './failure.ts';
import type { Visit } from './visit.ts';

export async function attempt(
  visit: Visit<TaskState | ParallelState | MapState>,
  work: () => Promise<Outcome>,
  /** Runs once, when no retrier is left and before a catcher is looked for. */
  onFailed?: (failure: StateFailure) => void,
): Promise<Outcome> {
  const { state, thread } = visit;
  const { clock } = thread.run.aws;
  const used = state.retry.map(() => 0);
  for (;;) {
    try {
      return await work();
    } catch (thrown) {
      const failure = visit.failureOf(thrown);
      const delay = nextDelay(state.retry, used, failure, thread.run.random);
      if (delay === undefined) {
        onFailed?.(failure);
        return caught(visit, failure);
      }
      visit.retryCount++;
      await clock.sleep(delay * 1000, thread.signal);
    }
  }
}

/** Seconds to wait before the next attempt. Only the first retrier that names the error counts. */
function nextDelay(
  retriers: readonly Retrier[],
  used: number[],
  failure: StateFailure,
  random: () => number,
): number | undefined {
  const index = retriers.findIndex(retrier => isNamed(retrier.errorEquals, failure));
  const retrier = retriers[index];
  const attempts = used[index];
  if (!retrier || attempts === undefined || attempts >= retrier.maxAttempts) return undefined;
  used[index] = attempts + 1;
  const grown = retrier.intervalSeconds * retrier.backoffRate ** attempts;
  const delay = Math.min(grown, retrier.maxDelaySeconds);
  return retrier.jitter ? delay * random() : delay;
}

async function caught(
  visit: Visit<TaskState | ParallelState | MapState>,
  failure: StateFailure,
): Promise<Outcome> {
  const catcher = visit.state.catch.find(candidate => isNamed(candidate.errorEquals, failure));
  if (!catcher) throw failure;
  const error = errorOutput(failure);
  return complete(visit, catcher, error, { errorOutput: error });
}
