// A page of executions as a table of 80 columns.
import { durationOf, type IndexEntry } from './index-entry.ts';
import { column, inWordsOfTime, toSecond } from './text.ts';

/** Enough to tell random names apart; `show` takes the beginning of a name, and a client token. */
export const shortName = ({ name }: Pick<IndexEntry, 'name'>) =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-/.test(name) ? name.slice(0, 8) : name.replace(/^token-/, '');

const shortStatus = (status: string) => (status === 'ROLLBACK_INCOMPLETE' ? 'INCOMPLETE' : status);

function actionsOf({ operation, actions }: IndexEntry): string {
  const [first = '–', ...others] = actions;
  const mark = operation === 'remove' ? '− ' : operation === 'rollback' ? '↩ ' : '';
  return `${mark}${first}${others.length > 0 ? ` +${others.length}` : ''}`;
}

const row = (time: string, name: string, status: string, took: string, what: string, where: string) =>
  [
    column(time, 16),
    column(name, 11),
    column(status, 10),
    took.slice(0, 8).padStart(8),
    column(what, 16),
    column(where, 14),
  ]
    .join(' ')
    .trimEnd();

export interface Page {
  readonly entries: readonly IndexEntry[];
  readonly total: number;
  /** From 1. */
  readonly page: number;
  readonly limit: number;
}

export function listInText({ entries, total, page, limit }: Page): string {
  if (total === 0) return 'No executions.';
  const lines = entries.map(entry => {
    const duration = durationOf(entry);
    return row(
      toSecond(entry.startedAt).slice(0, 16),
      shortName(entry),
      shortStatus(entry.status),
      duration === undefined ? '' : inWordsOfTime(duration),
      actionsOf(entry),
      `${entry.api}/${entry.stage}`,
    );
  });
  const first = (page - 1) * limit;
  const shown = `${first + 1}–${first + entries.length} of ${total}`;
  const more = first + entries.length < total ? `; next: --page ${page + 1}` : '';
  const head = row('STARTED (UTC)', 'NAME', 'STATUS', 'TOOK', 'ACTION', 'API/STAGE');
  return [head, ...lines, `${shown}${more}`].join('\n');
}
