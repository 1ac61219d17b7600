// Reads exported records, or copies of the archive's objects, and says what is wrong with their chains.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { invalidInput } from '../core/errors.ts';
import { type ArchiveRecord, type Break, type Link, verifyChains } from '../history/chain.ts';
import { linksFile } from './export-history.ts';

export interface Verdict {
  readonly records: number;
  readonly chains: number;
  /** Records that a later one of the same execution has taken the place of. */
  readonly superseded: number;
  /** Executions whose last record says that they wait for a decision. */
  readonly waiting: readonly string[];
  /** The last hash of each chain: noted down elsewhere, it proves the whole chain. */
  readonly heads: readonly Link[];
  readonly breaks: readonly Break[];
}

const isRecord = (value: unknown): value is ArchiveRecord =>
  typeof value === 'object' && value !== null && 'sha256' in value && 'chain' in value;

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidInput([{ path: where, message: 'is not JSON: the file is damaged' }]);
  }
}

function recordsIn(file: string): ArchiveRecord[] {
  const text = readFileSync(file, 'utf8');
  const isLines = file.endsWith('.jsonl');
  const documents = isLines ? text.split('\n').filter(line => line !== '') : [text];
  return documents
    .map((document, index) => parse(document, isLines ? `${file}:${index + 1}` : file))
    .filter(isRecord);
}

export function verifyDirectory(directory: string): Verdict {
  let names: string[];
  try {
    names = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  } catch (error) {
    throw invalidInput([
      { path: directory, message: error instanceof Error ? error.message : String(error) },
    ]);
  }
  const files = names.filter(name => /\.jsonl?$/.test(name) && !name.endsWith(linksFile));
  const records = files.flatMap(name => recordsIn(join(directory, name)));
  const links = names
    .filter(name => name.endsWith(linksFile))
    .flatMap(name => parse(readFileSync(join(directory, name), 'utf8'), name) as Link[]);
  return verdict(records, links);
}

const placeOf = ({ key, sequence }: Pick<Link, 'key' | 'sequence'>) => `${key} ${sequence}`;
const isWaiting = ({ execution }: ArchiveRecord) => execution.status === 'RUNNING';
const nameOf = ({ execution }: ArchiveRecord) => execution.name;

export function verdict(records: readonly ArchiveRecord[], links: readonly Link[]): Verdict {
  const heads = new Map<string, Link>();
  for (const { chain, sha256 } of records) {
    const head = heads.get(chain.key);
    if (!head || head.sequence < chain.sequence)
      heads.set(chain.key, { key: chain.key, sequence: chain.sequence, sha256 });
  }
  const superseded = new Set(
    records.flatMap(({ chain: { key, supersedes } }) =>
      supersedes === undefined ? [] : [placeOf({ key, sequence: supersedes })],
    ),
  );
  return {
    records: records.length,
    chains: heads.size,
    superseded: superseded.size,
    waiting: records
      .filter(record => isWaiting(record) && !superseded.has(placeOf(record.chain)))
      .map(nameOf),
    heads: [...heads.values()],
    breaks: verifyChains(records, links),
  };
}

export function verdictInWords({ records, chains, superseded, waiting, heads, breaks }: Verdict): string {
  const lines = [
    breaks.length === 0
      ? `Whole: ${records} records in ${chains} chains.`
      : `BROKEN: ${breaks.length} findings in ${records} records of ${chains} chains.`,
    ...breaks.map(({ chain, sequence, kind, what }) => `  ${kind} ${chain} ${sequence}: ${what}`),
    ...(superseded > 0 ? [`  ${superseded} records are superseded by later ones of the same execution`] : []),
    ...waiting.map(name => `  ${name} was waiting for a decision when it was last recorded`),
    ...heads.map(({ key, sequence, sha256 }) => `  ${key} ${sequence} ${sha256}`),
  ];
  return lines.join('\n');
}
