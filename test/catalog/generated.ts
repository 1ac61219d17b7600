// The catalog of the small models beside this file, generated once for the tests that need it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const models = fileURLToPath(new URL('./models', import.meta.url));
const generator = fileURLToPath(new URL('../../catalog/generate.ts', import.meta.url));

export function generate(from: string, ...options: string[]): string {
  const out = mkdtempSync(join(tmpdir(), 'catalog-'));
  const args = ['--import', 'tsx', generator, '--models', from, '--out', out, ...options];
  execFileSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  return out;
}

export const asDirectory = (path: string): URL => pathToFileURL(`${path}/`);
