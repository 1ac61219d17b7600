// Calls a library's request listener in process: a request and a response without a socket.
import { type IncomingMessage, type RequestListener, ServerResponse } from 'node:http';
import { Duplex, Readable } from 'node:stream';
import type { WireRequest, WireResponse } from '../service.ts';

/** Collects what a response writes, head and body, as it would go over the wire. */
function collect(response: ServerResponse): Promise<WireResponse> {
  const chunks: Buffer[] = [];
  const take = (chunk: unknown, encoding?: unknown) => {
    if (chunk === undefined || chunk === null || typeof chunk === 'function') return;
    chunks.push(
      typeof chunk === 'string'
        ? Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8')
        : Buffer.from(chunk as Uint8Array),
    );
  };
  return new Promise(resolve => {
    response.write = (chunk: unknown, encoding?: unknown) => {
      take(chunk, encoding);
      return true;
    };
    response.end = (chunk?: unknown, encoding?: unknown) => {
      take(chunk, encoding);
      const headers = Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]);
      resolve({
        status: response.statusCode,
        headers: Object.fromEntries(headers),
        body: Buffer.concat(chunks),
      });
      return response;
    };
    const writeHead = response.writeHead.bind(response);
    response.writeHead = ((status: number, ...rest: unknown[]) => {
      response.statusCode = status;
      const headers = rest.find(one => typeof one === 'object' && one !== null);
      for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, String(value));
      return response;
    }) as typeof writeHead;
  });
}

export async function callListener(listener: RequestListener, request: WireRequest): Promise<WireResponse> {
  const socket = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  const incoming = Object.assign(
    Readable.from(request.body.byteLength > 0 ? [Buffer.from(request.body)] : []),
    {
      method: request.method,
      url: request.query ? `${request.path}?${request.query}` : request.path,
      headers: { ...request.headers },
      httpVersion: '1.1',
      socket,
      connection: socket,
    },
  ) as unknown as IncomingMessage;
  const response = new ServerResponse(incoming);
  const answered = collect(response);
  listener(incoming, response as ServerResponse & { req: IncomingMessage });
  return answered;
}

/** Both libraries demand a signature of the right form; the front door has verified the real one. */
export function withSignature(request: WireRequest, service: string, region: string): WireRequest {
  const scope = `20260101/${region}/${service}/aws4_request`;
  return {
    ...request,
    headers: {
      ...request.headers,
      authorization: `AWS4-HMAC-SHA256 Credential=test/${scope}, SignedHeaders=host, Signature=0`,
      'x-amz-date': '20260101T000000Z',
    },
  };
}
