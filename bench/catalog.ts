// Look-up and derivation: one operation after start-up and cold, the whole catalog, the largest template.
import { execFileSync } from 'node:child_process';

const run = (...args: string[]) =>
  JSON.parse(
    execFileSync(process.execPath, ['--import', 'tsx', 'bench/derive.ts', ...args], { encoding: 'utf8' }),
  );

/** The largest service file, and the walkthrough's. */
const operations = [
  ['sns', 'ListTopics'],
  ['ec2', 'RunInstances'],
  ['quicksight', 'CreateAnalysis'],
] as const;

const middle = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** `print` says a benchmark's name, its values, their unit and the target. */
export function benchCatalog(
  print: (name: string, values: readonly number[], unit: string, target: string) => void,
): void {
  for (const [service, action] of operations) {
    const rounds: { cold: number; warm: number[] }[] = Array.from({ length: 20 }, () => run(service, action));
    print(
      `derive ${service} ${action}, cold`,
      rounds.map(({ cold }) => cold),
      'ms',
      '50 ms',
    );
    print(
      `derive ${service} ${action}`,
      rounds.map(({ warm }) => middle(warm)),
      'ms',
      '10 ms',
    );
  }
  const { operations: all, derivable, largest, cpuSeconds, megabytes } = run();
  console.log(
    `derive all ${all} operations (${derivable} can be exposed): ${cpuSeconds.toFixed(1)} s of CPU; target 60 s`,
  );
  console.log(`derive all: ${megabytes.toFixed(0)} MB resident at most; target 1024 MB`);
  console.log(`largest template: ${largest.bytes} bytes, ${largest.name}; API Gateway takes 307200`);
}
