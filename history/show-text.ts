// One execution as a timeline for a terminal of 80 columns: states, attempts, waits, calls, what was made and unmade.
import type { ArchivedCall, ArchivedExecution } from './archived-execution.ts';
import { durationOf } from './index-entry.ts';
import { column, inWordsOfTime, plain, toSecond, wrap } from './text.ts';
import type { StateEntry } from './timeline.ts';

const width = 80;

export const marks = { ok: '✓', failed: '✗', retried: '↻', waiting: '…' } as const;

function markOf({ error, attempts, isWaiting }: StateEntry): string {
  if (isWaiting) return marks.waiting;
  if (error !== undefined) return marks.failed;
  return attempts > 1 ? marks.retried : marks.ok;
}

/** States that decide, wait a moment or end say nothing that the others do not. */
const isQuiet = ({ attempts, durationMs, error }: StateEntry) =>
  attempts === 0 && durationMs < 1000 && error === undefined;

function callLines(calls: readonly ArchivedCall[]): string[] {
  const isLedgers = ({ service }: ArchivedCall) => service === 'dynamodb';
  const lines = calls
    .filter(call => !isLedgers(call))
    .map(({ service, operation, status, error, requestId = '' }) => {
      const answer = error === undefined ? String(status ?? '') : `${status ?? ''} ${error}`.trim();
      return `      ${column(`${service}:${operation}`, 31)} ${column(error ? answer : requestId, 36)}${error ? '' : ` ${answer}`}`.trimEnd();
    });
  const ledger = calls.filter(isLedgers).length;
  return ledger > 0
    ? [...lines, `      ${ledger} ${ledger === 1 ? 'write' : 'writes'} to the ledger`]
    : lines;
}

function stateLines(entry: StateEntry, startedAt: number, calls: readonly ArchivedCall[]): string[] {
  const after = inWordsOfTime(Math.max(0, Date.parse(entry.enteredAt) - startedAt));
  const attempts = entry.attempts > 1 ? `${entry.attempts} attempts` : '';
  const took = inWordsOfTime(entry.durationMs).padStart(12);
  const wait = entry.isWaiting ? 'waits for a decision' : attempts;
  const lines = [
    `  ${markOf(entry)} ${column(entry.state, 28)} ${`+${after}`.padStart(12)} ${took}  ${wait}`.trimEnd(),
  ];
  for (const [index, { error, cause }] of entry.tries.entries()) {
    if (error !== undefined)
      lines.push(column(`      attempt ${index + 1}: ${error}: ${cause ?? ''}`, width).trimEnd());
  }
  return [...lines, ...callLines(calls)];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.flatMap(line => wrap(line, width, '  '))];
}

const ofChange = (plan: readonly string[], ...kinds: string[]) =>
  plan.filter(line => kinds.some(kind => line.startsWith(`${kind} `))).map(plain);

/** What the plan came to; of a failed execution, what was taken away again. */
function effects(execution: ArchivedExecution): string[] {
  const { status, plan, rolledBack, notRolledBack } = execution;
  if (status === 'SUCCEEDED') {
    return [
      ...section('Made or changed', ofChange(plan, 'CREATE', 'UPDATE')),
      ...section('Taken away', ofChange(plan, 'DELETE')),
      ...section('Kept', ofChange(plan, 'KEEP')),
    ];
  }
  return [
    ...section(
      status === 'RUNNING' ? 'Planned' : 'Was planned',
      ofChange(plan, 'CREATE', 'UPDATE', 'DELETE'),
    ),
    ...section('Taken away again', rolledBack),
    ...section(
      'Left behind',
      notRolledBack.map(({ state, error, cause }) => `${state}: ${error}: ${cause}`),
    ),
  ];
}

function heading(execution: ArchivedExecution): string[] {
  const { name, status, operation, routes, stage, api, restApiId, startedAt, requestedBy, target } =
    execution;
  const { finishes, startedBy } = execution;
  const duration = durationOf(execution);
  const took = duration === undefined ? 'running' : `took ${inWordsOfTime(duration)}`;
  const first = routes.slice(0, 5).map(({ service, action, httpMethod, path }) => {
    const where = path === undefined ? '' : `${httpMethod} ${path} → `;
    return `  ${where}${service} ${action}`;
  });
  const more = routes.length > 5 ? [`  and ${routes.length - 5} more routes`] : [];
  return [
    ...wrap(`${status}  ${name}`, width),
    ...wrap(
      `${operation} on stage ${stage || '–'} of ${api}${restApiId ? ` (${restApiId})` : ''}${target ? ` in ${target}` : ''}`,
      width,
      '  ',
    ),
    ...(startedBy === undefined ? [] : wrap(`started by ${startedBy.arn}`, width, '  ')),
    ...(finishes === undefined ? [] : wrap(`finishes ${finishes}`, width, '  ')),
    ...[...first, ...more].map(line => plain(line).slice(0, width)),
    `  ${toSecond(startedAt)} UTC, ${took}${requestedBy ? `, asked for by ${plain(requestedBy)}` : ''}`.slice(
      0,
      width,
    ),
  ];
}

export function showInText(execution: ArchivedExecution): string {
  const { states, calls, error, cause, failedState, callsMissing } = execution;
  const startedAt = Date.parse(execution.startedAt);
  // A state that is entered twice, after a redrive, has its calls told apart by time.
  const callsOf = ({ state, enteredAt, durationMs }: StateEntry) => {
    const end = Date.parse(enteredAt) + durationMs;
    return calls.filter(
      call =>
        call.state === state && Date.parse(call.at) >= Date.parse(enteredAt) && Date.parse(call.at) <= end,
    );
  };
  const failure =
    error === undefined
      ? []
      : wrap(`${failedState ? `In ${failedState}: ` : ''}${error}: ${cause ?? ''}`, width, '  ');
  return [
    ...heading(execution),
    ...failure,
    '',
    `    ${'STATE'.padEnd(28)} ${'AFTER'.padStart(12)} ${'TOOK'.padStart(12)}`,
    ...states.filter(state => !isQuiet(state)).flatMap(state => stateLines(state, startedAt, callsOf(state))),
    ...(callsMissing > 0 ? [`  ${callsMissing} calls are not on record`] : []),
    ...effects(execution),
  ].join('\n');
}
