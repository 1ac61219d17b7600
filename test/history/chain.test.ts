// A chain of records betrays every record that was taken away, changed or put in.
import { describe, expect, it } from 'vitest';
import { type ArchiveRecord, canonicalJson, sealRecord, verifyChains } from '../../history/chain.ts';
import { aChain, anExecution } from './executions.ts';

const linksOf = (records: readonly ArchiveRecord[]) =>
  records.map(({ chain: { key, sequence }, sha256 }) => ({ key, sequence, sha256 }));
const found = (records: readonly ArchiveRecord[], links = linksOf(records)) =>
  verifyChains(records, links).map(({ kind, sequence }) => `${kind} ${sequence}`);

describe('verifyChains', () => {
  it('accepts whole chains in any order', () => {
    expect(found([...aChain(5).reverse(), ...aChain(3, 'invoices')])).toEqual([]);
  });

  it('finds each record that is missing', () => {
    const chain = aChain(5);
    for (const { chain: link } of chain) {
      const others = chain.filter(({ chain: { sequence } }) => sequence !== link.sequence);
      expect(verifyChains(others, linksOf(chain))).toMatchObject([
        { kind: 'MISSING', sequence: link.sequence },
      ]);
    }
  });

  it('finds a record that is missing in the middle without the index', () => {
    const chain = aChain(5).filter(({ chain: { sequence } }) => sequence !== 3);
    expect(found(chain, [])).toEqual(['MISSING 3']);
  });

  it('finds a record that was changed', () => {
    const [first, second] = aChain(2) as [ArchiveRecord, ArchiveRecord];
    const changed = { ...first, execution: { ...first.execution, requestedBy: 'somebody else' } };
    expect(found([changed, second], [])).toEqual(['CHANGED 1']);
  });

  it('finds a record that was changed and sealed again', () => {
    const [first, second] = aChain(2) as [ArchiveRecord, ArchiveRecord];
    const forged = sealRecord(anExecution({ name: 'forged' }), first.chain);
    expect(found([forged, second], [])).toEqual(['CHANGED 2']);
    expect(found([forged, second], linksOf([first, second]))).toEqual(['CHANGED 1', 'CHANGED 2']);
  });

  it('finds a record that was put in', () => {
    const chain = aChain(3);
    const place = { key: 'orders', sequence: 2, previous: chain[0]?.sha256 ?? '' };
    expect(found([...chain, sealRecord(anExecution({ name: 'put-in' }), place)], [])).toEqual(['INSERTED 2']);
  });

  it('finds a chain that was cut off at its end, where the index knows of more', () => {
    const chain = aChain(4);
    expect(found(chain.slice(0, 2), linksOf(chain))).toEqual(['MISSING 3', 'MISSING 4']);
  });
});

it('writes the members of equal values in one order', () => {
  expect(canonicalJson({ b: [1, { d: 1, c: undefined }], a: null })).toBe('{"a":null,"b":[1,{"d":1}]}');
});
