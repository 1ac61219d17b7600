import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../local/store.ts';

let directory: string;
let journal: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'account-'));
  journal = join(directory, 'account.journal');
});
afterEach(() => rmSync(directory, { recursive: true }));

/** What a process that is killed now would leave: nothing is closed. */
function write(...keys: string[]) {
  const store = openStore(directory);
  for (const key of keys) store.collection('things').set(key, { text: `line\nbreak ${key} é` });
  return store;
}

const thing = (key: string) => ({ text: `line\nbreak ${key} é` });

describe('a durable store', () => {
  it('contains after a kill everything that was written, in the order it was written', () => {
    const store = write('b', 'a', 'c');
    store.collection('things').set('b', { changed: true });
    store.collection('things').delete('c');
    store.collection('other').set('x', [1, null]);
    const reopened = openStore(directory);
    expect(reopened.content()).toEqual({
      things: { b: { changed: true }, a: thing('a') },
      other: { x: [1, null] },
    });
    expect([...reopened.collection('things').keys()]).toEqual(['b', 'a']);
    expect(reopened.content()).toEqual(store.content());
  });

  it('drops a last write that the process did not live to finish', () => {
    write('a', 'b');
    truncateSync(journal, readFileSync(journal).length - 5);
    expect(openStore(directory).content()).toEqual({ things: { a: thing('a') } });
    // The torn line is gone: what is written next is whole again.
    write('c');
    expect(openStore(directory).content()).toEqual({ things: { a: thing('a'), c: thing('c') } });
  });

  it('refuses a journal that is damaged before its end, naming file and line, and leaves it as it is', () => {
    write('a', 'b', 'c');
    const damaged = readFileSync(journal, 'utf8').replace('break b', 'broke b');
    writeFileSync(journal, damaged);
    expect(() => openStore(directory)).toThrow(`${journal}, line 3`);
    expect(readFileSync(journal, 'utf8')).toBe(damaged);
  });

  it('refuses a journal that lost its content, and leaves it as it is', () => {
    write('a');
    truncateSync(journal);
    expect(() => openStore(directory)).toThrow(`${journal}: the file is damaged`);
    expect(readFileSync(journal)).toHaveLength(0);
  });

  it('has all of the writes made together after a kill, or none of them', () => {
    const store = write('a');
    const before = readFileSync(journal).length;
    store.atomically(() => {
      store.collection('things').delete('a');
      store.collection('things').set('b', thing('b'));
    });
    const whole = readFileSync(journal);
    expect(openStore(directory).content()).toEqual({ things: { b: thing('b') } });
    for (let length = before; length < whole.length; length++) {
      writeFileSync(journal, whole.subarray(0, length));
      expect(openStore(directory).content()).toEqual({ things: { a: thing('a') } });
    }
  });

  it('takes back a write that cannot be written down', () => {
    const store = write('a');
    const unserializable = { text: 1n };
    expect(() => store.collection('things').set('a', unserializable)).toThrow(TypeError);
    expect(() => store.collection('things').set('b', unserializable)).toThrow(TypeError);
    expect(store.content()).toEqual({ things: { a: thing('a') } });
    expect(openStore(directory).content()).toEqual({ things: { a: thing('a') } });
  });

  it('compacts its journal while it is open, once the content is a small part of it', () => {
    const store = openStore(directory);
    const large = 'x'.repeat(1024 * 1024);
    for (let round = 0; round < 80; round++) store.collection('things').set('a', { round, large });
    expect(statSync(journal).size).toBeLessThan(40 * large.length);
    expect(openStore(directory).content()).toEqual({ things: { a: { round: 79, large } } });
  });

  it('ignores what a kill left of compacting', () => {
    write('a');
    writeFileSync(`${journal}.new`, readFileSync(journal).subarray(0, 40));
    expect(openStore(directory).content()).toEqual({ things: { a: thing('a') } });
  });

  it('refuses a line that is not its own', () => {
    write('a');
    appendFileSync(journal, 'not a record\n');
    expect(() => openStore(directory)).toThrow('line 3');
  });

  it('keeps its journal as short as its content', () => {
    const store = openStore(directory);
    for (let round = 0; round < 100; round++) store.collection('things').set('a', { round });
    store.close();
    openStore(directory).close();
    expect(readFileSync(journal, 'utf8').trimEnd().split('\n')).toHaveLength(2);
  });

  it('refuses a directory that another process has open', () => {
    // Process 1 is always alive.
    writeFileSync(join(directory, 'account.lock'), '1');
    expect(() => openStore(directory)).toThrow('in use by process 1');
    writeFileSync(join(directory, 'account.lock'), String(2 ** 30));
    expect(openStore(directory).content()).toEqual({});
  });
});

it('takes no note of collections in which nothing is left', () => {
  const store = openStore();
  store.collection('things').set('a', 1);
  store.collection('things').delete('a');
  expect(store.content()).toEqual({});
});
