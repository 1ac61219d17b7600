import { once } from 'node:events';
import { connect } from 'node:net';
import { APIGatewayClient, GetAccountCommand } from '@aws-sdk/client-api-gateway';
import { afterEach, expect, it } from 'vitest';
import { ConnectionReset } from '../../local/faults.ts';
import { type Listening, listenHttp } from '../../local/http-server.ts';
import type { Handle } from '../../local/server.ts';
import type { WireRequest } from '../../local/service.ts';
import { aDoor, answering } from './front-door.ts';

let listening: Listening | undefined;
afterEach(() => listening?.close());

async function listen(handle: Handle): Promise<Listening> {
  listening = await listenHttp(handle, 0);
  return listening;
}

const answer = (status: number, text = '', headers = {}) => ({ status, headers, body: Buffer.from(text) });

it('answers SDK clients over a socket', async () => {
  const door = aDoor(answering(() => ({ apiKeyVersion: 'é' })));
  const { url } = await listen(door.handle);
  const { requestHandler: _, ...config } = door.client;
  const client = new APIGatewayClient({ ...config, endpoint: url });
  await expect(client.send(new GetAccountCommand({}))).resolves.toMatchObject({ apiKeyVersion: 'é' });
  client.destroy();
});

it('hands over path, query and repeated headers as they were sent', async () => {
  const requests: WireRequest[] = [];
  const { port } = await listen(async request => {
    requests.push(request);
    return answer(200);
  });
  const socket = connect(port, '127.0.0.1');
  socket.end(
    'GET /a%2Fb//c?x=%20&y HTTP/1.1\r\nHost: h\r\nX-Twice: 1\r\nx-twice: 2\r\nConnection: close\r\n\r\n',
  );
  await once(socket.resume(), 'close');
  expect(requests).toMatchObject([
    { method: 'GET', path: '/a%2Fb//c', query: 'x=%20&y', headers: { host: 'h', 'x-twice': '1, 2' } },
  ]);
  expect(requests[0]?.rawHeaders).toContainEqual(['X-Twice', '1']);
});

it('refuses a body larger than any service takes', async () => {
  const { url } = await listen(async () => answer(200));
  const response = await fetch(url, { method: 'PUT', body: Buffer.alloc(17 * 1024 * 1024) }).catch(
    () => undefined,
  );
  // The connection may break while the rest is still being sent.
  expect(response?.status ?? 413).toBe(413);
  expect((await fetch(url, { method: 'PUT', body: Buffer.alloc(15 * 1024 * 1024) })).status).toBe(200);
});

it('breaks the connection instead of answering where a fault says so', async () => {
  const { url } = await listen(async () => {
    throw new ConnectionReset();
  });
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});

it('tells the call that its caller has hung up', async () => {
  let hungUp: () => void = () => {};
  const noticed = new Promise<void>(resolve => {
    hungUp = resolve;
  });
  const { url } = await listen(
    (_, signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => {
          hungUp();
          reject(signal.reason);
        });
      }),
  );
  await expect(fetch(url, { signal: AbortSignal.timeout(50) })).rejects.toThrow();
  await noticed;
});

it('keeps the length of an object in the answer to HEAD', async () => {
  const { url } = await listen(async () => answer(200, '', { 'content-length': '1234' }));
  const response = await fetch(url, { method: 'HEAD' });
  expect(response.headers.get('content-length')).toBe('1234');
});
