// npm run simulate -- --seeds N [--seed S] [--fault-rate R]: random schedules; with --seed alone, one of them with its trace.
import { fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { runSeed, transient } from './random-mix.ts';
import { traceLines } from './trace.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    seed: { type: 'string' },
    'fault-rate': { type: 'string', default: '0.02' },
    executions: { type: 'string', default: '4' },
    part: { type: 'string' },
  },
});

const settings = {
  faultRate: Number(values['fault-rate']),
  executions: Number(values.executions),
  kinds: transient,
};

interface Report {
  readonly seeds: number;
  readonly failures: readonly { readonly seed: number; readonly violations: readonly string[] }[];
  readonly statuses: Readonly<Record<string, number>>;
  /** Names of the errors executions failed with. */
  readonly errors: Readonly<Record<string, number>>;
  /** Virtual milliseconds from start to end, of each execution. */
  readonly durations: readonly number[];
}

const count = (counts: Record<string, number>, name: string) => {
  counts[name] = (counts[name] ?? 0) + 1;
};

async function runSeeds(first: number, step: number, total: number): Promise<Report> {
  const failures: { seed: number; violations: readonly string[] }[] = [];
  const statuses: Record<string, number> = {};
  const errors: Record<string, number> = {};
  const durations: number[] = [];
  let seeds = 0;
  for (let offset = 0; offset < total; offset += step, seeds++) {
    const seed = first + offset;
    const { violations, ended } = await runSeed({ seed, ...settings });
    for (const { result, durationMs } of ended) {
      count(statuses, result.status);
      if (result.status !== 'SUCCEEDED') count(errors, `${result.failedState} ${result.error}`);
      durations.push(durationMs);
    }
    if (violations.length > 0) failures.push({ seed, violations });
  }
  return { seeds, failures, statuses, errors, durations };
}

function inChild(first: number, index: number, of: number, total: number): Promise<Report> {
  const part = [first + index, of, total - index].join('/');
  const options = ['--part', part, '--fault-rate', values['fault-rate'], '--executions', values.executions];
  return new Promise((resolve, reject) => {
    const child = fork(new URL(import.meta.url), options, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    let report: Report | undefined;
    child.on('message', message => {
      report = message as Report;
    });
    child.on('exit', code =>
      report ? resolve(report) : reject(new Error(`seeds ${part} exited with ${code}`)),
    );
  });
}

const added = (all: readonly Readonly<Record<string, number>>[]) => {
  const sum: Record<string, number> = {};
  for (const one of all)
    for (const [name, value] of Object.entries(one)) sum[name] = (sum[name] ?? 0) + value;
  return sum;
};

function report(reports: readonly Report[], first: number, milliseconds: number): void {
  const failures = reports.flatMap(one => one.failures);
  for (const { seed, violations } of failures)
    console.log(
      [
        `✗ seed ${seed}`,
        ...violations.map(line => `    ${line}`),
        `    npm run simulate -- --seed ${seed} --fault-rate ${values['fault-rate']} --executions ${values.executions}`,
      ].join('\n'),
    );
  const durations = reports.flatMap(one => one.durations).sort((one, other) => one - other);
  const at = (share: number) => ((durations[Math.floor(durations.length * share)] ?? 0) / 1000).toFixed(1);
  const seeds = reports.reduce((sum, one) => sum + one.seeds, 0);
  console.log(`seeds ${first} to ${first + seeds - 1}, faults in ${settings.faultRate * 100}% of calls`);
  console.log(`executions: ${JSON.stringify(added(reports.map(one => one.statuses)))}`);
  console.log(`failed in: ${JSON.stringify(added(reports.map(one => one.errors)))}`);
  console.log(
    `virtual time to the end: p50 ${at(0.5)} s, p99 ${at(0.99)} s; ${(durations.length / (milliseconds / 1000)).toFixed(0)} executions per second`,
  );
  console.log(`simulation: ${seeds - failures.length} passed, ${failures.length} failed`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}

if (values.part) {
  const [first = 0, step = 1, total = 1] = values.part.split('/').map(Number);
  process.send?.(await runSeeds(first, step, total));
} else if (values.seed !== undefined && values.seeds === undefined) {
  const { violations, ended, trace } = await runSeed({ seed: Number(values.seed), ...settings });
  console.log([...traceLines(trace), '', JSON.stringify(ended, null, 2), '', ...violations].join('\n'));
  process.exitCode = violations.length > 0 ? 1 : 0;
} else {
  const total = Number(values.seeds ?? 100);
  const first = values.seed === undefined ? randomInt(1_000_000_000) : Number(values.seed);
  const startedAt = performance.now();
  const of = Math.min(availableParallelism(), total);
  const reports = await Promise.all(
    Array.from({ length: of }, (_, index) => inChild(first, index, of, total)),
  );
  report(reports, first, performance.now() - startedAt);
}
