// The line of an execution in the archive's index, and the search over such lines.
import type { ArchivedExecution } from './archived-execution.ts';

export interface IndexEntry {
  readonly name: string;
  readonly executionArn: string;
  readonly status: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly operation: string;
  readonly api: string;
  readonly restApiId?: string;
  /** `111122223333/eu-west-1`: where the API is, if not beside the state machine. */
  readonly target?: string;
  readonly stage: string;
  /** `sns ListTopics`, once each. */
  readonly actions: readonly string[];
  readonly requestedBy?: string;
  /** ARN of who called StartExecution, where CloudTrail was asked. */
  readonly startedBy?: string;
  readonly error?: string;
  /** Where the whole record is; absent while there is none. */
  readonly key?: string;
}

/** DynamoDB items hold 400 KB, and a list is read whole: the first actions stand for all. */
const mostActions = 20;

export function indexEntry(execution: ArchivedExecution, key?: string): IndexEntry {
  const { name, executionArn, status, startedAt, endedAt, operation, api, restApiId, stage } = execution;
  const { requestedBy, startedBy, error, target } = execution;
  const actions = new Set(execution.routes.map(({ service, action }) => `${service} ${action}`));
  return {
    name,
    executionArn,
    status,
    startedAt,
    operation,
    api,
    stage,
    actions: [...actions].slice(0, mostActions),
    ...(endedAt !== undefined && { endedAt }),
    ...(restApiId !== undefined && { restApiId }),
    ...(target !== undefined && { target }),
    ...(requestedBy !== undefined && { requestedBy }),
    ...(startedBy !== undefined && { startedBy: startedBy.arn }),
    ...(error !== undefined && { error }),
    ...(key !== undefined && { key }),
  };
}

export interface Search {
  readonly service?: string;
  readonly action?: string;
  /** Name or id. */
  readonly api?: string;
  readonly stage?: string;
  readonly status?: string;
  readonly caller?: string;
  /** ISO 8601, or the beginning of it. */
  readonly since?: string;
  readonly until?: string;
}

export function matches(entry: IndexEntry, search: Search): boolean {
  const { service, action, api, stage, status, caller, since, until } = search;
  const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
  if (service !== undefined && !entry.actions.some(one => isSame(one.split(' ')[0] ?? '', service)))
    return false;
  if (action !== undefined && !entry.actions.some(one => isSame(one.split(' ')[1] ?? '', action)))
    return false;
  if (api !== undefined && entry.api !== api && entry.restApiId !== api) return false;
  if (stage !== undefined && entry.stage !== stage) return false;
  if (status !== undefined && !isSame(entry.status, status)) return false;
  const callers = [entry.requestedBy ?? '', entry.startedBy ?? ''];
  if (caller !== undefined && !callers.some(one => one.toLowerCase().includes(caller.toLowerCase())))
    return false;
  if (since !== undefined && entry.startedAt < since) return false;
  // `2026-11` as an end means all of November.
  return until === undefined || entry.startedAt.slice(0, until.length) <= until;
}

export const sortKeys = ['time', 'duration', 'status', 'api', 'caller'] as const;
export type SortKey = (typeof sortKeys)[number];

export const durationOf = ({ startedAt, endedAt }: Pick<IndexEntry, 'startedAt' | 'endedAt'>) =>
  endedAt === undefined ? undefined : Date.parse(endedAt) - Date.parse(startedAt);

/** Times and durations from the newest and longest, texts from A to Z. */
const orders: Readonly<Record<SortKey, (one: IndexEntry, other: IndexEntry) => number>> = {
  time: (one, other) => (one.startedAt < other.startedAt ? 1 : one.startedAt > other.startedAt ? -1 : 0),
  duration: (one, other) => (durationOf(other) ?? -1) - (durationOf(one) ?? -1),
  status: (one, other) => one.status.localeCompare(other.status),
  api: (one, other) => one.api.localeCompare(other.api),
  caller: (one, other) => (one.requestedBy ?? '').localeCompare(other.requestedBy ?? ''),
};

export function sortEntries(entries: readonly IndexEntry[], by: SortKey, reverse = false): IndexEntry[] {
  const sorted = [...entries].sort((one, other) => orders[by](one, other) || orders.time(one, other));
  return reverse ? sorted.reverse() : sorted;
}
