// What is kept of one execution for good: who asked for what, the plan, every state and call, and how it ended.
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { rollbackStateMachineName } from '../core/failure.ts';
import { describePlan, type Plan } from '../core/plan.ts';
import type { RecordedAttempt, RecordedCall } from '../core/recorded-call.ts';
import { namesResource, redactInput } from '../core/redaction.ts';
import { type StateEntry, timelineOf } from './timeline.ts';

export type ArchivedStatus =
  | 'RUNNING'
  | 'SUCCEEDED'
  | 'FAILED'
  | 'ROLLBACK_INCOMPLETE'
  | 'TIMED_OUT'
  | 'ABORTED';

export interface StartedBy {
  readonly arn: string;
  /** CloudTrail's id of the call. */
  readonly eventId: string;
  readonly sourceIpAddress?: string;
}

export interface ArchivedRoute {
  readonly service: string;
  readonly action: string;
  readonly httpMethod?: string;
  readonly path?: string;
  readonly roleName?: string;
}

/** One call, and the attempt of the state that made it. */
export interface ArchivedCall extends RecordedCall {
  readonly state: string;
  readonly attempt: number;
}

export interface ArchivedExecution {
  readonly name: string;
  readonly executionArn: string;
  readonly status: ArchivedStatus;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly redriveCount: number;
  /** Of a rollback execution: the ARN of the execution that it finishes. */
  readonly finishes?: string;
  /** Who asked, as the request says it. */
  readonly requestedBy?: string;
  /** Who called StartExecution, as CloudTrail says it. */
  readonly startedBy?: StartedBy;
  readonly operation: string;
  readonly api: string;
  readonly restApiId?: string;
  /** `111122223333/eu-west-1`: where the API is, if not beside the state machine. */
  readonly target?: string;
  readonly stage: string;
  readonly routes: readonly ArchivedRoute[];
  /** Constants and test values are marked; of a refused input only what identifies it is kept. */
  readonly input: unknown;
  /** The plan, a line for each thing. */
  readonly plan: readonly string[];
  readonly states: readonly StateEntry[];
  readonly calls: readonly ArchivedCall[];
  /** Calls that are known to have been made, and of which nothing more is known. */
  readonly callsMissing: number;
  readonly failedState?: string;
  readonly error?: string;
  readonly cause?: string;
  readonly rolledBack: readonly string[];
  readonly notRolledBack: readonly {
    readonly state: string;
    readonly error: string;
    readonly cause: string;
  }[];
}

/** As DescribeExecution says it. */
export interface Described {
  readonly executionArn?: string | undefined;
  readonly name?: string | undefined;
  readonly status?: string | undefined;
  readonly startDate?: Date | undefined;
  readonly stopDate?: Date | undefined;
  readonly redriveCount?: number | undefined;
  readonly input?: string | undefined;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
  readonly output?: string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parsed(text: string | undefined): Fields {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return isFields(value) ? value : {};
  } catch {
    return {};
  }
}

const identifying = [
  'operation',
  'service',
  'action',
  'stage',
  'path',
  'httpMethod',
  'requestedBy',
  'region',
];
const textIn = (fields: Fields, name: string) => {
  const value = fields[name];
  return typeof value === 'string' ? value.slice(0, 256) : undefined;
};

