// Processes that play scenarios, one at a time each.
import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type Play, type Played, play } from './prove.ts';
import type { Policies } from './removals.ts';
import { scenarios } from './scenarios.ts';

interface Task {
  readonly name: string;
  readonly policies: Policies;
}

export interface Players {
  readonly play: Play;
  readonly count: number;
  close(): void;
}

export function openPlayers(count = availableParallelism()): Players {
  const idle: ChildProcess[] = [];
  const waiting: ((player: ChildProcess) => void)[] = [];
  const release = (player: ChildProcess) => {
    const next = waiting.shift();
    if (next) next(player);
    else idle.push(player);
  };
  const players = Array.from({ length: count }, () =>
    fork(fileURLToPath(import.meta.url), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }),
  );
  idle.push(...players);
  return {
    count,
    async play(name, policies) {
      const player = idle.pop() ?? (await new Promise<ChildProcess>(resolve => waiting.push(resolve)));
      try {
        return await new Promise<Played>((resolve, reject) => {
          const fail = (code: number | null) => reject(new Error(`a player exited with ${code} in ${name}`));
          player.once('exit', fail);
          player.once('message', played => {
            player.off('exit', fail);
            resolve(played as Played);
          });
          player.send({ name, policies } satisfies Task);
        });
      } finally {
        release(player);
      }
    },
    close: () => {
      for (const player of players) player.disconnect();
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.on('message', async ({ name, policies }: Task) => {
    const scenario = scenarios.find(one => one.name === name);
    if (!scenario) throw new Error(`there is no scenario ${name}`);
    process.send?.(await play(scenario, policies));
  });
}
