// The file behind a durable store: one line per write, each with a checksum, compacted whenever it is opened.
import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

/** Collection, key and new document; no document means deleted. */
type JournalRecord = readonly [collection: string, key: string, document?: unknown];

export interface Journal {
  append(record: JournalRecord): void;
  close(): void;
}

interface Content {
  replay(record: JournalRecord): void;
  content(): Iterable<JournalRecord>;
}

export function openJournal(directory: string, store: Content): Journal {
  mkdirSync(directory, { recursive: true });
  const unlock = lock(join(directory, 'account.lock'));
  const file = join(directory, 'account.journal');
  try {
    if (existsSync(file)) for (const record of readRecords(file)) store.replay(record);
    compact(file, store.content());
  } catch (error) {
    unlock();
    throw error;
  }

  const descriptor = openSync(file, 'a');
  let length = readFileSync(file).byteLength;
  let isOpen = true;
  return {
    append(record) {
      if (!isOpen) throw new Error(`${file} is closed`);
      const line = Buffer.from(lineOf(record));
      try {
        appendFileSync(descriptor, line);
        length += line.byteLength;
      } catch (error) {
        // A half-written line must not come to stand before later ones.
        ftruncateSync(descriptor, length);
        throw error;
      }
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      closeSync(descriptor);
      unlock();
    },
  };
}

function lineOf(record: JournalRecord): string {
  const json = JSON.stringify(record);
  return `${checksum(json)} ${json}\n`;
}

const checksum = (json: string) => crc32(json).toString(16).padStart(8, '0');

function* readRecords(file: string): Generator<JournalRecord> {
  const lines = readFileSync(file, 'utf8').split('\n');
  // What follows the last line break is a write that the process did not live to finish or acknowledge.
  lines.pop();
  for (const [index, line] of lines.entries()) {
    const json = line.slice(9);
    if (line.slice(0, 8) !== checksum(json)) {
      throw new Error(`${file}, line ${index + 1}: the record is damaged (its checksum does not match)`);
    }
    yield JSON.parse(json);
  }
}

function compact(file: string, records: Iterable<JournalRecord>): void {
  const temporary = `${file}.new`;
  const descriptor = openSync(temporary, 'w');
  try {
    for (const record of records) writeSync(descriptor, lineOf(record));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, file);
}

/** One process per directory; the lock of a process that is gone counts for nothing. */
function lock(file: string): () => void {
  const owner = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  if (owner > 0 && owner !== process.pid && isAlive(owner)) {
    throw new Error(`${file}: the account is in use by process ${owner}`);
  }
  writeFileSync(file, String(process.pid));
  return () => rmSync(file, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
