// history: past executions as a list, and one of them state by state.
import { DescribeExecutionCommand, type ExecutionStatus, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import type { Command } from 'commander';
import { timelineOf } from '../../history/timeline.ts';
import { type Engine, type EngineOptions, executionArnOf, openEngine } from '../engine.ts';
import { addEngineFlags } from '../engine-flags.ts';
import { readHistory } from '../follow.ts';
import { inWordsOf, resultOf } from '../outcome.ts';

type Flags = EngineOptions & {
  readonly json?: boolean;
  readonly status?: ExecutionStatus;
  readonly limit: string;
};

async function list(engine: Engine, { status, limit }: Flags): Promise<object[]> {
  const found: object[] = [];
  let nextToken: string | undefined;
  do {
    const page = await engine.sfn.send(
      new ListExecutionsCommand({
        stateMachineArn: engine.stateMachineArn,
        maxResults: Math.min(Number(limit) - found.length, 1000),
        ...(status && { statusFilter: status }),
        ...(nextToken && { nextToken }),
      }),
    );
    for (const { executionArn, name, status: ended, startDate, stopDate } of page.executions ?? []) {
      found.push({
        name,
        status: ended,
        startDate: startDate?.toISOString(),
        stopDate: stopDate?.toISOString(),
        executionArn,
      });
    }
    nextToken = page.nextToken;
  } while (nextToken && found.length < Number(limit));
  return found;
}

async function withEngine(flags: Flags, run: (engine: Engine) => Promise<string>): Promise<void> {
  const engine = await openEngine(flags);
  try {
    process.stdout.write(`${await run(engine)}\n`);
  } finally {
    await engine.close();
  }
}

export function addHistory(program: Command, end: (code: number) => void): void {
  const history = program.command('history').description('the auditable past');
  addEngineFlags(history.command('list', { isDefault: true }).description('past executions, newest first'))
    .option('--status <status>', 'RUNNING, SUCCEEDED, FAILED, TIMED_OUT or ABORTED')
    .option('--limit <n>', 'how many', '100')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n    service-proxy history list --endpoint-url http://127.0.0.1:4566 --status FAILED',
    )
    .action(async (flags: Flags) => {
      await withEngine(flags, async engine => {
        const found = await list(engine, flags);
        if (flags.json) return JSON.stringify(found);
        if (found.length === 0) return 'No executions yet.';
        return (found as { name: string; status: string; startDate: string }[])
          .map(({ name, status, startDate }) => `${startDate}  ${status.padEnd(10)} ${name}`)
          .join('\n');
      });
      end(0);
    });
  addEngineFlags(history.command('show <execution>').description('one execution, state by state'))
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n    service-proxy history show NAME --endpoint-url http://127.0.0.1:4566',
    )
    .action(async (execution: string, flags: Flags) => {
      await withEngine(flags, async engine => {
        const executionArn = executionArnOf(engine, execution);
        const described = await engine.sfn.send(new DescribeExecutionCommand({ executionArn }));
        const timeline = timelineOf(await readHistory(engine.sfn, executionArn));
        const result =
          described.status === 'RUNNING' ? { status: 'RUNNING', executionArn } : resultOf(described);
        if (flags.json)
          return JSON.stringify({
            ...result,
            input: JSON.parse(described.input ?? 'null'),
            states: timeline,
          });
        const rows = timeline.map(
          ({ state, attempts, durationMs, error }) =>
            `  ${state.padEnd(26)} ${String(durationMs).padStart(7)} ms${attempts > 1 ? `  ${attempts} attempts` : ''}${error ? `  ${error}` : ''}`,
        );
        const words = 'error' in result || 'routes' in result ? inWordsOf(result) : 'RUNNING';
        return [`Execution ${executionArn}`, ...rows, words].join('\n');
      });
      end(0);
    });
}
