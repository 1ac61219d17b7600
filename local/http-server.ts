// The embedded AWS on a port of this machine, over HTTP/1.1 and HTTP/2.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { ConnectionReset } from './faults.ts';
import type { Handle } from './server.ts';
import type { WireRequest, WireResponse } from './service.ts';

const largestBody = 16 * 1024 * 1024;

export interface Listening {
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

/** Reachable from this machine only; port 0 takes a free one. */
export async function listenHttp(handle: Handle, port: number): Promise<Listening> {
  const http1 = createServer((request, response) => void answer(handle, request, response));
  http1.keepAliveTimeout = 60_000;
  const http2 = createHttp2Server((request, response) => void answer(handle, request, response));
  const sockets = new Set<Socket>();
  const server = createTcpServer(socket => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    // SDK clients that speak HTTP/2 (Kinesis) do so from the first byte on, without TLS to agree on it.
    socket.once('data', start => {
      socket.pause();
      socket.unshift(start);
      if (isHttp2(start)) return http2.emit('connection', socket);
      http1.emit('connection', socket);
      socket.resume();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const taken = (server.address() as AddressInfo).port;
  return { port: taken, url: `http://127.0.0.1:${taken}`, close: () => closeServer(server, sockets) };
}

const isHttp2 = (start: Buffer) => start.subarray(0, 3).toString('latin1') === 'PRI';

function closeServer(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close(error => (error ? reject(error) : resolve()));
    for (const socket of sockets) socket.destroy();
  });
}

type Message = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

async function answer(handle: Handle, message: Message, response: Response): Promise<void> {
  const hungUp = new AbortController();
  response.once('close', () => hungUp.abort(new ConnectionReset()));
  try {
    const body = await readBody(message);
    if (!body) return write(response, tooLarge);
    write(response, await handle(wireRequest(message, body), hungUp.signal));
  } catch {
    // Nothing can be answered: an injected reset, or a caller that has hung up.
    if ('stream' in message) message.stream.close();
    else message.socket.destroy();
  }
}

const tooLarge: WireResponse = {
  status: 413,
  headers: { 'content-type': 'application/json', connection: 'close' },
  body: Buffer.from('{"message":"Request Entity Too Large"}'),
};

/** Undefined when it is larger than any service takes. */
async function readBody(message: Message): Promise<Uint8Array | undefined> {
  if (Number(message.headers['content-length'] ?? 0) > largestBody) return undefined;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > largestBody) return undefined;
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

function wireRequest(message: Message, body: Uint8Array): WireRequest {
  const headers: Record<string, string> = {};
  const rawHeaders: [string, string][] = [];
  for (let i = 0; i < message.rawHeaders.length; i += 2) {
    const name = message.rawHeaders[i] ?? '';
    if (name.startsWith(':')) continue;
    const value = message.rawHeaders[i + 1] ?? '';
    rawHeaders.push([name, value]);
    const key = name.toLowerCase();
    headers[key] = headers[key] === undefined ? value : `${headers[key]}, ${value}`;
  }
  // HTTP/2 names the host in a header of its own, which SDK clients sign in the place of `host`.
  const { ':authority': authority } = message.headers;
  if (typeof authority === 'string') {
    headers[':authority'] = authority;
    headers.host ??= authority;
  }
  const target = (message.url ?? '/').replace(/^https?:\/\/[^/]*/i, '');
  const at = target.indexOf('?');
  return {
    method: message.method ?? 'GET',
    path: (at === -1 ? target : target.slice(0, at)) || '/',
    query: at === -1 ? '' : target.slice(at + 1),
    headers,
    rawHeaders,
    body,
  };
}

/** Node frames the message itself. */
const framing = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding']);

function write(response: Response, { status, headers, body }: WireResponse): void {
  const isHead = response.req.method === 'HEAD';
  for (const [name, value] of Object.entries(headers)) {
    if (!framing.has(name.toLowerCase()) || (isHead && name.toLowerCase() === 'content-length')) {
      response.setHeader(name, value as string | string[]);
    }
  }
  if (!isHead && status !== 204 && status !== 304) response.setHeader('content-length', body.byteLength);
  response.writeHead(status);
  response.end(isHead || status === 204 || status === 304 ? '' : body);
}
