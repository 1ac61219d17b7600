import { expect, it } from 'vitest';
import { dataPlaneAddress } from '../../local/data-plane-address.ts';

const addressOf = (path: string, host = '127.0.0.1:4566') =>
  dataPlaneAddress({ method: 'GET', path, query: '', headers: { host }, body: new Uint8Array() });

it.each([
  ['/_aws/execute-api/abc/test/a%2Fb/c/', undefined, '/a%2Fb/c/'],
  ['/_aws/execute-api/abc/test', undefined, '/'],
  ['/test/x', 'abc.execute-api.localhost:4566', '/x'],
  ['/test/x', 'abc.execute-api.us-east-1.amazonaws.com', '/x'],
])('finds API, stage and path in %s on %s', (path, host, below) => {
  expect(addressOf(path, host)).toEqual({ restApiId: 'abc', stageName: 'test', path: below });
});

it('leaves calls to services alone', () => {
  expect(addressOf('/restapis/abc')).toBeUndefined();
});
