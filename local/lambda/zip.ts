// Reads the files out of a zip archive: stored and deflated entries, which is what deployment packages have.
import { inflateRawSync } from 'node:zlib';

export interface ZipEntry {
  /** Relative, with slashes; never leaves the archive's own folder. */
  readonly path: string;
  readonly content: Buffer;
}

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;
const localEntry = 0x04034b50;

/** Throws for anything that is not a zip file. */
export function unzip(archive: Buffer): readonly ZipEntry[] {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || archive.readUInt32LE(end) !== endOfDirectory) throw new Error('no end of central directory');
  const count = archive.readUInt16LE(end + 10);
  const entries: ZipEntry[] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let index = 0; index < count; index++) {
    if (archive.readUInt32LE(at) !== directoryEntry) throw new Error('bad central directory');
    const nameLength = archive.readUInt16LE(at + 28);
    const path = archive.toString('utf8', at + 46, at + 46 + nameLength);
    if (isOutside(path)) throw new Error(`bad path ${path}`);
    if (!path.endsWith('/')) entries.push({ path, content: contentOf(archive, at) });
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return entries;
}

const isOutside = (path: string) =>
  path.startsWith('/') || path.includes('\\') || path.includes('\0') || path.split('/').includes('..');

function contentOf(archive: Buffer, entry: number): Buffer {
  const method = archive.readUInt16LE(entry + 10);
  const packedSize = archive.readUInt32LE(entry + 20);
  const local = archive.readUInt32LE(entry + 42);
  if (archive.readUInt32LE(local) !== localEntry) throw new Error('bad local entry');
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const packed = archive.subarray(start, start + packedSize);
  if (packed.length < packedSize) throw new Error('cut off');
  if (method === 0) return packed;
  if (method === 8) return inflateRawSync(packed);
  throw new Error(`unknown compression method ${method}`);
}
