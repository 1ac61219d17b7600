// The time of the embedded AWS: the machine's own, or a virtual one in which waiting costs nothing.

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `task` at or after `at` (milliseconds since the epoch); the returned function cancels it. */
  schedule(at: number, task: () => void): () => void;
  /** Resolves after `milliseconds`, or rejects with the signal's reason when it aborts first. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** setTimeout fires at once for a longer delay than this. */
const longestTimer = 2 ** 31 - 1;

function sleepOn(
  clock: Pick<Clock, 'now' | 'schedule'>,
  milliseconds: number,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.schedule(clock.now() + milliseconds, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

export const realClock: Clock = {
  now: () => Date.now(),
  schedule(at, task) {
    let timer: NodeJS.Timeout;
    const arm = () => {
      const delay = at - Date.now();
      timer = setTimeout(delay > longestTimer ? arm : task, Math.min(Math.max(delay, 0), longestTimer));
    };
    arm();
    return () => clearTimeout(timer);
  },
  sleep: (milliseconds, signal) => sleepOn(realClock, milliseconds, signal),
};

/**
 * A clock that jumps to the next scheduled task whenever the process has nothing else to do.
 * Tasks due at the same time run in the order they were scheduled.
 */
export function virtualClock(startAt = Date.UTC(2026, 0, 1)): Clock {
  let time = startAt;
  let sequence = 0;
  let armed = false;
  const tasks: { at: number; order: number; task: () => void }[] = [];

  // A check after every turn of the event loop that found nothing sooner to do: real I/O of the
  // libraries behind the services (timers of 0 ms, setImmediate) goes first, then time jumps.
  const arm = () => {
    if (armed || tasks.length === 0) return;
    armed = true;
    setTimeout(advance, 0);
  };
  const advance = () => {
    armed = false;
    const next = tasks.shift();
    if (!next) return;
    time = Math.max(time, next.at);
    next.task();
    arm();
  };
  const clock: Clock = {
    now: () => time,
    schedule(at, task) {
      const entry = { at, order: sequence++, task };
      const index = tasks.findIndex(other => other.at > at);
      tasks.splice(index === -1 ? tasks.length : index, 0, entry);
      arm();
      return () => {
        const found = tasks.indexOf(entry);
        if (found !== -1) tasks.splice(found, 1);
      };
    },
    sleep: (milliseconds, signal) => sleepOn(clock, milliseconds, signal),
  };
  return clock;
}
