// approve and reject: the answer to an execution that waits, after its plan and before its first change.
import type { Command } from 'commander';
import type { Decision } from '../../handlers/decide-approval.ts';
import { type EngineOptions, executionArnOf, openEngine } from '../engine.ts';
import { addEngineFlags } from '../engine-flags.ts';
import { invokeFunction } from '../invoke-function.ts';
import { exitCodes } from '../outcome.ts';

type Flags = EngineOptions & { readonly by?: string; readonly reason?: string };

async function decide(execution: string, decision: Decision['decision'], flags: Flags): Promise<number> {
  const engine = await openEngine(flags);
  try {
    const name = executionArnOf(engine, execution).split(':').at(-1) ?? '';
    const { by, reason } = flags;
    const event: Decision = { execution: name, decision, ...(by && { by }), ...(reason && { reason }) };
    await invokeFunction(engine, 'DecideApproval', event);
    process.stdout.write(`${decision}: ${name}\n`);
    return exitCodes.succeeded;
  } finally {
    await engine.close();
  }
}

export function addApprove(program: Command, end: (code: number) => void): void {
  addEngineFlags(
    program.command('approve <execution>').description('let an execution that waits for approval go on'),
  )
    .option('--by <who>', 'who approves, for the audit')
    .addHelpText(
      'after',
      '\nExamples:\n    service-proxy approve NAME --by alice --endpoint-url http://127.0.0.1:4566',
    )
    .action(async (execution: string, flags: Flags) => end(await decide(execution, 'APPROVED', flags)));
  addEngineFlags(
    program
      .command('reject <execution>')
      .description('end an execution that waits for approval; nothing is touched'),
  )
    .option('--by <who>', 'who rejects, for the audit')
    .option('--reason <text>', 'why')
    .addHelpText(
      'after',
      '\nExamples:\n    service-proxy reject NAME --reason "wrong stage" --endpoint-url http://127.0.0.1:4566',
    )
    .action(async (execution: string, flags: Flags) => end(await decide(execution, 'REJECTED', flags)));
}
