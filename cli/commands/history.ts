// history: past executions as a list, one of them state by state, their export and its proof.
import { writeFileSync } from 'node:fs';
import { DescribeStateMachineForExecutionCommand, ExecutionDoesNotExist } from '@aws-sdk/client-sfn';
import type { Command } from 'commander';
import type { Definition } from '../../history/graph.ts';
import { type IndexEntry, sortEntries } from '../../history/index-entry.ts';
import { listInText } from '../../history/list-text.ts';
import { pageOf } from '../../history/page.ts';
import { showInText } from '../../history/show-text.ts';
import { type Engine, type EngineOptions, openEngine } from '../engine.ts';
import { addEngineFlags } from '../engine-flags.ts';
import { exportAll, exportOne } from '../export-history.ts';
import { exitCodes } from '../outcome.ts';
import { openPast, type Past } from '../past.ts';
import { addSearchFlags, type SearchFlags, searchFrom } from '../search-flags.ts';
import { verdict, verdictInWords, verifyDirectory } from '../verify-history.ts';

type Flags = EngineOptions & { readonly json?: boolean };

async function withPast(flags: Flags, run: (past: Past, engine: Engine) => Promise<string>): Promise<void> {
  const engine = await openEngine(flags);
  try {
    process.stdout.write(`${await run(await openPast(engine), engine)}\n`);
  } finally {
    await engine.close();
  }
}

/** Beside what the index says, the names that Step Functions has for it. */
const listed = (entry: IndexEntry) => ({ ...entry, startDate: entry.startedAt, stopDate: entry.endedAt });

async function list(flags: Flags & SearchFlags): Promise<void> {
  const { search, limit, page } = searchFrom(flags);
  await withPast(flags, async past => {
    const found = sortEntries(await past.search(search), flags.sort, flags.reverse);
    const entries = found.slice((page - 1) * limit, page * limit);
    if (flags.json) return JSON.stringify(entries.map(listed));
    return listInText({ entries, total: found.length, page, limit });
  });
}

async function show(execution: string, flags: Flags & { readonly html?: string }): Promise<void> {
  await withPast(flags, async (past, engine) => {
    const found = await past.find(execution);
    if (flags.html !== undefined) {
      const page = pageOf(found, await definitionOf(engine, found.executionArn));
      writeFileSync(flags.html, page);
      return `Wrote ${flags.html} (${Math.ceil(Buffer.byteLength(page) / 1024)} KB).`;
    }
    return flags.json ? JSON.stringify(found) : showInText(found);
  });
}

async function exported(
  execution: string | undefined,
  flags: Flags & SearchFlags & { readonly out: string },
): Promise<void> {
  const { search } = searchFrom(flags);
  await withPast(flags, async past => {
    if (execution !== undefined) return `Wrote ${await exportOne(past, execution, flags.out)}`;
    const entries = sortEntries(await past.search(search), flags.sort, flags.reverse);
    const files = await exportAll(past, entries, flags.out);
    return [`Wrote ${entries.length} executions:`, ...files.map(file => `  ${file}`)].join('\n');
  });
}

/** What the execution ran; Step Functions forgets that, and a later definition shows the same states. */
async function definitionOf({ sfn }: Engine, executionArn: string): Promise<Definition> {
  try {
    const described = await sfn.send(new DescribeStateMachineForExecutionCommand({ executionArn }));
    return JSON.parse(described.definition ?? '') as Definition;
  } catch (error) {
    if (!(error instanceof ExecutionDoesNotExist)) throw error;
  }
  const { definition } = await import('../../statemachine/definition.ts');
  return JSON.parse(JSON.stringify(definition())) as Definition;
}

async function verify(directory: string | undefined, flags: Flags): Promise<number> {
  let found = directory === undefined ? undefined : verifyDirectory(directory);
  if (!found) {
    const engine = await openEngine(flags);
    try {
      const past = await openPast(engine);
      const records = await past.records();
      found = verdict(records, await past.links());
    } finally {
      await engine.close();
    }
  }
  process.stdout.write(`${flags.json ? JSON.stringify(found) : verdictInWords(found)}\n`);
  return found.breaks.length === 0 ? exitCodes.succeeded : exitCodes.failed;
}

const endpoint = '--endpoint-url http://127.0.0.1:4566';
const examples = (...lines: string[]) => `\nExamples:\n${lines.map(line => `    ${line}`).join('\n')}`;
const json = 'one JSON document';

export function addHistory(program: Command, end: (code: number) => void): void {
  const history = program.command('history').description('the auditable past');
  const add = (name: string, description: string) =>
    addEngineFlags(history.command(name, { isDefault: name === 'list' }).description(description)).option(
      '--json',
      json,
    );
  addSearchFlags(add('list', 'past executions, newest first'))
    .option('--limit <n>', 'how many on a page', '20')
    .option('--page <n>', 'which page', '1')
    .addHelpText('after', examples(`service-proxy history list ${endpoint} --status FAILED --since 2026-11`))
    .action(async (flags: Flags & SearchFlags) => {
      await list(flags);
      end(exitCodes.succeeded);
    });
  add('show <execution>', 'one execution, state by state; by name, its beginning, or ARN')
    .option('--html <file>', 'as one self-contained page')
    .addHelpText('after', examples(`service-proxy history show NAME ${endpoint} --html run.html`))
    .action(async (execution: string, flags: Flags & { html?: string }) => {
      await show(execution, flags);
      end(exitCodes.succeeded);
    });
  addSearchFlags(add('export [execution]', 'one execution, or all that match, as JSON, JSON Lines and CSV'))
    .requiredOption('--out <dir>', 'directory to write to')
    .addHelpText('after', examples(`service-proxy history export ${endpoint} --since 2026-11 --out ./audit`))
    .action(async (execution: string | undefined, flags: Flags & SearchFlags & { out: string }) => {
      await exported(execution, flags);
      end(exitCodes.succeeded);
    });
  add('verify [dir]', 'whether records are missing, changed or put in: an export’s, or the archive’s own')
    .addHelpText(
      'after',
      examples('service-proxy history verify ./audit', `service-proxy history verify ${endpoint}`),
    )
    .action(async (directory: string | undefined, flags: Flags) => end(await verify(directory, flags)));
}
