// Integrations with an HTTP backend, which an API next to ours may hold: mapped (HTTP) or as a proxy (HTTP_PROXY).
import http from 'node:http';
import https from 'node:https';
import type { Integration } from '@aws-sdk/client-api-gateway';
import type { WireResponse } from '../service.ts';
import type { BackendRequest } from './backend-request.ts';
import { bytesOf } from './content.ts';
import { logAnswer, logEndpointRequest } from './execution-log.ts';
import { isOfHop, remapped } from './forwarded-headers.ts';
import { configurationError, GatewayError } from './gateway-response.ts';
import { withPathParameters } from './integration-address.ts';
import type { BackendAnswer } from './mapping.ts';
import { type MethodRequest, setHeader } from './request.ts';

export function callHttp(
  request: MethodRequest,
  integration: Integration,
  backend: BackendRequest,
  signal: AbortSignal,
): Promise<BackendAnswer> {
  const { id } = request.snapshot.restApi;
  const headers: Record<string, string> = {
    'User-Agent': `AmazonAPIGateway_${id}`,
    Accept: 'application/json',
    'Content-Type': backend.contentType,
    'x-amzn-apigateway-api-id': id,
    'X-Amzn-Trace-Id': request.traceId,
  };
  for (const [name, value] of Object.entries(backend.headers)) setHeader(headers, name, value);
  return send(request, integration, { ...backend, headers }, signal);
}

export async function callHttpProxy(
  request: MethodRequest,
  integration: Integration,
  backend: BackendRequest,
  signal: AbortSignal,
): Promise<WireResponse> {
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(request.headers)) setHeader(headers, name, values.join(','));
  setHeader(headers, 'x-amzn-apigateway-api-id', request.snapshot.restApi.id);
  setHeader(headers, 'X-Amzn-Trace-Id', request.traceId);
  for (const [name, value] of Object.entries(backend.headers)) setHeader(headers, name, value);
  const query: Record<string, readonly string[]> = { ...request.query };
  for (const [name, values] of Object.entries(backend.query))
    query[name] = [...(query[name] ?? []), ...values];
  const answer = await send(request, integration, { ...backend, headers, query }, signal);
  return { status: answer.status, headers: remapped(answer.headers), body: answer.body };
}

function urlOf(request: MethodRequest, uri: string, { path, query }: BackendRequest): URL {
  const filled = withPathParameters(uri, path);
  if (!URL.canParse(filled)) throw configurationError(request, 'Invalid endpoint address');
  const url = new URL(filled);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw configurationError(request, 'Invalid endpoint address');
  for (const [name, values] of Object.entries(query)) {
    for (const value of values) url.searchParams.append(name, value);
  }
  return url;
}

async function send(
  request: MethodRequest,
  integration: Integration,
  backend: BackendRequest,
  signal: AbortSignal,
): Promise<BackendAnswer> {
  const { clock } = request.aws;
  const url = urlOf(request, integration.uri ?? '', backend);
  const body = bytesOf(backend.body);
  const own = Object.entries(backend.headers).filter(
    ([name]) => !isOfHop(name) && name.toLowerCase() !== 'host',
  );
  const headers = { ...Object.fromEntries(own), 'Content-Length': String(body.byteLength) };
  const { httpMethod } = integration;
  const method = httpMethod === undefined || httpMethod === 'ANY' ? request.httpMethod : httpMethod;
  logEndpointRequest(request, url.href, headers, body);
  const startedAt = clock.now();
  const release = clock.hold();
  const answer = await exchange(url, { method, headers, signal }, body)
    .catch((error: unknown) => {
      if (signal.aborted) throw signal.reason;
      request.log(`Execution failed due to a network error communicating with endpoint: ${String(error)}`);
      throw new GatewayError('INTEGRATION_FAILURE', 'Network error communicating with endpoint');
    })
    .finally(release);
  logAnswer(request, answer, clock.now() - startedAt);
  return answer;
}

function exchange(url: URL, options: http.RequestOptions, body: Uint8Array): Promise<BackendAnswer> {
  return new Promise((resolve, reject) => {
    const sent = (url.protocol === 'https:' ? https : http).request(url, options, answer => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const headers = Object.entries(answer.headersDistinct).map(([name, values]) => [name, values ?? []]);
        const status = answer.statusCode ?? 502;
        resolve({ status, headers: Object.fromEntries(headers), body: Buffer.concat(chunks) });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
