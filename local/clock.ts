// The time of the embedded AWS: the machine's own, or a virtual one in which waiting costs nothing.

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `task` at or after `at` (milliseconds since the epoch); the returned function cancels it. */
  schedule(at: number, task: () => void): () => void;
  /** Resolves after `milliseconds`, or rejects with the signal's reason when it aborts first. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Says that something is under way which takes no time of this clock, until the returned function is called. */
  hold(): () => void;
}

/** Turns of the event loop in which nothing is under way before a virtual clock jumps. */
const idleTurnsBeforeJump = 4;

/** Milliseconds of real time after which a virtual clock jumps although something is under way. */
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
 * Tasks due at the same time run in the order they were scheduled.
 */
export function virtualClock(startAt = Date.UTC(2026, 0, 1)): Clock {
  let time = startAt;
  let sequence = 0;
  let armed = false;
  const tasks: { at: number; order: number; task: () => void }[] = [];

  let holds = 0;
  let idleTurns = 0;

  // Real I/O of the libraries behind the services goes first: time jumps once nothing is under way for some turns
  // of the event loop, or has not come to an end for so long that it must be waiting for this very clock.
  const arm = () => {
    if (armed || tasks.length === 0) return;
    armed = true;
    idleTurns = 0;
    look(performance.now() + longestHold);
  };
  const look = (givingUpAt: number) => {
    idleTurns = holds === 0 ? idleTurns + 1 : 0;
    if (idleTurns >= idleTurnsBeforeJump || performance.now() > givingUpAt) return advance();
    // A hold may last for milliseconds: looking again at once would only keep the processor busy.
    if (holds > 0) setTimeout(look, 1, givingUpAt);
    else setImmediate(look, givingUpAt);
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
    hold() {
      holds += 1;
      let isHeld = true;
      return () => {
        if (isHeld) holds -= 1;
        isHeld = false;
      };
    },
  };
  return clock;
}
