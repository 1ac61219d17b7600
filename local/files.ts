// Bytes kept beside a durable account's journal, each in a file named after its content.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Files {
  /** Returns the name to get the bytes by. */
  put(bytes: Uint8Array): string;
  get(name: string): Buffer;
  /** Removes what no document names any more. */
  keepOnly(names: ReadonlySet<string>): void;
}

export function openFiles(dataDir: string): Files {
  const directory = join(dataDir, 'content');
  return {
    put(bytes) {
      const name = digest(bytes);
      const file = join(directory, name);
      if (existsSync(file)) return name;
      mkdirSync(directory, { recursive: true });
      writeFileSync(`${file}.new`, bytes);
      renameSync(`${file}.new`, file);
      return name;
    },
    get(name) {
      const file = join(directory, name);
      if (!existsSync(file)) throw new Error(`${file} is missing`);
      const bytes = readFileSync(file);
      if (digest(bytes) !== name) throw new Error(`${file}: the file is damaged (its content has changed)`);
      return bytes;
    },
    keepOnly(names) {
      if (!existsSync(directory)) return;
      for (const name of readdirSync(directory)) if (!names.has(name)) rmSync(join(directory, name));
    },
  };
}

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
