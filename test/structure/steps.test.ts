// Steps know nothing of each other: what several need lives in a file of its own. Biome checks folders and cycles.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { stateFunctions } from '../../statemachine/functions.ts';

const handlers = new URL('../../handlers/', import.meta.url);
const stepFiles = new Set(stateFunctions().map(({ file }) => `${file}.ts`));
const importsOf = (name: string) =>
  [...readFileSync(new URL(name, handlers), 'utf8').matchAll(/from '\.\/([^']+)'/g)].flatMap(
    ([, imported]) => imported ?? [],
  );

it('every state has its file', () => {
  expect(readdirSync(handlers)).toEqual(expect.arrayContaining([...stepFiles]));
});

it.each(readdirSync(handlers))('%s imports no step', name => {
  expect(importsOf(name).filter(imported => stepFiles.has(imported))).toEqual([]);
});
