// The archives of the package are what Lambda, and the embedded Lambda, unpacks.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { zipDirectory } from '../../infra/zip.ts';
import { unzip } from '../../local/lambda/zip.ts';

it('holds every file below its path, and the same bytes each time', () => {
  const directory = mkdtempSync(join(tmpdir(), 'service-proxy-zip-'));
  try {
    mkdirSync(join(directory, 'services'));
    writeFileSync(join(directory, 'index.mjs'), 'export const handler = () => 1;');
    writeFileSync(join(directory, 'services', 'sns.json'), JSON.stringify({ text: 'a'.repeat(5000) }));
    const archive = zipDirectory(directory);
    const files = Object.fromEntries(unzip(archive).map(({ path, content }) => [path, content.toString()]));
    expect(files).toEqual({
      'index.mjs': 'export const handler = () => 1;',
      'services/sns.json': JSON.stringify({ text: 'a'.repeat(5000) }),
    });
    expect(zipDirectory(directory).equals(archive)).toBe(true);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
