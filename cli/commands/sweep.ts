// sweep: dead executions, orphans, and what was changed by hand, in the whole account.
import type { Command } from 'commander';
import type { SweepReport } from '../../handlers/sweep.ts';
import { type EngineOptions, openEngine } from '../engine.ts';
import { addEngineFlags } from '../engine-flags.ts';
import { invokeFunction } from '../invoke-function.ts';

type Flags = EngineOptions & { readonly remove?: boolean; readonly json?: boolean };

function inWords({ finishing, orphans, removed, drift, unreachable }: SweepReport): string {
  const lines = [
    ...finishing.map(
      ({ execution, command }) => `Being finished: ${execution}\n  if it does not get there: ${command}`,
    ),
    ...orphans.map(what => `Orphan${removed.includes(what) ? ', removed' : ''}: ${what}`),
    ...drift.map(what => `Drift: ${what}`),
    ...unreachable.map(what => `Not looked into: ${what}`),
  ];
  if (orphans.length > removed.length) lines.push('Remove the orphans with --remove.');
  return lines.length === 0 ? 'Nothing is out of order.' : lines.join('\n');
}

async function run(flags: Flags): Promise<number> {
  const engine = await openEngine(flags);
  try {
    const { stateMachineArn } = engine;
    const event = { stateMachineArn, remove: flags.remove ?? false };
    const report = (await invokeFunction(engine, 'Sweep', event)) as SweepReport;
    process.stdout.write(`${flags.json ? JSON.stringify(report) : inWords(report)}\n`);
    return 0;
  } finally {
    await engine.close();
  }
}

export function addSweep(program: Command, end: (code: number) => void): void {
  addEngineFlags(
    program
      .command('sweep')
      .description(
        'find what no execution answers for, have dead executions finished, and report changes by hand',
      ),
  )
    .option('--remove', 'remove the orphans: roles and APIs with our tag that no record names')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n    service-proxy sweep --endpoint-url http://127.0.0.1:4566 --remove',
    )
    .action(async (flags: Flags) => end(await run(flags)));
}