/** What identifies an input that nobody has accepted: other fields may be anything. */
function identityOf(input: Fields): Fields {
  const kept = identifying.flatMap(name => {
    const value = textIn(input, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(kept);
}

function routesOf(input: Fields, plan: Plan | undefined): ArchivedRoute[] {
  if (plan) {
    return plan.routes.map(({ service, action, httpMethod, path, role }) => ({
      service,
      action,
      httpMethod,
      path,
      ...(role && { roleName: role.name }),
    }));
  }
  const given = Array.isArray(input.routes) ? input.routes.filter(isFields) : [input];
  return given.flatMap(route => {
    const service = textIn(route, 'service');
    const action = textIn(route, 'action');
    return service === undefined || action === undefined ? [] : [{ service, action }];
  });
}

/** The calls of successful attempts stand in the history, the others in the ledger. */
function callsOf(states: readonly StateEntry[], ledger: readonly RecordedAttempt[]): ArchivedCall[] {
  const inHistory = states.flatMap(({ state, tries }) =>
    tries.flatMap(({ calls }, attempt) => calls.map(call => ({ ...call, state, attempt }))),
  );
  const inLedger = ledger.flatMap(({ state, attempt, calls }) =>
    calls.map(call => ({ ...call, state, attempt })),
  );
  return [...inHistory, ...inLedger].sort((one, other) => one.at.localeCompare(other.at));
}

function missingCalls(states: readonly StateEntry[], ledger: readonly RecordedAttempt[]): number {
  const promised = states.reduce((total, { callsInLedger }) => total + callsInLedger, 0);
  if (promised === 0) return 0;
  const overflowing = new Set(
    states.filter(({ callsInLedger }) => callsInLedger > 0).map(({ state }) => state),
  );
  const kept = ledger.filter(({ state }) => overflowing.has(state)).flatMap(({ calls }) => calls);
  return Math.max(0, promised - kept.length);
}

function apiOf(
  input: Fields,
  plan: Plan | undefined,
): Pick<ArchivedExecution, 'api' | 'restApiId' | 'target'> {
  if (plan) {
    const { restApi } = plan;
    const target = plan.reach?.place.replace(/\/$/, '');
    return {
      api: restApi.name,
      ...('id' in restApi && { restApiId: restApi.id }),
      ...(target && { target }),
    };
  }
  const api = isFields(input.api) ? input.api : { name: 'service-proxy' };
  return { api: textIn(api, 'name') ?? textIn(api, 'id') ?? 'unknown' };
}

/** The state machine cuts the sentence out of a JSON text, escapes and all. */
export function unescaped(text: string): string {
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text;
  }
}

/** The execution that a rollback execution finishes. */
export function finishedBy({ executionArn = '', input }: Described): string | undefined {
  if (!executionArn.includes(`:${rollbackStateMachineName}:`)) return undefined;
  return textIn(parsed(input), 'execution');
}

/** The ledger holds the calls of an execution and of the one that finishes it: each has its own time. */
const callsDuring = (ledger: readonly RecordedAttempt[], { startDate, stopDate }: Described) => {
  const from = startDate?.toISOString() ?? '';
  const to = stopDate?.toISOString() ?? '~';
  return ledger.map(attempt => ({
    ...attempt,
    calls: attempt.calls.filter(({ at }) => at >= from && at <= to),
  }));
};

export interface Sources {
  readonly described: Described;
  readonly events: readonly HistoryEvent[];
  readonly plan?: Plan | undefined;
  readonly ledgerCalls?: readonly RecordedAttempt[];
  readonly now?: number;
}

export function archivedExecution(sources: Sources): ArchivedExecution {
  const { described, events, plan, now } = sources;
  const ledgerCalls = callsDuring(sources.ledgerCalls ?? [], described);
  const finishes = finishedBy(described);
  const input = parsed(described.input);
  const failure = parsed(described.cause);
  const ended = parsed(described.output);
  const states = timelineOf(events, now);
  const requestedBy = textIn(input, 'requestedBy');
  const restApiId = textIn(ended, 'restApiId');
  const error = textIn(failure, 'error') ?? described.error;
  const cause = textIn(failure, 'status') === undefined ? described.cause : unescaped(String(failure.cause));
  const failedState = textIn(failure, 'failedState');
  const status = textIn(failure, 'status') ?? described.status ?? 'RUNNING';
  return {
    name: described.name ?? '',
    executionArn: described.executionArn ?? '',
    status: status as ArchivedStatus,
    startedAt: (described.startDate ?? new Date(0)).toISOString(),
    ...(described.stopDate && { endedAt: described.stopDate.toISOString() }),
    redriveCount: described.redriveCount ?? 0,
    ...(finishes !== undefined && { finishes }),
    ...(requestedBy !== undefined && { requestedBy }),
    operation: finishes ? 'rollback' : (plan?.operation ?? textIn(input, 'operation') ?? 'provision'),
    ...apiOf(input, plan),
    ...(restApiId !== undefined && { restApiId }),
    stage: plan?.stage.name ?? textIn(input, 'stage') ?? '',
    routes: routesOf(input, plan),
    input: finishes
      ? { execution: finishes }
      : plan
        ? redactInput(input, namesResource(plan))
        : identityOf(input),
    plan: plan ? describePlan(plan) : [],
    // Each call stands once in the record, among the calls.
    states: states.map(entry => ({ ...entry, tries: entry.tries.map(one => ({ ...one, calls: [] })) })),
    calls: callsOf(states, ledgerCalls),
    callsMissing: missingCalls(states, ledgerCalls),
    ...(failedState !== undefined && { failedState }),
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
    rolledBack: Array.isArray(failure.rolledBack) ? (failure.rolledBack as string[]) : [],
    notRolledBack: Array.isArray(failure.notRolledBack)
      ? (failure.notRolledBack as ArchivedExecution['notRolledBack'])
      : [],
  };
}
