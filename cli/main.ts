// The command line: arguments → command → exit code.
import { Command, CommanderError } from 'commander';
import { ServiceProxyError } from '../core/errors.ts';
import { addApprove } from './commands/approve.ts';
import { addCatalog } from './commands/catalog.ts';
import { addExport } from './commands/export.ts';
import { addFollow } from './commands/follow.ts';
import { addHistory } from './commands/history.ts';
import { addPlan } from './commands/plan.ts';
import { addProvision } from './commands/provision.ts';
import { addRollback } from './commands/rollback.ts';
import { addSweep } from './commands/sweep.ts';
import { addUp } from './commands/up.ts';
import { addWalkthrough } from './commands/walkthrough.ts';
import { Interrupted, interruptedExitCode } from './interrupt.ts';
import { exitCodes, isRefused } from './outcome.ts';
import { EngineUnreachable } from './unreachable.ts';

function commandLine(end: (code: number) => void): Command {
  const program = new Command('service-proxy')
    .description(
      'Turns {service, action, stage} into a secured Amazon API Gateway endpoint that exposes that AWS action.',
    )
    .exitOverride()
    .showHelpAfterError()
    .addHelpText(
      'after',
      '\nExit codes: 0 succeeded, 1 failed and rolled back, 2 refused and nothing touched,\n3 rollback incomplete, 4 engine not reachable.\n\nExamples:\n    service-proxy walkthrough\n    service-proxy up\n    service-proxy provision --help',
    );
  for (const add of [
    addWalkthrough,
    addUp,
    addPlan,
    addProvision,
    addFollow,
    addRollback,
    addExport,
    addApprove,
    addSweep,
    addCatalog,
    addHistory,
  ])
    add(program, end);
  return program;
}

function documentOf(error: Error): object {
  const problems = error instanceof ServiceProxyError ? error.problems : [];
  // Commander's own class is called otherwise once it is bundled.
  const name = error instanceof CommanderError ? 'InvalidInput' : error.name;
  return { status: 'FAILED', error: name, cause: error.message, problems, rolledBack: [], notRolledBack: [] };
}

function wordsOf(error: Error): string {
  if (error instanceof EngineUnreachable || error instanceof Interrupted) return error.message;
  if (!isRefused(error)) return `${error.name}: ${error.message}`;
  return `${error.name}: nothing was touched.\n${error.message.replace(/^/gm, '  ')}`;
}

function codeOf(error: Error): number {
  if (error instanceof CommanderError) return exitCodes.refused;
  if (error instanceof EngineUnreachable) return exitCodes.unreachable;
  if (error instanceof Interrupted) return interruptedExitCode;
  return isRefused(error) ? exitCodes.refused : exitCodes.failed;
}

/** What was wrong, on standard error; as one document on standard output where JSON was asked for. */
function report(thrown: unknown, wantsJson: boolean): number {
  // Asking for help is an error to Commander, too.
  if (thrown instanceof CommanderError && thrown.exitCode === 0) return exitCodes.succeeded;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (wantsJson) process.stdout.write(`${JSON.stringify(documentOf(error))}\n`);
  // Commander has said what is wrong itself.
  if (!(error instanceof CommanderError)) process.stderr.write(`${wordsOf(error)}\n`);
  return codeOf(error);
}

export async function main(args: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.succeeded;
  const program = commandLine(code => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    return report(error, args.includes('--json'));
  }
}
