// Writes a directory as a zip archive: the same files give the same bytes.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';

/** The earliest date a zip archive knows: archives of the same files are alike. */
const firstOf1980 = 0x0021;
const deflated = 8;

interface Entry {
  readonly name: Buffer;
  readonly content: Buffer;
  readonly size: number;
  readonly checksum: number;
  readonly offset: number;
}

/** What the header before a file and its line in the directory have in common, from "version needed" on. */
function described({ name, content, size, checksum }: Entry): Buffer {
  const header = Buffer.alloc(26);
  header.writeUInt16LE(20, 0);
  header.writeUInt16LE(deflated, 4);
  header.writeUInt16LE(firstOf1980, 8);
  header.writeUInt32LE(checksum, 10);
  header.writeUInt32LE(content.length, 14);
  header.writeUInt32LE(size, 18);
  header.writeUInt16LE(name.length, 22);
  return header;
}

const signature = (text: string) => Buffer.from(`PK${text}`, 'latin1');

const localHeader = (entry: Entry) => Buffer.concat([signature('\x03\x04'), described(entry), entry.name]);

function directoryLine(entry: Entry): Buffer {
  const rest = Buffer.alloc(14);
  // Made on Unix, readable by all: Lambda runs the code as another user.
  rest.writeUInt32LE((0o100644 << 16) >>> 0, 6);
  rest.writeUInt32LE(entry.offset, 10);
  const madeBy = Buffer.from([20, 3]);
  return Buffer.concat([signature('\x01\x02'), madeBy, described(entry), rest, entry.name]);
}

export function zipDirectory(directory: string): Buffer {
  const parts: Buffer[] = [];
  const entries: Entry[] = [];
  let offset = 0;
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter(file =>
    file.isFile(),
  );
  const names = files.map(({ parentPath, name }) => join(parentPath, name).slice(directory.length + 1));
  for (const name of names.sort()) {
    const bytes = readFileSync(join(directory, name));
    const content = deflateRawSync(bytes);
    const entry = { name: Buffer.from(name), content, size: bytes.length, checksum: crc32(bytes), offset };
    const header = localHeader(entry);
    entries.push(entry);
    parts.push(header, content);
    offset += header.length + content.length;
  }
  const lines = Buffer.concat(entries.map(directoryLine));
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(lines.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, lines, signature('\x05\x06'), end]);
}
