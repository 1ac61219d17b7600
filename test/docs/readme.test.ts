// The README tells the truth: its JSON is accepted, and the commands it names exist with the flags it gives them.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseInput } from '../../core/input.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const readme = read('README.md');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

const blocks = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, block = '']) => block);

/** Each command line with its continuation lines joined. */
const commandLines = (text: string) =>
  blocks(text, 'sh').flatMap(block => block.replaceAll('\\\n', ' ').split('\n').filter(Boolean));

const pages = ['README.md', ...readdirSync(new URL('docs', root)).map(name => `docs/${name}`)].filter(page =>
  page.endsWith('.md'),
);
const lines = pages.flatMap(page => commandLines(read(page)));
const cli = (...args: string[]) =>
  execFileSync(process.execPath, ['cli/bin.mjs', ...args], { cwd: root, encoding: 'utf8' });

describe('README', () => {
  it('has at most 250 lines', () => {
    expect(readme.split('\n').length).toBeLessThanOrEqual(250);
  });

  it('shows inputs that are accepted', () => {
    const inputs = blocks(readme, 'json');
    expect(inputs.length).toBeGreaterThan(0);
    for (const input of inputs) expect(() => parseInput(JSON.parse(input))).not.toThrow();
  });
});

describe('the commands in README and docs', () => {
  it('name npm scripts that exist', () => {
    const named = pages.flatMap(page =>
      [...read(page).matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name),
    );
    expect(named.filter(name => !(name in scripts))).toEqual([]);
  });

  const ours = lines.flatMap(line => {
    const [, words = '', rest = ''] = /npx service-proxy((?: [a-z]+)+)(.*)/.exec(line) ?? [];
    return words === '' ? [] : [{ words: words.trim(), flags: rest.match(/--[a-z-]+/g) ?? [] }];
  });

  it.each([...new Set(ours.map(({ words }) => words))])('give `%s` flags that it has', words => {
    const help = cli(...words.split(' '), '--help');
    const flags = ours.filter(one => one.words === words).flatMap(one => one.flags);
    expect(flags.filter(flag => !help.includes(`${flag} `) && !help.includes(`${flag}\n`))).toEqual([]);
  });
});
