// rollback: finishes an execution that was stopped, timed out, or could not roll back completely.
import type { Command } from 'commander';
import { type EngineOptions, openEngine } from '../engine.ts';
import { addEngineFlags } from '../engine-flags.ts';
import { exitCodeOfFinished, finishExecution, finishedInWords } from '../finish-execution.ts';
import { openProgress } from '../progress.ts';

type Flags = EngineOptions & { readonly json?: boolean };

const examples = `
Examples:
    service-proxy rollback NAME --endpoint-url http://127.0.0.1:4566
    service-proxy rollback arn:aws:states:…:execution:ServiceProxyProvisioning:NAME

Exit codes: 0 nothing of it is left (or what it had done is finished), 3 something is.`;

async function run(execution: string, flags: Flags): Promise<number> {
  const engine = await openEngine(flags);
  const progress = openProgress(process.stderr);
  try {
    const finished = await finishExecution(engine, execution, step => progress.show(step));
    progress.end();
    process.stdout.write(`${flags.json ? JSON.stringify(finished) : finishedInWords(finished)}\n`);
    return exitCodeOfFinished(finished);
  } finally {
    await engine.close();
  }
}

export function addRollback(program: Command, end: (code: number) => void): void {
  addEngineFlags(
    program
      .command('rollback <execution>')
      .description('take back what an execution left that was stopped or could not roll back'),
  )
    .option('--json', 'one JSON document on standard output, nothing else there')
    .addHelpText('after', examples)
    .action(async (execution: string, flags: Flags) => end(await run(execution, flags)));
}
