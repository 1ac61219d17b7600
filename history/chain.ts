// Records of one API chained by SHA-256: a record that is missing, changed or put in breaks the chain.
import { createHash } from 'node:crypto';
import type { ArchivedExecution } from './archived-execution.ts';

export interface ArchiveRecord {
  readonly version: 1;
  readonly chain: {
    /** Name of the API, after where it is if that is not beside the state machine. */
    readonly key: string;
    /** From 1. */
    readonly sequence: number;
    /** Hash of the record before; empty for the first. */
    readonly previous: string;
    /** Sequence of the execution's record before this one: it waited then, was redriven since, or more is known of it. */
    readonly supersedes?: number;
  };
  readonly execution: ArchivedExecution;
  /** Of everything else in the record. */
  readonly sha256: string;
}

/** The chain that an execution's records belong to. */
export const chainKeyOf = ({ api, target }: Pick<ArchivedExecution, 'api' | 'target'>) =>
  target === undefined ? api : `${target}/${api}`;

/** JSON with its members in one order, so that equal records have equal hashes. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`;
}

const hashOf = (record: Omit<ArchiveRecord, 'sha256'>) =>
  createHash('sha256').update(canonicalJson(record)).digest('hex');

export function sealRecord(execution: ArchivedExecution, chain: ArchiveRecord['chain']): ArchiveRecord {
  const record = { version: 1, chain, execution } as const;
  return { ...record, sha256: hashOf(record) };
}

/** A place in a chain as the index knows it: the record that must be there. */
export interface Link {
  readonly key: string;
  readonly sequence: number;
  readonly sha256: string;
}

export interface Break {
  readonly chain: string;
  readonly sequence: number;
  readonly kind: 'MISSING' | 'CHANGED' | 'INSERTED';
  readonly what: string;
}

/** Everything that is wrong with the records of all chains; `links` are what the index says must be there. */
export function verifyChains(records: readonly ArchiveRecord[], links: readonly Link[] = []): Break[] {
  const keys = new Set([...records.map(({ chain }) => chain.key), ...links.map(({ key }) => key)]);
  return [...keys].sort().flatMap(key =>
    verifyChain(
      key,
      records.filter(({ chain }) => chain.key === key),
      links.filter(link => link.key === key),
    ),
  );
}

function verifyChain(key: string, records: readonly ArchiveRecord[], links: readonly Link[]): Break[] {
  const breaks: Break[] = [];
  const note = (sequence: number, kind: Break['kind'], what: string) =>
    breaks.push({ chain: key, sequence, kind, what });
  const sorted = [...records].sort((one, other) => one.chain.sequence - other.chain.sequence);
  const expected = new Map(links.map(({ sequence, sha256 }) => [sequence, sha256]));
  let previous: ArchiveRecord | undefined;
  for (const record of sorted) {
    const { sha256, ...rest } = record;
    const { sequence } = record.chain;
    const { name } = record.execution;
    const indexed = expected.get(sequence);
    if (hashOf(rest) !== sha256) note(sequence, 'CHANGED', `${name} does not have the hash it says`);
    else if (indexed !== undefined && indexed !== sha256) {
      note(sequence, 'CHANGED', `${name} is not the record that the index has here`);
    }
    const next = (previous?.chain.sequence ?? 0) + 1;
    if (previous && sequence < next) {
      note(sequence, 'INSERTED', `${name} claims the place of ${previous.execution.name}`);
      continue;
    }
    for (let gap = next; gap < sequence; gap++) note(gap, 'MISSING', 'there is no such record');
    const { supersedes } = record.chain;
    const superseded = sorted.find(({ chain }) => chain.sequence === supersedes);
    if (
      supersedes !== undefined &&
      (supersedes >= sequence || superseded?.execution.executionArn !== record.execution.executionArn)
    )
      note(sequence, 'CHANGED', `${name} supersedes ${supersedes}, which is no record of it`);
    if (sequence === next && record.chain.previous !== (previous?.sha256 ?? '')) {
      note(sequence, 'CHANGED', `${name} does not follow ${previous?.execution.name ?? 'the beginning'}`);
    }
    previous = record;
  }
  const last = previous?.chain.sequence ?? 0;
  for (const { sequence } of links) if (sequence > last) note(sequence, 'MISSING', 'the index names it');
  return breaks;
}
