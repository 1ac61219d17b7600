// The index as CSV that a spreadsheet reads as text, whatever is in it.
import { durationOf, type IndexEntry } from './index-entry.ts';

/** A spreadsheet takes a cell that begins so for a formula: OWASP, "CSV Injection". */
const formula = /^[=+\-@\t\r]/;

function cell(value: string | number | undefined): string {
  if (typeof value === 'number') return String(value);
  const text = value ?? '';
  const guarded = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(guarded) || guarded !== guarded.trim()
    ? `"${guarded.replaceAll('"', '""')}"`
    : guarded;
}

const columns: readonly (readonly [name: string, of: (entry: IndexEntry) => string | number | undefined])[] =
  [
    ['startedAt', entry => entry.startedAt],
    ['endedAt', entry => entry.endedAt],
    ['durationMs', durationOf],
    ['status', entry => entry.status],
    ['name', entry => entry.name],
    ['operation', entry => entry.operation],
    ['actions', entry => entry.actions.join('; ')],
    ['api', entry => entry.api],
    ['restApiId', entry => entry.restApiId],
    ['stage', entry => entry.stage],
    ['requestedBy', entry => entry.requestedBy],
    ['startedBy', entry => entry.startedBy],
    ['error', entry => entry.error],
    ['executionArn', entry => entry.executionArn],
  ];

/** RFC 4180: lines end in CR LF. */
export function csvOf(entries: readonly IndexEntry[]): string {
  const lines = entries.map(entry => columns.map(([, of]) => cell(of(entry))).join(','));
  return [columns.map(([name]) => name).join(','), ...lines, ''].join('\r\n');
}
