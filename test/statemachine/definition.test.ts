// The committed definition is the list of steps, valid, and honest: every failure ends in Fail.
import { readFileSync } from 'node:fs';
import aslValidator from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { fileOf, stateFunctions } from '../../statemachine/functions.ts';
import { stateMachines } from '../../statemachine/machines.ts';
import { withGeneratedParts } from '../../statemachine/readme.ts';

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Catch?: readonly { readonly Next: string }[];
}

const [committed = '', rollback = ''] = stateMachines.map(({ file }) => readFileSync(file, 'utf8'));
const states = (JSON.parse(committed) as { States: Record<string, State> }).States;

/** Where an execution can end from here, whatever fails on the way. */
function endsFrom(name: string, seen = new Set<string>()): Set<string> {
  const state = states[name];
  if (!state || seen.has(name)) return new Set();
  seen.add(name);
  if (state.Type === 'Fail' || state.Type === 'Succeed') return new Set([state.Type]);
  const next = [
    state.Next ?? [],
    state.Default ?? [],
    [...(state.Catch ?? []), ...(state.Choices ?? [])].map(({ Next }) => Next),
  ].flat();
  return new Set(next.flatMap(one => [...endsFrom(one, seen)]));
}

describe.each(stateMachines.map(machine => [machine.name, machine] as const))(
  'the definition of %s',
  (_, machine) => {
    const text = readFileSync(machine.file, 'utf8');

    it('is committed as the list of steps makes it', () => {
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(machine.definition())));
    });

    it('is what asl-validator accepts', () => {
      const { isValid, errorsText } = aslValidator(JSON.parse(text));
      expect([isValid, isValid ? '' : errorsText('\n')]).toEqual([true, '']);
    });

    it('names no state twice, branches included', () => {
      const names = [...text.matchAll(/^ +"(\w+)": \{\n +"Type":/gm)].map(match => match[1]);
      expect(names.length).toBeGreaterThan(10);
      expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    });
  },
);

describe('the definitions', () => {
  it('ends in Fail whenever a forward state fails', () => {
    const forward = Object.entries(states).filter(([, { Catch }]) => Catch !== undefined);
    const recorded = ['DeleteSuperseded', 'ReleaseLockAtEnd', 'ReleaseLockAfterRemoval'];
    for (const [name, { Catch = [] }] of forward) {
      if (recorded.includes(name)) continue; // the outcome is serving and recorded already
      const failures = Catch.filter(({ Next }) => states[Next]?.Type !== 'Wait'); // waits for a lock, and looks again
      for (const { Next } of failures) expect([name, [...endsFrom(Next)]]).toEqual([name, ['Fail']]);
    }
  });

  it('names a function for every placeholder, and none besides', () => {
    const named = new Set([...`${committed}${rollback}`.matchAll(/\$\{(\w+)\}/g)].map(match => match[1]));
    expect([...named].sort()).toEqual(
      stateFunctions()
        .map(({ name }) => name)
        .sort(),
    );
  });

  it('finds each state in the file of its name', () => {
    expect(fileOf('TestInvokeMethod')).toBe('test-invoke-method');
  });
});

describe('the README', () => {
  it('holds the graph and the table as they are generated', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(withGeneratedParts(readme)).toBe(readme);
  });

  it('has at most 250 lines and no block of JSON that does not parse', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(readme.split('\n').length).toBeLessThanOrEqual(251);
    for (const [, json = ''] of readme.matchAll(/```json\n([\s\S]*?)```/g))
      expect(() => JSON.parse(json)).not.toThrow();
  });
});
