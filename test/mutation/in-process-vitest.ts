// vitest as far as the mutated code's tests use it, for a process that runs them over and over: describe, it, it.each, beforeEach.
import { expect } from 'vitest';

export { expect };

export interface CollectedTest {
  readonly id: string;
  run(): Promise<void>;
}

type Body = (...args: never[]) => unknown;

interface Suite {
  readonly names: readonly string[];
  readonly before: Body[];
}

interface Collection {
  readonly tests: CollectedTest[];
  suites: readonly Suite[];
}

// One list, by whatever address this module was loaded.
const holder = globalThis as { collectedTests?: Collection };
holder.collectedTests ??= { tests: [], suites: [] };
const collection = holder.collectedTests;

export const collected = (): readonly CollectedTest[] => collection.tests;

/** Everything that is collected meanwhile belongs to this file, or this description. */
export function within(name: string): () => void {
  const outer = collection.suites;
  collection.suites = [...outer, { names: [...(outer.at(-1)?.names ?? []), name], before: [] }];
  return () => {
    collection.suites = outer;
  };
}

const listOf = (one: unknown): never[] => (Array.isArray(one) ? one : [one]) as never[];

/** A name for each case: by its number, for texts may be the same. */
const each =
  (declare: (name: string, body: Body) => void) =>
  (cases: readonly unknown[]) =>
  (name: string, body: Body) => {
    for (const [index, one] of cases.entries()) declare(`${name} (${index})`, () => body(...listOf(one)));
  };

function describeSuite(name: string, body: Body): void {
  const leave = within(name);
  body();
  leave();
}

function collect(name: string, body: Body): void {
  const { suites, tests } = collection;
  tests.push({
    id: [...(suites.at(-1)?.names ?? []), name].join(' › '),
    async run() {
      for (const { before } of suites) for (const prepare of before) await prepare();
      await body();
    },
  });
}

export const describe = Object.assign(describeSuite, { each: each(describeSuite) });
export const it = Object.assign(collect, { each: each(collect) });
export const beforeEach = (prepare: Body): void => {
  collection.suites.at(-1)?.before.push(prepare);
};
