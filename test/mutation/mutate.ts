// npm run mutate -- [--group NAME]… [--file FILE]… [--survivors]: mutation score of the retry, rollback, lock and ledger code.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { equivalents } from './equivalent.ts';
import { type Group, groups } from './groups.ts';
import { type Mutant, report } from './report.ts';

const { values } = parseArgs({
  options: {
    group: { type: 'string', multiple: true },
    file: { type: 'string', multiple: true },
    survivors: { type: 'boolean', default: false },
  },
});

type Result = Awaited<ReturnType<Stryker['runMutationTest']>>[number];

function textOf(file: string, { start, end }: Result['location']): string {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .slice(start.line - 1, end.line);
  const last = lines.length - 1;
  lines[last] = (lines[last] ?? '').slice(0, end.column - 1);
  lines[0] = (lines[0] ?? '').slice(start.column - 1);
  return lines.join('\n');
}

function mutantOf({ fileName, location, replacement = '', status, mutatorName }: Result): Mutant {
  const file = relative('.', fileName);
  return { file, line: location.start.line, text: textOf(file, location), replacement, status, mutatorName };
}

// Its processes run the tests as they are.
process.env.NODE_OPTIONS = '--import tsx';

async function mutantsOf({ files, tests }: Group): Promise<Mutant[]> {
  process.env.MUTATION_TESTS = JSON.stringify(tests);
  const results = await new Stryker({
    mutate: [...files],
    testRunner: 'in-process',
    plugins: [new URL('./in-process-runner.ts', import.meta.url).href],
    coverageAnalysis: 'perTest',
    concurrency: 2,
    timeoutMS: 10_000,
    reporters: ['progress-append-only'],
    // To prepare a tsconfig.json Stryker asks the compiler through an interface that it no longer has.
    ignorePatterns: ['tsconfig.json', 'docs', 'cdk.out', 'dist'],
    allowConsoleColors: false,
  }).runMutationTest();
  return results.map(mutantOf);
}

const chosen = Object.entries(groups)
  .filter(([name]) => values.group?.includes(name) ?? true)
  .map(([name, { files, tests }]): [string, Group] => [
    name,
    { tests, files: files.filter(file => values.file?.includes(file) ?? true) },
  ])
  .filter(([, { files }]) => files.length > 0);
if (chosen.length === 0) throw new Error(`no such group or file; groups: ${Object.keys(groups).join(', ')}`);

let isEnough = true;
for (const [name, group] of chosen) {
  const one = report(name, group.files, await mutantsOf(group), equivalents);
  console.log([...one.lines, ...(values.survivors ? one.survivors : []), ''].join('\n'));
  isEnough &&= one.isEnough;
}
process.exitCode = isEnough ? 0 : 1;
