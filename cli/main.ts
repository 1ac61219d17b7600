// The command line: argv → command → exit code. The only process.exit.
import { Command, CommanderError } from 'commander';
import { ServiceProxyError } from '../core/errors.ts';
import { addCatalog } from './commands/catalog.ts';
import { addHistory } from './commands/history.ts';
import { addPlan } from './commands/plan.ts';
import { addProvision } from './commands/provision.ts';
import { addUp } from './commands/up.ts';
import { addWalkthrough } from './commands/walkthrough.ts';
import { exitCodes, isRefused } from './outcome.ts';
import { EngineUnreachable } from './unreachable.ts';

let exitCode = 0;
const end = (code: number) => {
  exitCode = code;
};

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
for (const add of [addWalkthrough, addUp, addPlan, addProvision, addCatalog, addHistory]) add(program, end);

const wantsJson = process.argv.includes('--json');

/** What was wrong, on standard error; as one document on standard output where JSON was asked for. */
function say(words: string, error: Error): void {
  if (wantsJson) {
    const problems = error instanceof ServiceProxyError ? error.problems : [];
    const failure = { status: 'FAILED', error: error.name, cause: error.message, problems };
    process.stdout.write(`${JSON.stringify({ ...failure, rolledBack: [], notRolledBack: [] })}\n`);
  }
  process.stderr.write(`${words}\n`);
}

function report(thrown: unknown): number {
  if (thrown instanceof CommanderError) {
    if (thrown.exitCode === 0) return exitCodes.succeeded;
    // Commander has said it in words already.
    if (wantsJson) say('', thrown);
    return exitCodes.refused;
  }
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (error instanceof EngineUnreachable) {
    say(error.message, error);
    return exitCodes.unreachable;
  }
  const isRefusal = isRefused(error);
  const where = isRefusal ? `${error.name}: nothing was touched.\n` : `${error.name}: `;
  say(isRefusal ? where + error.message.replace(/^/gm, '  ') : where + error.message, error);
  return isRefusal ? exitCodes.refused : exitCodes.failed;
}

try {
  await program.parseAsync();
} catch (error) {
  exitCode = report(error);
}
process.exit(exitCode);
