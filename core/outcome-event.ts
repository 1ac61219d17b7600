// The event that tells how an execution ended, or that a request was refused.
import type { Problem } from './errors.ts';
import type { Leftover, Outcome, RouteOutcome } from './execution.ts';

export interface Rejected {
  /** Id of the event that asked, where the request came no further than that. */
  readonly requestId?: string;
  readonly executionArn?: string;
  readonly clientToken?: string;
  readonly requestedBy?: string;
  readonly problems: readonly Problem[];
}

interface Ended {
  readonly executionArn: string;
  readonly clientToken?: string;
  readonly requestedBy?: string;
}

interface Served extends Ended {
  readonly restApiId: string;
  readonly stage: string;
  readonly routeCount: number;
  /** The first routes only. */
  readonly routes: readonly Omit<RouteOutcome, 'roleArn'>[];
  readonly skippedStates?: readonly string[];
}

interface Failed extends Ended {
  readonly failedState: string;
  readonly error: string;
  readonly cause: string;
  readonly rolledBack: readonly string[];
}

export type OutcomeEvent =
  | { readonly detailType: 'ServiceProxyRejected'; readonly detail: Rejected }
  | { readonly detailType: 'ServiceProxyProvisioned' | 'ServiceProxyRemoved'; readonly detail: Served }
  | { readonly detailType: 'ServiceProxyRolledBack'; readonly detail: Failed }
  | {
      readonly detailType: 'ServiceProxyRollbackIncomplete';
      readonly detail: Failed & { readonly notRolledBack: readonly Leftover[] };
    };

/** What Step Functions says of an execution that has ended. */
export interface EndedExecution {
  readonly executionArn: string;
  readonly status: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly output?: string | undefined;
  readonly cause?: string | undefined;
}

/** Errors with which planning refuses a request: nothing was touched. */
const refusals = new Set(['InvalidInput', 'NotOwned', 'Refused']);

const asText = (value: unknown) => (typeof value === 'string' ? { value } : undefined);

function identityOf({ executionArn, input }: EndedExecution): Ended {
  const clientToken = asText(input.clientToken)?.value;
  const requestedBy = asText(input.requestedBy)?.value;
  return {
    executionArn,
    ...(clientToken !== undefined && { clientToken }),
    ...(requestedBy !== undefined && { requestedBy }),
  };
}

/** Undefined for one that was broken off: the rollback that the watchdog starts will say how it ended. */
export function outcomeEventOf(execution: EndedExecution): OutcomeEvent | undefined {
  const identity = identityOf(execution);
  if (execution.status === 'SUCCEEDED') return servedEvent(identity, parse(execution.output));
  const cause = parse(execution.cause);
  if (!('failedState' in cause)) return undefined;
  const failure = readFailure(cause);
  const { failedState, error } = failure;
  if (failedState === 'PlanChanges' && refusals.has(error)) {
    return {
      detailType: 'ServiceProxyRejected',
      detail: { ...identity, problems: problemsIn(failure.cause) },
    };
  }
  const { notRolledBack, status, ...rest } = failure;
  const detail = { ...identity, ...rest };
  return status === 'FAILED'
    ? { detailType: 'ServiceProxyRolledBack', detail }
    : { detailType: 'ServiceProxyRollbackIncomplete', detail: { ...detail, notRolledBack } };
}

/**
 * How the rollback of an execution that was broken off ended, told of that execution. `reached` is what the ledger
 * says that it had reached.
 */
export function finishedEventOf(
  brokenOff: EndedExecution,
  rollback: EndedExecution,
  reached: Outcome | undefined,
): OutcomeEvent | undefined {
  const identity = identityOf(brokenOff);
  const failed = {
    ...identity,
    failedState: '',
    error: brokenOff.status,
    cause: `the execution ended ${brokenOff.status}; ${rollback.executionArn} finished it`,
  };
  if (rollback.status !== 'SUCCEEDED') {
    const { rolledBack, notRolledBack } = readFailure(parse(rollback.cause));
    return {
      detailType: 'ServiceProxyRollbackIncomplete',
      detail: { ...failed, rolledBack, notRolledBack },
    };
  }
  // It had done all its work before it was broken off, or was to take away what is now gone.
  if (reached) return servedEvent(identity, { ...reached });
  const { status, rolledBack } = parse(rollback.output);
  if (status === 'FINISHED' || status === 'REMOVED') return undefined;
  return { detailType: 'ServiceProxyRolledBack', detail: { ...failed, rolledBack: texts(rolledBack) } };
}

type Document = Readonly<Record<string, unknown>>;

function parse(text: string | undefined): Document {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Document) : {};
  } catch {
    return {};
  }
}

const texts = (value: unknown): readonly string[] => [value].flat(3).filter(one => typeof one === 'string');

function servedEvent(identity: Ended, output: Document): OutcomeEvent {
  const {
    operation,
    restApiId = '',
    stage = '',
    routes = [],
    routeCount,
    skippedStates,
  } = output as {
    operation?: string;
    restApiId?: string;
    stage?: string;
    routes?: readonly RouteOutcome[];
    routeCount?: number;
    skippedStates?: readonly string[];
  };
  return {
    detailType: operation === 'remove' ? 'ServiceProxyRemoved' : 'ServiceProxyProvisioned',
    detail: {
      ...identity,
      restApiId,
      stage,
      routeCount: routeCount ?? routes.length,
      routes: routes.map(({ roleArn: _, ...route }) => route),
      ...(skippedStates && { skippedStates }),
    },
  };
}

function readFailure(cause: Document) {
  const { status, failedState, error, cause: why, rolledBack, notRolledBack } = cause;
  return {
    status: asText(status)?.value ?? 'ROLLBACK_INCOMPLETE',
    failedState: asText(failedState)?.value ?? '',
    error: asText(error)?.value ?? '',
    cause: asText(why)?.value ?? '',
    rolledBack: texts(rolledBack),
    notRolledBack: (Array.isArray(notRolledBack) ? notRolledBack : []) as readonly Leftover[],
  };
}

/** A refusal names its problems a line each; the state machine cuts the sentence out of a JSON text, escapes and all. */
function problemsIn(cause: string): Problem[] {
  return cause
    .replaceAll('\\n', '\n')
    .replaceAll('\\"', '"')
    .split('\n')
    .map(line => {
      const [, path, message] = /^(\$[^:]*): (.*)$/s.exec(line) ?? [];
      return path !== undefined && message !== undefined ? { path, message } : { path: '$', message: line };
    });
}
