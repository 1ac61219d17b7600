// The embedded AWS for SDK clients in this process: a requestHandler without a socket.
import { Readable } from 'node:stream';
import { buildQueryString, HttpResponse } from '@smithy/core/protocols';
import type { HttpHandlerOptions, HttpRequest, RequestHandler, RequestHandlerOutput } from '@smithy/types';
import type { Clock } from './clock.ts';
import type { Handle } from './server.ts';
import type { WireRequest } from './service.ts';

export type InProcessHandler = RequestHandler<HttpRequest, HttpResponse, HttpHandlerOptions>;

/** `signal` ends every call that is under way, as when the function that makes them has timed out. */
export function inProcessHandler(handle: Handle, clock: Clock, signal?: AbortSignal): InProcessHandler {
  return {
    metadata: { handlerProtocol: 'in-process' },
    async handle(request, options = {}): Promise<RequestHandlerOutput<HttpResponse>> {
      const aborted = abortOf(clock, options, signal);
      try {
        const call = handle(await wireRequest(request), aborted.signal);
        const answer = await Promise.race([call, aborted.rejection]);
        const headers = Object.fromEntries(
          Object.entries(answer.headers).map(([name, value]) => [
            name,
            typeof value === 'string' ? value : value.join(', '),
          ]),
        );
        const body = Readable.from(answer.body.byteLength > 0 ? [answer.body] : []);
        return { response: new HttpResponse({ statusCode: answer.status, headers, body }) };
      } finally {
        aborted.release();
      }
    },
  };
}

/** The caller's signal, ours and the request's time limit as one, under the names that the SDK gives them. */
function abortOf(clock: Clock, options: HttpHandlerOptions, own: AbortSignal | undefined) {
  const controller = new AbortController();
  let reject: (reason: unknown) => void = () => {};
  const rejection = new Promise<never>((_, fail) => {
    reject = fail;
  });
  rejection.catch(() => {});
  const abort = (name: string, message: string) => {
    const error = Object.assign(new Error(message), { name });
    controller.abort(error);
    reject(error);
  };
  const onAbort = () => abort('AbortError', 'Request aborted');
  const signals = [own, options.abortSignal as AbortSignal | undefined].filter(
    signal => signal !== undefined,
  );
  for (const signal of signals) {
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  }
  const limit = options.requestTimeout;
  const cancel = limit
    ? clock.schedule(clock.now() + limit, () => abort('TimeoutError', `No answer within ${limit} ms`))
    : () => {};
  const release = () => {
    cancel();
    for (const signal of signals) signal.removeEventListener('abort', onAbort);
  };
  return { signal: controller.signal, rejection, release };
}

async function wireRequest(request: HttpRequest): Promise<WireRequest> {
  const rawHeaders = Object.entries(request.headers);
  const headers = Object.fromEntries(rawHeaders.map(([name, value]) => [name.toLowerCase(), value]));
  const { method, path } = request;
  const query = request.query ? buildQueryString(request.query) : '';
  return { method, path: path || '/', query, headers, rawHeaders, body: await bytesOf(request.body) };
}

async function bytesOf(body: unknown): Promise<Uint8Array> {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === 'string') return Buffer.from(body);
  // The SDK's own subclass of Uint8Array warns when it is read as text.
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array | string>) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
