// npm run mutate -- [--group NAME]… [--file FILE]… [--survivors]: mutation score of the retry, rollback, lock and ledger code.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { equivalents } from './equivalent.ts';
import { groups } from './groups.ts';
import { type Mutant, report } from './report.ts';

const { values } = parseArgs({
  options: {
    group: { type: 'string', multiple: true },
    file: { type: 'string', multiple: true },
    survivors: { type: 'boolean', default: false },
  },
});

const chosen = Object.entries(groups).filter(([name]) => values.group?.includes(name) ?? true);
const files = chosen.flatMap(([, names]) => [...names]).filter(name => values.file?.includes(name) ?? true);
if (files.length === 0) throw new Error(`no such group or file; groups: ${Object.keys(groups).join(', ')}`);

const results = await new Stryker({
  mutate: files,
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  // Which files a test imports tells less than which mutants it reaches.
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  timeoutMS: 20_000,
  reporters: ['progress-append-only'],
  // The sandbox needs no compiler, whose new API the sandbox's preparation does not know.
  ignorePatterns: ['tsconfig.json', 'docs', 'cdk.out', 'dist'],
  allowConsoleColors: false,
  allowEmpty: true,
}).runMutationTest();

const textOf = (file: string, { start, end }: (typeof results)[number]['location']): string => {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .slice(start.line - 1, end.line);
  const last = lines.length - 1;
  lines[last] = (lines[last] ?? '').slice(0, end.column - 1);
  lines[0] = (lines[0] ?? '').slice(start.column - 1);
  return lines.join('\n');
};

const mutants = results.map(({ fileName, location, replacement = '', status, mutatorName }): Mutant => {
  const file = relative('.', fileName);
  return { file, line: location.start.line, text: textOf(file, location), replacement, status, mutatorName };
});
const { lines, isEnough } = report(chosen, mutants, equivalents, values.survivors);
console.log(lines.join('\n'));
process.exitCode = isEnough ? 0 : 1;
