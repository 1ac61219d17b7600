// follow: an execution that runs already, state by state until it ends.
import type { Command } from 'commander';
import { type EngineOptions, executionArnOf, openEngine } from '../engine.ts';
import { addEngineFlags } from '../engine-flags.ts';
import { exitCodeOf, inWordsOf } from '../outcome.ts';
import { openProgress } from '../progress.ts';
import { followToEnd } from '../run-execution.ts';

type Flags = EngineOptions & { readonly json?: boolean };

async function run(execution: string, flags: Flags): Promise<number> {
  const engine = await openEngine(flags);
  const progress = openProgress(process.stderr);
  try {
    const result = await followToEnd(engine, executionArnOf(engine, execution), step => progress.show(step));
    progress.end();
    process.stdout.write(`${flags.json ? JSON.stringify(result) : inWordsOf(result)}\n`);
    return exitCodeOf(result);
  } finally {
    await engine.close();
  }
}

export function addFollow(program: Command, end: (code: number) => void): void {
  addEngineFlags(
    program
      .command('follow <execution>')
      .description('show a running execution as it goes on; exits as provision does'),
  )
    .option('--json', 'one JSON document on standard output, nothing else there')
    .addHelpText('after', '\nExamples:\n    service-proxy follow NAME --endpoint-url http://127.0.0.1:4566')
    .action(async (execution: string, flags: Flags) => end(await run(execution, flags)));
}
