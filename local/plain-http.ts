// A plain HTTP request handed to the front door, as a route's caller would send it.
import type { PlainRequest, PlainResponse } from './built-in-functions.ts';
import type { Handle } from './server.ts';

export async function sendPlain(
  handle: Handle,
  request: PlainRequest,
  signal?: AbortSignal,
): Promise<PlainResponse> {
  const url = new URL(request.url);
  const rawHeaders = Object.entries({ host: url.host, ...request.headers });
  const answer = await handle(
    {
      method: request.method,
      path: url.pathname,
      query: url.search.slice(1),
      headers: Object.fromEntries(rawHeaders.map(([name, value]) => [name.toLowerCase(), value])),
      rawHeaders,
      body: Buffer.from(request.body ?? ''),
    },
    signal,
  );
  const headers = Object.entries(answer.headers).map(([name, value]) => [
    name.toLowerCase(),
    [value].flat().join(', '),
  ]);
  return {
    status: answer.status,
    headers: Object.fromEntries(headers),
    body: Buffer.from(answer.body).toString(),
  };
}
