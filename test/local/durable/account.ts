// An account on disk, opened as after a kill: what was written is there, nothing was closed.
import { copyFileSync, cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { createEmbeddedAws, type EmbeddedAws, type EmbeddedOptions } from '../../../local/embedded.ts';

const directories: string[] = [];
const accounts: EmbeddedAws[] = [];
afterEach(async () => {
  for (const aws of accounts.splice(0)) await aws.close();
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

export function aDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'durable-'));
  directories.push(directory);
  return directory;
}

/** What a process that is killed now leaves behind, under another name: this process still holds the lock. */
export function killed(directory: string): string {
  const copy = aDirectory();
  copyFileSync(join(directory, 'account.journal'), join(copy, 'account.journal'));
  const content = join(directory, 'content');
  if (existsSync(content)) cpSync(content, join(copy, 'content'), { recursive: true });
  return copy;
}

export async function anAccountIn(dataDir: string, options: EmbeddedOptions = {}) {
  const aws = await createEmbeddedAws({ ...options, dataDir });
  accounts.push(aws);
  const { region, credentials, requestHandler } = aws;
  return { aws, client: { region, credentials, requestHandler, maxAttempts: 1 } };
}
