// Writes executions into a directory: one JSON file each, all as JSON Lines, their index as CSV, and the chains' links.
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ArchiveRecord } from '../history/chain.ts';
import { csvOf } from '../history/csv.ts';
import type { IndexEntry } from '../history/index-entry.ts';
import type { Past } from './past.ts';

export const linksFile = 'chains.json';
export const linesFile = 'executions.jsonl';

/** A file name that is one in every file system, whatever the execution is called. */
const fileOf = (name: string) => `${name.replace(/[^\w.-]/g, '_').slice(0, 100)}.json`;

/** With the records that the last one supersedes: without them the chain would have gaps. */
async function written(
  past: Past,
  entry: IndexEntry,
): Promise<readonly (ArchiveRecord | { readonly execution: unknown })[]> {
  const records = await past.recordsOf(entry);
  return records.length > 0 ? records.reverse() : [{ execution: await past.find(entry.executionArn) }];
}

export async function exportOne(past: Past, execution: string, directory: string): Promise<string> {
  const found = await past.find(execution);
  mkdirSync(directory, { recursive: true });
  const file = join(directory, fileOf(found.name));
  writeFileSync(file, `${JSON.stringify({ execution: found }, null, 2)}\n`);
  return file;
}

export async function exportAll(
  past: Past,
  entries: readonly IndexEntry[],
  directory: string,
): Promise<string[]> {
  mkdirSync(directory, { recursive: true });
  const lines = createWriteStream(join(directory, linesFile));
  for (const entry of entries)
    for (const record of await written(past, entry)) lines.write(`${JSON.stringify(record)}\n`);
  await new Promise<void>((resolve, reject) => lines.on('error', reject).end(resolve));
  writeFileSync(join(directory, 'executions.csv'), csvOf(entries));
  writeFileSync(join(directory, linksFile), `${JSON.stringify(await past.links())}\n`);
  return [linesFile, 'executions.csv', linksFile].map(name => join(directory, name));
}
