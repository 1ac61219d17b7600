// The command line: argv → command → exit code. The only process.exit.
import { Command, CommanderError } from 'commander';
import { ServiceProxyError } from '../core/errors.ts';
import { addCatalog } from './commands/catalog.ts';
import { addHistory } from './commands/history.ts';
import { addPlan } from './commands/plan.ts';
import { addProvision } from './commands/provision.ts';
import { addUp } from './commands/up.ts';
import { addWalkthrough } from './commands/walkthrough.ts';
import { isUnreachable } from './engine.ts';
import { exitCodes } from './outcome.ts';

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
function refuse(error: ServiceProxyError): number {
  if (wantsJson) {
    const document = {
      status: 'FAILED',
      error: error.name,
      cause: error.message,
      problems: error.problems,
      rolledBack: [],
      notRolledBack: [],
    };
    process.stdout.write(`${JSON.stringify(document)}\n`);
  }
  process.stderr.write(`${error.name}: nothing was touched.\n${error.message.replace(/^/gm, '  ')}\n`);
  return exitCodes.refused;
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.succeeded : exitCodes.refused;
  if (error instanceof ServiceProxyError && error.problems.length > 0) return refuse(error);
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if (isUnreachable(error)) {
    const endpoint = flagValue('--endpoint-url') ?? process.env.AWS_ENDPOINT_URL ?? 'AWS Step Functions';
    process.stderr.write(
      `No engine answers at ${endpoint} (${message}).\nStart one with \`service-proxy up\`, or name another with --endpoint-url.\n`,
    );
    return exitCodes.unreachable;
  }
  process.stderr.write(`${message}\n`);
  return error instanceof Error && '$metadata' in error ? exitCodes.refused : exitCodes.failed;
}

function flagValue(name: string): string | undefined {
  const index = process.argv.indexOf(name);
  return index === -1 ? undefined : process.argv[index + 1];
}

try {
  await program.parseAsync();
} catch (error) {
  exitCode = report(error);
}
process.exit(exitCode);
