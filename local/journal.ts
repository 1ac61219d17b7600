// The file behind a durable store: one line for writes made together, each with a checksum, compacted as it grows.
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { lockDirectory } from './directory-lock.ts';

/** Collection, key and new document; no document means deleted. */
export type JournalRecord = readonly [collection: string, key: string, document?: unknown];

export interface Journal {
  /** The records are there together after a kill, or none of them is. */
  append(records: readonly JournalRecord[]): void;
  close(): void;
}

interface Content {
  replay(record: JournalRecord): void;
  content(): Iterable<JournalRecord>;
}

/** Tells a journal from a file that lost its content. */
const header = 'service-proxy account, version 1\n';

/** Below this a journal is left to grow: compacting costs more than reading. */
const smallest = 32 * 1024 * 1024;

export function openJournal(directory: string, store: Content): Journal {
  mkdirSync(directory, { recursive: true });
  const unlock = lockDirectory(directory);
  const file = join(directory, 'account.journal');
  let journal: OpenFile;
  try {
    if (existsSync(file)) for (const record of readRecords(file)) store.replay(record);
    journal = compact(file, store.content());
  } catch (error) {
    unlock();
    throw error;
  }
  let isOpen = true;

  return {
    append(records) {
      if (!isOpen) throw new Error(`${file} is closed`);
      journal.length += appendLine(journal, lineOf(records));
      if (journal.length > journal.growsTo) journal = compactAgain(file, journal, store.content());
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      closeSync(journal.descriptor);
      unlock();
    },
  };
}

interface OpenFile {
  readonly descriptor: number;
  length: number;
  /** The length at which it is worth compacting. */
  growsTo: number;
}

function appendLine({ descriptor, length }: OpenFile, line: string): number {
  const bytes = Buffer.from(line);
  try {
    for (let at = 0; at < bytes.byteLength; ) at += writeSync(descriptor, bytes, at);
    return bytes.byteLength;
  } catch (error) {
    // A half-written line must not come to stand before later ones.
    ftruncateSync(descriptor, length);
    throw error;
  }
}

function lineOf(records: readonly JournalRecord[]): string {
  const json = JSON.stringify(records);
  return `${checksum(json)} ${json}\n`;
}

const checksum = (json: string) => crc32(json).toString(16).padStart(8, '0');

function* readRecords(file: string): Generator<JournalRecord> {
  const bytes = readFileSync(file);
  if (!bytes.subarray(0, header.length).equals(Buffer.from(header))) {
    throw new Error(`${file}: the file is damaged (it does not begin as an account's journal does)`);
  }
  let start = header.length;
  for (let line = 2; ; line++) {
    const end = bytes.indexOf('\n', start);
    // What follows the last line break is a write that the process did not live to finish or acknowledge.
    if (end === -1) return;
    const json = bytes.toString('utf8', start + 9, end);
    if (bytes.toString('latin1', start, start + 9) !== `${checksum(json)} `) {
      throw new Error(`${file}, line ${line}: the record is damaged (its checksum does not match)`);
    }
    yield* JSON.parse(json) as JournalRecord[];
    start = end + 1;
  }
}

/** Writes the content anew beside the file, and takes its place only once it is whole. */
function compact(file: string, records: Iterable<JournalRecord>): OpenFile {
  const temporary = `${file}.new`;
  const descriptor = openSync(temporary, 'w');
  const journal: OpenFile = { descriptor, length: 0, growsTo: smallest };
  try {
    journal.length += appendLine(journal, header);
    for (const record of records) journal.length += appendLine(journal, lineOf([record]));
    fsyncSync(descriptor);
    renameSync(temporary, file);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  journal.growsTo = Math.max(smallest, 2 * journal.length);
  return journal;
}

function compactAgain(file: string, journal: OpenFile, records: Iterable<JournalRecord>): OpenFile {
  try {
    const compacted = compact(file, records);
    closeSync(journal.descriptor);
    return compacted;
  } catch {
    // A full disk, say: everything is in the longer file, which goes on being used.
    return { ...journal, growsTo: 2 * journal.length };
  }
}
