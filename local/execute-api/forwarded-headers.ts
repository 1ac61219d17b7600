// The headers of a request as integrations see them: the connection's own gone, API Gateway's added.
import type { ApiSnapshot } from '../apigateway/model.ts';
import type { Aws, WireRequest } from '../service.ts';
import type { Values } from './request.ts';

/** Headers of one hop, which no integration gets to see. */
const ofHop = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

export const isOfHop = (name: string) => ofHop.has(name.toLowerCase());

/** API Gateway spells these its own way, and leaves every other header's name as sent. */
const spelled = new Map(
  [
    'Accept',
    'Accept-Charset',
    'Accept-Encoding',
    'Accept-Language',
    'Authorization',
    'Cache-Control',
    'Content-Encoding',
    'Content-MD5',
    'Content-Type',
    'Cookie',
    'Date',
    'Host',
    'Origin',
    'Pragma',
    'Range',
    'Referer',
    'User-Agent',
    'Via',
    'X-Amzn-Trace-Id',
    'X-Forwarded-For',
    'X-Forwarded-Port',
    'X-Forwarded-Proto',
  ].map(name => [name.toLowerCase(), name]),
);

export function receivedHeaders(
  aws: Aws,
  snapshot: ApiSnapshot,
  { headers, rawHeaders }: WireRequest,
  traceId: string,
): Values {
  const received: Record<string, string[]> = {};
  for (const [name, value] of rawHeaders ?? Object.entries(headers)) {
    if (isOfHop(name)) continue;
    const key = spelled.get(name.toLowerCase()) ?? name;
    received[key] = [...(Object.hasOwn(received, key) ? (received[key] ?? []) : []), value];
  }
  received.Host = [`${snapshot.restApi.id}.execute-api.${aws.region}.amazonaws.com`];
  received['X-Amzn-Trace-Id'] = [traceId];
  received['X-Forwarded-For'] = [[...(received['X-Forwarded-For'] ?? []), '127.0.0.1'].join(', ')];
  received['X-Forwarded-Port'] = ['443'];
  received['X-Forwarded-Proto'] = ['https'];
  return received;
}

/** Headers of a proxied backend that API Gateway passes on under another name. */
const renamed = new Set([
  'authorization',
  'connection',
  'content-length',
  'content-md5',
  'date',
  'host',
  'max-forwards',
  'server',
  'user-agent',
  'www-authenticate',
  'x-amzn-requestid',
]);

/** A proxied backend's headers as the caller gets them. */
export function remapped(
  headers: Readonly<Record<string, string | readonly string[]>>,
): Record<string, string | readonly string[]> {
  const passed = Object.entries(headers).flatMap(([name, value]) => {
    if (renamed.has(name.toLowerCase())) return [[`x-amzn-Remapped-${name}`, value] as const];
    return isOfHop(name) ? [] : [[name, value] as const];
  });
  return Object.fromEntries(passed);
}
