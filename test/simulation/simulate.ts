// npm run simulate -- --seeds N [--seed S] [--fault-rate R] [--stop-rate R]: random schedules; with --seed alone, one of them with its trace.
import { fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { Result } from '../../cli/outcome.ts';
import { runSeed, transient } from './random-mix.ts';
import { added, type Counts, count, percent, percentiles } from './report.ts';
import { traceLines } from './trace.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    seed: { type: 'string' },
    'fault-rate': { type: 'string', default: '0.02' },
    executions: { type: 'string', default: '4' },
    'stop-rate': { type: 'string', default: '0' },
    part: { type: 'string' },
  },
});

const settings = {
  faultRate: Number(values['fault-rate']),
  executions: Number(values.executions),
  stopRate: Number(values['stop-rate']),
  kinds: transient,
};

/** What a seed needs beside it to be the same again. */
const chosen = (['fault-rate', 'executions', 'stop-rate'] as const).flatMap(name => [
  `--${name}`,
  values[name],
]);

interface Report {
  readonly seeds: number;
  readonly failures: readonly { readonly seed: number; readonly violations: readonly string[] }[];
  readonly statuses: Counts;
  /** Names of the errors executions failed with. */
  readonly errors: Counts;
  /** Virtual milliseconds from start to end, of each execution. */
  readonly durations: readonly number[];
  readonly recoveries: readonly number[];
}

/** The request itself was not acceptable, such as to remove what is not there: it would have failed without faults too. */
const isRefused = (result: Result) =>
  result.status === 'FAILED' && ['InvalidInput', 'NotOwned', 'Refused'].includes(result.error);

async function runSeeds(first: number, step: number, total: number): Promise<Report> {
  const failures: { seed: number; violations: readonly string[] }[] = [];
  const [statuses, errors]: [Record<string, number>, Record<string, number>] = [{}, {}];
  const durations: number[] = [];
  const recoveries: number[] = [];
  let seeds = 0;
  for (let offset = 0; offset < total; offset += step, seeds++) {
    const seed = first + offset;
    const { violations, ended, recoveries: ofSeed } = await runSeed({ seed, ...settings });
    for (const { result, durationMs } of ended) {
      count(statuses, isRefused(result) ? 'refused' : result.status);
      if (result.status !== 'SUCCEEDED') count(errors, `${result.failedState ?? 'stopped'} ${result.error}`);
      durations.push(durationMs);
    }
    recoveries.push(...ofSeed);
    if (violations.length > 0) failures.push({ seed, violations });
  }
  return { seeds, failures, statuses, errors, durations, recoveries };
}

function inChild(first: number, index: number, of: number, total: number): Promise<Report> {
  const part = [first + index, of, total - index].join('/');
  const options = ['--part', part, ...chosen];
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

function report(reports: readonly Report[], first: number, milliseconds: number): void {
  const failures = reports.flatMap(one => one.failures);
  for (const { seed, violations } of failures)
    console.log(
      [
        `✗ seed ${seed}`,
        ...violations.map(line => `    ${line}`),
        `    npm run simulate -- --seed ${seed} ${chosen.join(' ')}`,
      ].join('\n'),
    );
  const durations = reports.flatMap(one => one.durations);
  const recoveries = reports.flatMap(one => one.recoveries);
  const seeds = reports.reduce((sum, one) => sum + one.seeds, 0);
  const statuses = added(reports.map(one => one.statuses));
  const { SUCCEEDED = 0, FAILED = 0, refused = 0 } = statuses;
  const toBeDone = durations.length - refused - recoveries.length;
  console.log(`seeds ${first} to ${first + seeds - 1}, ${chosen.join(' ')}`);
  console.log(`executions: ${JSON.stringify(statuses)}`);
  console.log(`failed in: ${JSON.stringify(added(reports.map(one => one.errors)))}`);
  console.log(`succeeded: ${percent(SUCCEEDED, toBeDone)}, but for those refused or stopped`);
  console.log(`rolled back in full: ${percent(FAILED, toBeDone - SUCCEEDED)} of those that failed`);
  if (recoveries.length > 0) console.log(`finished after a stop: ${percentiles(recoveries)}`);
  console.log(
    `virtual time to the end: ${percentiles(durations)}; ${(durations.length / (milliseconds / 1000)).toFixed(0)} executions per second`,
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
