// A process killed under load, at no particular moment: whatever it acknowledged is there when it is started again.
import { expect, it } from 'vitest';
import { aDirectory } from './account.ts';
import { kinds } from './load.ts';
import { type RunningUp, startUp } from './up.ts';

const rounds = Number(process.env.KILLS ?? 1);

/** How often each kind is written at most: an execution is some two hundred writes of its own. */
const most: Readonly<Record<string, number>> = { execution: 2 };

/** Writes everything at once until `enough` writes, some of each kind, are acknowledged, and kills the process amid them. */
async function writeAndKill({ client, kill }: RunningUp, round: number, enough: number) {
  const acknowledged = new Map(Object.keys(kinds).map(kind => [kind, [] as string[]]));
  const isEnough = () => {
    const counts = [...acknowledged.values()].map(({ length }) => length);
    return !counts.includes(0) && counts.reduce((sum, count) => sum + count) >= enough;
  };
  const writing = Object.entries(kinds).map(async ([kind, { write }]) => {
    const names = acknowledged.get(kind) ?? [];
    while (names.length < (most[kind] ?? Number.POSITIVE_INFINITY)) {
      const name = `${kind}-${round}-${names.length}`;
      try {
        await write(client, name);
      } catch (error) {
        if (isAnswer(error)) throw error;
        return;
      }
      names.push(name);
      if (isEnough()) void kill();
    }
  });
  await Promise.all(writing);
  await kill();
  return acknowledged;
}

/** Refused by the engine, and not cut off with it. */
const isAnswer = (error: unknown) =>
  error instanceof Error &&
  '$metadata' in error &&
  (error.$metadata as { httpStatusCode?: number }).httpStatusCode !== undefined;

it('loses nothing that was acknowledged, kill after kill', async () => {
  const directory = aDirectory();
  let up = await startUp(directory);
  for (const { prepare } of Object.values(kinds)) await prepare?.(up.client);
  const acknowledged: Record<string, string[]> = {};
  for (let round = 0; round < rounds; round++) {
    const written = await writeAndKill(up, round, 20 + Math.floor(Math.random() * 150));
    for (const [kind, names] of written) acknowledged[kind] = [...(acknowledged[kind] ?? []), ...names];
    up = await startUp(directory);
  }
  for (const [kind, { areThere }] of Object.entries(kinds)) {
    const names = acknowledged[kind] ?? [];
    expect(await areThere(up.client, names), `${kind}: ${names.join(' ')}`).toBe(true);
  }
  await up.kill();
});
