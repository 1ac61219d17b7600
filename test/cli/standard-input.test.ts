// An input that comes through a pipe, in a process of its own: late, in pieces, or far too long.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';

async function plan(pieces: readonly string[]) {
  const child = spawn(process.execPath, ['cli/bin.mjs', 'plan', '--input', '-', '--json']);
  let stdout = '';
  child.stdout.on('data', chunk => {
    stdout += chunk;
  });
  child.stdin.on('error', () => {});
  for (const piece of pieces) {
    await sleep(50);
    child.stdin.write(piece);
  }
  child.stdin.end();
  const [exitCode] = await once(child, 'close');
  return { exitCode, document: JSON.parse(stdout) };
}

it('is read to its end', async () => {
  const { exitCode, document } = await plan([
    '{"service":"sns",',
    '"action":"ListTopics",',
    '"stage":"test"}',
  ]);
  expect([exitCode, document.stage]).toEqual([0, { change: 'CREATE', name: 'test' }]);
});

it('is refused when it is larger than an execution takes', async () => {
  const { exitCode, document } = await plan(['{"requestedBy":"', 'x'.repeat(1024 ** 2), '"}']);
  expect([exitCode, document.problems]).toEqual([
    2,
    [{ path: '$', message: 'is 1048594 bytes; Step Functions takes at most 262144' }],
  ]);
});
