// The lines that API Gateway writes into the log of an execution.
import type { Clock } from '../clock.ts';
import type { BackendAnswer } from './mapping.ts';
import type { RouteRequest } from './request.ts';

/** Java's Date.toString(): Thu Jan 01 00:00:00 UTC 1970. */
export function logTime(clock: Clock): string {
  const [day, date, month, year, time] = new Date(clock.now()).toUTCString().replace(',', '').split(' ');
  return `${day} ${month} ${date} ${time} UTC ${year}`;
}

/** {a=b, c=[d,e]} */
export const shown = (values: Readonly<Record<string, string | readonly string[]>>): string => {
  const listed = Object.entries(values).map(([name, value]) => `${name}=${[value].flat().join(',')}`);
  return `{${listed.join(', ')}}`;
};

const spelled: Readonly<Record<string, string>> = {
  accept: 'Accept',
  authorization: 'Authorization',
  'content-type': 'Content-Type',
  'user-agent': 'User-Agent',
  'x-amz-date': 'X-Amz-Date',
  'x-amz-security-token': 'X-Amz-Security-Token',
  'x-amz-target': 'X-Amz-Target',
  'x-amzn-trace-id': 'X-Amzn-Trace-Id',
};

/** Signatures and tokens are never written out. */
function shownHeaders(headers: Readonly<Record<string, string>>): string {
  const listed = Object.entries(headers).flatMap(([name, value]): [string, string][] => {
    if (name === 'host' || name === 'content-length') return [];
    const isSecret = name === 'authorization' || name === 'x-amz-security-token';
    return [[spelled[name] ?? name, isSecret ? `${'*'.repeat(60)}${value.slice(-6)}` : value]];
  });
  return shown(Object.fromEntries(listed));
}

export function logEndpointRequest(
  { log }: RouteRequest,
  uri: string,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
): void {
  log(`Endpoint request URI: ${uri}`);
  log(`Endpoint request headers: ${shownHeaders(headers)}`);
  log(`Endpoint request body after transformations: ${Buffer.from(body).toString()}`);
  log(`Sending request to ${uri}`);
}

export function logAnswer({ log }: RouteRequest, answer: BackendAnswer, latency: number): void {
  log(`Received response. Status: ${answer.status}, Integration latency: ${latency} ms`);
  log(`Endpoint response headers: ${shown(answer.headers)}`);
  log(`Endpoint response body before transformations: ${Buffer.from(answer.body).toString()}`);
}
