// Integrations with an HTTP backend, which an API next to ours may hold.
import http from 'node:http';
import https from 'node:https';
import type { BackendRequest } from './backend-request.ts';
import { GatewayError } from './gateway-response.ts';
import type { BackendAnswer } from './mapping.ts';
import type { RouteRequest } from './request.ts';

/** Headers of one hop, or of the connection to the gateway. */
const ofHop = new Set([
  'connection',
  'content-length',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
]);

export function callHttp(
  request: RouteRequest,
  uri: string,
  method: string,
  backend: BackendRequest,
): Promise<BackendAnswer> {
  const filled = uri.replace(/\{([^}]+?)\+?\}/g, (whole, name: string) => backend.path[name] ?? whole);
  const url = new URL(filled);
  for (const [name, values] of Object.entries(backend.query))
    for (const value of values) url.searchParams.append(name, value);
  request.log(`Endpoint request URI: ${url}`);
  const headers = Object.fromEntries(
    Object.entries(backend.headers).filter(([name]) => !ofHop.has(name.toLowerCase())),
  );
  const client = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const failed = () => reject(new GatewayError('INTEGRATION_FAILURE', 'Internal server error'));
    const sent = client.request(
      url,
      { method, headers: { ...headers, 'content-length': backend.body.byteLength } },
      answer => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', failed);
        answer.on('end', () => {
          const all = Object.entries(answer.headersDistinct).map(([name, values]) => [name, values ?? []]);
          resolve({
            status: answer.statusCode ?? 502,
            headers: Object.fromEntries(all),
            body: Buffer.concat(chunks),
          });
        });
      },
    );
    sent.on('error', failed);
    sent.end(backend.body);
  });
}

export const isOfHop = (name: string) => ofHop.has(name.toLowerCase());
