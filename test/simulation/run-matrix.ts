// npm run test:matrix: runs every case on all processors, or one case by name with its trace.
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { type Case, caseName, runCase } from './cases.ts';
import { runTogether, shapeNames, sizes } from './concurrency.ts';
import { allCases } from './matrix.ts';
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
  readonly cases: number;
  readonly failures: readonly { readonly name: string; readonly violations: readonly string[] }[];
  readonly statuses: Readonly<Record<string, number>>;
}

const replay = (name: string) => `npm run test:matrix -- --case ${JSON.stringify(name)}`;

async function runPart(cases: readonly Case[]): Promise<Report> {
  const failures: { name: string; violations: readonly string[] }[] = [];
  const statuses: Record<string, number> = {};
  for (const one of cases) {
    const { violations, results } = await runCase(one);
    const status = results[0]?.status ?? 'none';
    statuses[status] = (statuses[status] ?? 0) + 1;
    if (violations.length > 0) failures.push({ name: caseName(one), violations });
  }
  return { cases: cases.length, failures, statuses };
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

async function chosen(): Promise<Case[]> {
  const every = Number(values.every);
  const all = (await allCases()).filter(one => !values.only || caseName(one).includes(values.only));
  return all.filter((_, index) => index % every === 0);
}

/** Only where every case is asked for: 200 executions at once take their time. */
async function runAllTogether(largest: number): Promise<Report> {
  const failures: { name: string; violations: readonly string[] }[] = [];
  const statuses: Record<string, number> = {};
  let cases = 0;
  for (const size of sizes.filter(one => one <= largest)) {
    for (const shape of shapeNames) {
      for (const faultRate of [0, 0.02]) {
        const { violations, ended } = await runTogether(shape, size, faultRate);
        cases += 1;
        for (const { result } of ended) statuses[result.status] = (statuses[result.status] ?? 0) + 1;
        const name = `${size} executions at once on ${shape}, faults in ${faultRate * 100}% of calls`;
        if (violations.length > 0) failures.push({ name, violations });
      }
    }
  }
  return { cases, failures, statuses };
}

async function runOne(name: string): Promise<void> {
  const one = (await allCases()).find(candidate => caseName(candidate) === name);
  if (!one) throw new Error(`there is no case "${name}"`);
  const { violations, results, trace } = await runCase(one);
  console.log([...traceLines(trace), '', JSON.stringify(results, null, 2), '', ...violations].join('\n'));
  process.exitCode = violations.length > 0 ? 1 : 0;
}

async function runAll(): Promise<void> {
  const startedAt = performance.now();
  const parts = Array.from(
    { length: availableParallelism() },
    (_, index) => `${index}/${availableParallelism()}`,
  );
  const reports = await Promise.all([...parts.map(inChild), inChild('together')]);
  const failures = reports.flatMap(report => report.failures);
  for (const { name, violations } of failures)
    console.log([`✗ ${name}`, ...violations.map(line => `    ${line}`), `    ${replay(name)}`].join('\n'));
  const cases = reports.reduce((sum, report) => sum + report.cases, 0);
  const seconds = (performance.now() - startedAt) / 1000;
  const statuses: Record<string, number> = {};
  for (const report of reports)
    for (const [status, count] of Object.entries(report.statuses))
      statuses[status] = (statuses[status] ?? 0) + count;
  console.log(`ended: ${JSON.stringify(statuses)}; ${(cases / seconds).toFixed(0)} cases per second`);
  console.log(`matrix: ${cases - failures.length} passed, ${failures.length} failed`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}

if (values.case) await runOne(values.case);
else if (values.part === 'together') process.send?.(await runAllTogether(values.every === '1' ? 200 : 10));
else if (values.part) {
  const [index = 0, of = 1] = values.part.split('/').map(Number);
  process.send?.(await runPart((await chosen()).filter((_, position) => position % of === index)));
} else await runAll();
