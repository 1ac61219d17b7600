// What event patterns match, and which ones are refused.
import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../../local/events/pattern.ts';

const matches = (pattern: object, detail: unknown) =>
  compilePattern(JSON.stringify({ detail: pattern }))({ source: 'orders', detail });

describe('an event pattern', () => {
  it.each([
    ['a value of the list', { a: ['x', 'y'] }, { a: 'y' }, { a: 'z' }],
    ['a number as such', { a: [3] }, { a: 3.0 }, { a: '3' }],
    ['null', { a: [null] }, { a: null }, {}],
    ['every field', { a: ['x'], b: ['y'] }, { a: 'x', b: 'y' }, { a: 'x', b: 'z' }],
    ['one element of a list', { a: ['x'] }, { a: ['w', 'x'] }, { a: ['w'] }],
    ['nested fields', { a: { b: ['x'] } }, { a: { b: 'x' } }, { a: 'x' }],
    ['one object of a list', { a: { b: [1], c: [2] } }, { a: [{ b: 1, c: 2 }] }, { a: [{ b: 1 }, { c: 2 }] }],
    ['prefix', { a: [{ prefix: 'eu-' }] }, { a: 'eu-west-1' }, { a: 'us-east-1' }],
    [
      'prefix in any case',
      { a: [{ prefix: { 'equals-ignore-case': 'EU-' } }] },
      { a: 'eu-west-1' },
      { a: 'us' },
    ],
    ['suffix', { a: [{ suffix: '.png' }] }, { a: 'x.png' }, { a: 'x.jpg' }],
    ['any case', { a: [{ 'equals-ignore-case': 'alice' }] }, { a: 'ALICE' }, { a: 'bob' }],
    ['wildcard', { a: [{ wildcard: 'dir/*.png' }] }, { a: 'dir/b/c.png' }, { a: 'dir/c.jpg' }],
    ['an escaped star', { a: [{ wildcard: 'a\\*b' }] }, { a: 'a*b' }, { a: 'axb' }],
    ['anything but', { a: [{ 'anything-but': ['x', 'y'] }] }, { a: 'z' }, { a: 'y' }],
    ['anything but, which is there', { a: [{ 'anything-but': 'x' }] }, { a: 1 }, {}],
    [
      'anything but a prefix',
      { a: [{ 'anything-but': { prefix: 'init' } }] },
      { a: 'run' },
      { a: 'initial' },
    ],
    ['anything but suffixes', { a: [{ 'anything-but': { suffix: ['a', 'b'] } }] }, { a: 'xc' }, { a: 'xb' }],
    [
      'anything but a wildcard',
      { a: [{ 'anything-but': { wildcard: '*/lib/*' } }] },
      { a: 'b' },
      { a: 'a/lib/b' },
    ],
    [
      'anything but any case',
      { a: [{ 'anything-but': { 'equals-ignore-case': ['x', 'y'] } }] },
      { a: 'z' },
      { a: 'X' },
    ],
    ['a range', { a: [{ numeric: ['>', 0, '<=', 5] }] }, { a: 5 }, { a: 0 }],
    ['an equal number', { a: [{ numeric: ['=', 300] }] }, { a: 3e2 }, { a: 301 }],
    ['presence', { a: [{ exists: true }] }, { a: null }, { a: { b: 1 } }],
    ['absence', { a: { b: [{ exists: false }] } }, { c: 1 }, { a: { b: 1 } }],
    ['absence in an empty list', { a: [{ exists: false }] }, { a: [] }, { a: [1] }],
    ['an address range', { a: [{ cidr: '10.0.0.0/24' }] }, { a: '10.0.0.255' }, { a: '10.0.1.0' }],
    ['an IPv6 range', { a: [{ cidr: '2001:db8::/32' }] }, { a: '2001:db8::1' }, { a: '2001:db9::1' }],
    ['alternatives', { $or: [{ a: ['x'] }, { b: [{ numeric: ['>', 1] }] }] }, { b: 2 }, { a: 'y', b: 1 }],
    ['alternatives of one field', { a: ['x', { prefix: 'y' }] }, { a: 'yes' }, { a: 'no' }],
  ])('matches %s', (_, pattern, matching, other) => {
    expect([matches(pattern, matching), matches(pattern, other)]).toEqual([true, false]);
  });

  it.each([
    ['{', 'Invalid JSON'],
    ['[]', 'Filter is not an object'],
    ['{}', 'Empty objects are not allowed'],
    ['{"source":"x"}', '"source" must be an object or an array'],
    ['{"source":[]}', 'Empty arrays are not allowed'],
    ['{"source":[{"like":"x"}]}', 'Unrecognized match type like'],
    ['{"source":[{"prefix":1}]}', 'prefix match pattern must be a string'],
    ['{"source":[{"prefix":"a","suffix":"b"}]}', 'Only one key allowed in match expression'],
    ['{"source":[{"numeric":["~",1]}]}', 'Unrecognized numeric range operator: ~'],
    ['{"source":[{"wildcard":"a**b"}]}', 'Consecutive wildcard characters are not allowed'],
    ['{"source":[{"exists":"yes"}]}', 'exists match pattern must be either true or false.'],
    ['{"source":[{"cidr":"10.0.0.0"}]}', "Malformed CIDR, one '/' required: 10.0.0.0"],
  ])('is refused as %s', (pattern, reason) => {
    expect(() => compilePattern(pattern)).toThrow(`Event pattern is not valid. Reason: ${reason}`);
  });
});
