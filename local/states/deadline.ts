// Bounds a task by its TimeoutSeconds and HeartbeatSeconds, and by whatever ends its thread.
import { StateFailure } from './failure.ts';
import type { Thread } from './run.ts';

export interface Limits {
  readonly timeoutSeconds: number | undefined;
  /** Between heartbeats: only of a task that waits for its token. */
  readonly heartbeatSeconds: number | undefined;
}

const timedOut = () => new StateFailure('States.Timeout');
/** Recorded as States.Timeout; Retry and Catch also know it as States.HeartbeatTimeout. */
const heartbeatMissed = () => new StateFailure('States.Timeout', undefined, ['States.HeartbeatTimeout']);

/** The work's result; rejects with a States.Timeout failure, or with the thread's end, whichever comes first. */
export async function withinLimits<T>(
  { run, signal }: Thread,
  { timeoutSeconds, heartbeatSeconds }: Limits,
  work: (signal: AbortSignal, onHeartbeat: () => void) => Promise<T>,
): Promise<T> {
  const { clock } = run.aws;
  const deadline = new AbortController();
  const within = (seconds: number | undefined, failure: () => StateFailure) =>
    seconds === undefined
      ? () => {}
      : clock.schedule(clock.now() + seconds * 1000, () => deadline.abort(failure()));
  const cancelTimeout = within(timeoutSeconds, timedOut);
  let cancelHeartbeat = within(heartbeatSeconds, heartbeatMissed);
  const onHeartbeat = () => {
    cancelHeartbeat();
    cancelHeartbeat = within(heartbeatSeconds, heartbeatMissed);
  };
  const ended = new Promise<never>((_, reject) => {
    deadline.signal.addEventListener('abort', () => reject(deadline.signal.reason), { once: true });
  });
  const onEnd = () => deadline.abort(signal.reason);
  if (signal.aborted) onEnd();
  signal.addEventListener('abort', onEnd);
  try {
    return await Promise.race([work(deadline.signal, onHeartbeat), ended]);
  } finally {
    signal.removeEventListener('abort', onEnd);
    cancelTimeout();
    cancelHeartbeat();
  }
}
