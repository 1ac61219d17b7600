// The flags that choose past executions.
import { type Command, Option } from 'commander';
import { invalidInput } from '../core/errors.ts';
import { type Search, type SortKey, sortKeys } from '../history/index-entry.ts';

export interface SearchFlags extends Search {
  readonly sort: SortKey;
  readonly reverse?: boolean;
  readonly limit?: string;
  readonly page: string;
}

export function addSearchFlags(command: Command): Command {
  return command
    .option('--service <name>', 'only of this AWS service')
    .option('--action <name>', 'only of this action')
    .option('--api <name>', 'only of this API, by name or id')
    .option('--stage <name>', 'only on this stage')
    .option('--status <status>', 'RUNNING, SUCCEEDED, FAILED, ROLLBACK_INCOMPLETE, TIMED_OUT or ABORTED')
    .option('--caller <text>', 'only asked for, or started, by somebody whose name or ARN has this in it')
    .option('--since <time>', 'started at or after, such as 2026-11-01 or 2026-11-01T09:30')
    .option('--until <time>', 'started at or before; 2026-11 is all of November')
    .addOption(new Option('--sort <by>', 'what to sort by').choices(sortKeys).default('time'))
    .option('--reverse', 'the other way round');
}

const isTime = (text: string) => /^\d{4}(-\d{2}(-\d{2}(T\d{2}(:\d{2}(:\d{2}(\.\d+)?)?)?Z?)?)?)?$/.test(text);

/** The search the flags ask for; every flag that is no good is named. */
export function searchFrom({ limit, page, since, until, ...flags }: SearchFlags): {
  search: Search;
  limit: number;
  page: number;
} {
  const problems = [];
  for (const [path, value] of Object.entries({ '--since': since, '--until': until })) {
    if (value !== undefined && !isTime(value))
      problems.push({ path, message: `"${value}" is no time such as 2026-11-01T09:30, in UTC` });
  }
  for (const [path, value] of Object.entries({ '--limit': limit, '--page': page })) {
    if (value !== undefined && !/^[1-9]\d{0,6}$/.test(value))
      problems.push({ path, message: `"${value}" is no number from 1` });
  }
  if (problems.length > 0) throw invalidInput(problems);
  const plain = (time: string) => time.replace(/Z$/, '');
  const search = {
    ...flags,
    ...(since !== undefined && { since: plain(since) }),
    ...(until !== undefined && { until: plain(until) }),
  };
  return { search, limit: Number(limit ?? Number.MAX_SAFE_INTEGER), page: Number(page ?? 1) };
}
