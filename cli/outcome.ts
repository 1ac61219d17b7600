// The end of an execution as one document, as words, and as an exit code.
import type { DescribeExecutionCommandOutput } from '@aws-sdk/client-sfn';
import type { Leftover, Outcome, RouteResult } from '../core/execution.ts';
import { finishCommand } from '../core/failure.ts';
import { unescaped } from '../history/archived-execution.ts';

export const exitCodes = {
  succeeded: 0,
  failed: 1,
  refused: 2,
  rollbackIncomplete: 3,
  unreachable: 4,
} as const;

interface SucceededOutput extends Outcome {
  readonly changes?: readonly string[];
  readonly tests?: readonly RouteResult[];
  readonly superseded?: readonly string[];
  readonly left?: readonly { readonly state: string; readonly error: string }[];
}

interface FailedCause {
  readonly status: 'FAILED' | 'ROLLBACK_INCOMPLETE' | 'PAUSED';
  readonly failedState: string;
  readonly error: string;
  readonly cause: string;
  readonly rolledBack: readonly string[];
  readonly notRolledBack: readonly Leftover[];
}

export interface Succeeded {
  readonly status: 'SUCCEEDED';
  readonly executionArn: string;
  readonly restApiId: string;
  /** Where the API is, if not beside the state machine. */
  readonly target?: Outcome['target'];
  readonly stage: string;
  readonly routes: readonly object[];
  readonly deploymentId?: string;
  readonly created: readonly string[];
  readonly kept: readonly string[];
  readonly removed: readonly string[];
  /** States that were left out on request: nobody knows whether they would have succeeded. */
  readonly skipped: readonly string[];
  /** AWS calls that may have changed something. */
  readonly calls?: number;
  readonly durationMs: number;
}

export interface Failed {
  readonly status: 'FAILED' | 'ROLLBACK_INCOMPLETE' | 'PAUSED';
  readonly executionArn: string;
  readonly error: string;
  readonly cause: string;
  readonly failedState?: string;
  readonly rolledBack: readonly string[];
  readonly notRolledBack: readonly Leftover[];
}

const withChange = (changes: readonly string[], ...kinds: string[]) =>
  changes
    .filter(line => kinds.some(kind => line.startsWith(`${kind} `)))
    .map(line => line.slice(line.indexOf(' ') + 1));

function succeeded(execution: DescribeExecutionCommandOutput, calls?: number): Succeeded {
  const output = JSON.parse(execution.output ?? '{}') as SucceededOutput;
  const { changes = [], tests = [] } = output;
  const testOf = (route: { httpMethod: string; path: string }) => {
    const found = tests.find(one => one.route === `${route.httpMethod} ${route.path}`);
    if (!found) return {};
    return {
      test:
        found.skipped === undefined
          ? { status: found.status, body: parsed(found.body) }
          : { skipped: found.skipped },
    };
  };
  return {
    status: 'SUCCEEDED',
    executionArn: execution.executionArn ?? '',
    restApiId: output.restApiId,
    ...(output.target && { target: output.target }),
    stage: output.stage,
    routes: output.routes.map(route => ({ ...route, ...testOf(route) })),
    ...(output.deploymentId !== undefined && { deploymentId: output.deploymentId }),
    created: withChange(changes, 'CREATE', 'UPDATE'),
    kept: withChange(changes, 'KEEP'),
    removed: [
      ...withChange(output.operation === 'remove' ? changes : [], 'DELETE'),
      ...(output.superseded ?? []),
    ],
    skipped: output.skippedStates ?? [],
    ...(calls !== undefined && { calls }),
    durationMs: (execution.stopDate?.getTime() ?? 0) - (execution.startDate?.getTime() ?? 0),
  };
}

function parsed(body: string | undefined): unknown {
  try {
    return JSON.parse(body ?? '""');
  } catch {
    return body;
  }
}

/** Stopped, timed out, or broken off: nobody has looked yet what is left. */
const nothingRolledBack = ({ executionArn = '', status }: DescribeExecutionCommandOutput): Leftover => ({
  what: 'whatever the execution had made',
  why: `it ended ${status} before it could roll back`,
  command: finishCommand(executionArn),
});

function failed(execution: DescribeExecutionCommandOutput): Failed {
  const executionArn = execution.executionArn ?? '';
  let cause: Partial<FailedCause> = {};
  try {
    cause = JSON.parse(execution.cause ?? '{}') as FailedCause;
  } catch {
    // An execution that no Catch could reach (stopped, timed out) has a plain cause, or none.
  }
  return {
    status: cause.status ?? 'ROLLBACK_INCOMPLETE',
    executionArn,
    error: cause.error ?? execution.error ?? execution.status ?? 'UNKNOWN',
    cause: unescaped(
      cause.cause ?? execution.cause ?? `the execution ended ${execution.status} and nothing was rolled back`,
    ),
    ...(cause.failedState !== undefined && { failedState: cause.failedState }),
    rolledBack: cause.rolledBack ?? [],
    notRolledBack: cause.notRolledBack ?? [nothingRolledBack(execution)],
  };
}

export type Result = Succeeded | Failed;

export const resultOf = (execution: DescribeExecutionCommandOutput, calls?: number): Result =>
  execution.status === 'SUCCEEDED' ? succeeded(execution, calls) : failed(execution);

/** Errors with which planning says that the request itself is not acceptable: nothing was touched. */
const refusals = new Set(['InvalidInput', 'NotOwned', 'Refused']);

/** Whether an error before or instead of an execution says no to the request: ours, or that of the AWS call. */
export const isRefused = (error: Error) => refusals.has(error.name) || '$metadata' in error;

export function exitCodeOf(result: Result): number {
  if (result.status === 'SUCCEEDED') return exitCodes.succeeded;
  if (result.status !== 'FAILED') return exitCodes.rollbackIncomplete;
  // A plan that nobody approved was refused as well.
  if (result.failedState === 'RequestApproval') return exitCodes.refused;
  return result.failedState === 'PlanChanges' && refusals.has(result.error)
    ? exitCodes.refused
    : exitCodes.failed;
}

const whereOf = ({ target }: Succeeded) =>
  target === undefined ? '' : ` in ${target.account}/${target.region}`;

export function inWordsOf(result: Result): string {
  if (result.status !== 'SUCCEEDED') {
    const lines = [
      `${result.status}${result.failedState ? ` in ${result.failedState}` : ''}: ${result.error}`,
      result.cause,
    ];
    if (result.rolledBack.length > 0)
      lines.push('Rolled back:', ...result.rolledBack.map(what => `  ${what}`));
    for (const { what, why, command } of result.notRolledBack)
      lines.push(`Not rolled back: ${what} (${why})`, `  ${command}`);
    if (result.rolledBack.length + result.notRolledBack.length === 0) lines.push('Nothing was changed.');
    return lines.join('\n');
  }
  const lines = [
    `SUCCEEDED in ${result.durationMs} ms: stage ${result.stage} of REST API ${result.restApiId}${whereOf(result)}`,
  ];
  for (const route of result.routes as {
    httpMethod: string;
    url: string;
    service: string;
    action: string;
  }[]) {
    lines.push(`  ${route.httpMethod} ${route.url} → ${route.service} ${route.action}`);
  }
  if (result.skipped.length > 0) lines.push(`Skipped, so not proven: ${result.skipped.join(', ')}`);
  return lines.join('\n');
}
