// The time of the embedded AWS: the machine's own, or a virtual one in which waiting costs nothing.

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `task` at or after `at` (milliseconds since the epoch); the returned function cancels it. */
  schedule(at: number, task: () => void): () => void;
  /** Resolves after `milliseconds`, or rejects with the signal's reason when it aborts first. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /**
   * Says that something is under way which takes no time of this clock, until the returned function is called.
   * For what may come to wait for this clock all the same, a hold ends by itself after `atMost` milliseconds or more.
   */
  hold(atMost?: number): () => void;
}

/** Turns of the event loop in which nothing is under way before a virtual clock jumps. */
const idleTurnsBeforeJump = 4;

/** How long a virtual clock lets itself be held where nothing else is said. */
const longestHold = 2000;

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
  hold: () => () => {},
};

/**
 * A clock that jumps to the next scheduled task whenever the process has nothing else to do.
 * Tasks due at the same time run in the order they were scheduled. `idleTurns`: after how many idle turns of the event
 * loop it jumps; one is enough, and deterministic, where no library behind the services does I/O of its own.
 */
export function virtualClock(startAt = Date.UTC(2026, 0, 1), idleTurns = idleTurnsBeforeJump): Clock {
  let time = startAt;
  let sequence = 0;
  let armed = false;
  const tasks: { at: number; order: number; task: () => void }[] = [];

  /** Turns of the event loop, of a millisecond or more, that each of what is under way has left. */
  const holds = new Map<symbol, number>();
  let turnsIdle = 0;

  // Real I/O of the libraries behind the services goes first: time jumps once nothing is under way for some turns
  // of the event loop. Turns are counted, not milliseconds: on a busy machine, or while a module is read, few turns
  // take long, and what is under way has had no more of a chance to end.
  const arm = () => {
    if (armed || tasks.length === 0) return;
    armed = true;
    turnsIdle = 0;
    look();
  };
  const look = () => {
    turnsIdle = holds.size === 0 ? turnsIdle + 1 : 0;
    if (turnsIdle >= idleTurns) return advance();
    if (holds.size === 0) return void setImmediate(look);
    for (const [hold, left] of holds) {
      if (left > 0) holds.set(hold, left - 1);
      else holds.delete(hold);
    }
    setTimeout(look, 1);
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
    hold(atMost = longestHold) {
      const hold = Symbol('hold');
      holds.set(hold, atMost);
      return () => holds.delete(hold);
    },
  };
  return clock;
}
