// npm run test:matrix: runs every row on all processors, or one row by name with its trace.
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { added, type Counts, count, percentiles } from './report.ts';
import { allRows, type Row } from './rows.ts';
import { traceLines } from './trace.ts';

const { values } = parseArgs({
  options: {
    case: { type: 'string' },
    only: { type: 'string' },
    every: { type: 'string', default: '1' },
    part: { type: 'string' },
  },
});

interface Report {
  readonly rows: Counts;
  readonly failures: readonly { readonly name: string; readonly violations: readonly string[] }[];
  readonly statuses: Counts;
  /** From the interruption of an execution to the end of whoever finished it, in virtual milliseconds. */
  readonly recoveries: readonly number[];
}

const replay = (name: string) => `npm run test:matrix -- --case ${JSON.stringify(name)}`;

async function runPart(chosen: readonly Row[]): Promise<Report> {
  const failures: { name: string; violations: readonly string[] }[] = [];
  const [rows, statuses]: [Record<string, number>, Record<string, number>] = [{}, {}];
  const recoveries: number[] = [];
  for (const { kind, name, run } of chosen) {
    const { violations, results, durationMs } = await run();
    count(rows, kind);
    for (const { status } of kind === 'concurrency' ? results : results.slice(0, 1)) count(statuses, status);
    if (kind === 'interruption' && !name.includes(', then ')) recoveries.push(durationMs);
    if (violations.length > 0) failures.push({ name, violations });
  }
  return { rows, failures, statuses, recoveries };
}

function inChild(part: string): Promise<Report> {
  const options = ['only', 'every'].flatMap(name => {
    const value = values[name as 'only' | 'every'];
    return value === undefined ? [] : [`--${name}`, value];
  });
  return new Promise((resolve, reject) => {
    const child = fork(new URL(import.meta.url), ['--part', part, ...options], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    let report: Report | undefined;
    child.on('message', message => {
      report = message as Report;
    });
    child.on('exit', code =>
      report ? resolve(report) : reject(new Error(`part ${part} exited with ${code}`)),
    );
  });
}

/** A part leaves out the largest crowds, which take as long as everything else. */
async function chosen(): Promise<Row[]> {
  const every = Number(values.every);
  const all = (await allRows()).filter(({ name }) => !values.only || name.includes(values.only));
  const isSmall = ({ kind, name }: Row) => kind !== 'concurrency' || !/^(50|100|200) /.test(name);
  return every === 1 ? all : all.filter(isSmall).filter((_, index) => index % every === 0);
}

async function runOne(name: string): Promise<void> {
  const one = (await allRows()).find(candidate => candidate.name === name);
  if (!one) throw new Error(`there is no row "${name}"`);
  const { violations, results, trace } = await one.run();
  console.log([...traceLines(trace), '', JSON.stringify(results, null, 2), '', ...violations].join('\n'));
  process.exitCode = violations.length > 0 ? 1 : 0;
}

async function runAll(): Promise<void> {
  const startedAt = performance.now();
  const of = availableParallelism();
  const reports = await Promise.all(Array.from({ length: of }, (_, index) => inChild(`${index}/${of}`)));
  const failures = reports.flatMap(report => report.failures);
  for (const { name, violations } of failures)
    console.log([`✗ ${name}`, ...violations.map(line => `    ${line}`), `    ${replay(name)}`].join('\n'));
  const rows = added(reports.map(report => report.rows));
  const total = Object.values(rows).reduce((sum, one) => sum + one, 0);
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(
    `rows: ${JSON.stringify(rows)}; ended: ${JSON.stringify(added(reports.map(report => report.statuses)))}`,
  );
  console.log(
    `finished after an interruption: ${percentiles(reports.flatMap(report => report.recoveries))} of virtual time`,
  );
  console.log(`${(total / seconds).toFixed(0)} rows per second`);
  console.log(`matrix: ${total - failures.length} passed, ${failures.length} failed`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}

if (values.case) await runOne(values.case);
else if (values.part) {
  const [index = 0, of = 1] = values.part.split('/').map(Number);
  process.send?.(await runPart((await chosen()).filter((_, position) => position % of === index)));
} else await runAll();
