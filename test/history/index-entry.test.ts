// Searching and sorting the archive's index.
import { describe, expect, it } from 'vitest';
import { indexEntry, matches, type Search, sortEntries } from '../../history/index-entry.ts';
import { anExecution } from './executions.ts';

const november = indexEntry(anExecution({ name: 'november', requestedBy: 'ann@example.com' }));
const december = indexEntry(
  anExecution({
    name: 'december',
    status: 'FAILED',
    startedAt: '2026-12-01T10:00:00.000Z',
    endedAt: '2026-12-01T10:01:00.000Z',
    api: 'invoices',
    restApiId: 'z9',
    stage: 'prod',
    routes: [{ service: 'sqs', action: 'SendMessage' }],
  }),
);

describe('matches', () => {
  const found: readonly [search: Search, names: string[]][] = [
    [{}, ['november', 'december']],
    [{ service: 'SNS' }, ['november']],
    [{ action: 'sendmessage' }, ['december']],
    [{ api: 'invoices' }, ['december']],
    [{ api: 'a1b2c3' }, ['november']],
    [{ stage: 'prod' }, ['december']],
    [{ status: 'failed' }, ['december']],
    [{ caller: 'ANN@' }, ['november']],
    [{ since: '2026-11-15' }, ['december']],
    [{ until: '2026-11' }, ['november']],
    [{ service: 'sns', stage: 'prod' }, []],
  ];
  it.each(found)('%j finds %j', (search, names) => {
    const entries = [november, december].filter(entry => matches(entry, search));
    expect(entries.map(({ name }) => name)).toEqual(names);
  });
});

describe('sortEntries', () => {
  const sorted = (...given: Parameters<typeof sortEntries> extends [unknown, ...infer Rest] ? Rest : never) =>
    sortEntries([november, december], ...given).map(({ name }) => name);

  it('puts the newest and the longest first, texts from A to Z', () => {
    expect(sorted('time')).toEqual(['december', 'november']);
    expect(sorted('duration')).toEqual(['december', 'november']);
    expect(sorted('api')).toEqual(['december', 'november']);
    expect(sorted('status', true)).toEqual(['november', 'december']);
  });
});
