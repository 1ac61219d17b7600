// Replays recordings of AWS against the embedded AWS: fails when a case outside the list of known gaps fails.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbedded } from '../../cli/embedded.ts';

interface KnownGap {
  readonly case: string;
  readonly reason: string;
}

const [directory] = process.argv.slice(2);
if (!directory) throw new Error('usage: replay.ts DIRECTORY');
const gaps = JSON.parse(readFileSync(new URL('./known-gaps.json', import.meta.url), 'utf8')) as Record<
  string,
  KnownGap[]
>;

interface Replay {
  readonly lines: readonly string[];
  readonly passed: number;
  readonly failed: number;
}

function replay(kind: string, args: readonly string[]): Promise<Replay> {
  const script = join(String(directory), kind, 'replay.mjs');
  const child = spawn(process.execPath, [script, '--modules', 'node_modules', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', chunk => {
    text += chunk;
  });
  return new Promise(resolve => {
    child.on('close', () => {
      const lines = text.trim().split('\n');
      const [, passed = '0', failed = '0'] = /(\d+) passed, (\d+) failed/.exec(lines.at(-1) ?? '') ?? [];
      resolve({ lines, passed: Number(passed), failed: Number(failed) });
    });
  });
}

const casesOf = (kind: string) =>
  readdirSync(join(String(directory), kind, 'cases')).map(name =>
    join(String(directory), kind, 'cases', name),
  );

const aws = await openEmbedded();
const { url } = await aws.listen(0);
let unexpected = 0;
for (const [kind, args] of [
  ['stepfunctions', ['--level', 'full', '--language', 'JSONata']],
  ['apigateway', []],
] as const) {
  const { lines, passed, failed } = await replay(kind, ['--endpoint', url, ...args, ...casesOf(kind)]);
  const known = gaps[kind] ?? [];
  const failures = lines.filter(
    line => line.startsWith('FAIL') && !known.some(gap => line.includes(gap.case)),
  );
  for (const line of failures) console.log(`${kind}: ${line}`);
  if (failures.length > 0) unexpected += failures.length;
  console.log(
    `conformance ${kind}: ${passed} of ${passed + failed} cases as recorded, ${failures.length} outside the known gaps`,
  );
}
await aws.close();
process.exit(unexpected === 0 ? 0 : 1);
