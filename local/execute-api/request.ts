// A request to a route as everything after routing sees it: names, values, body, who sent it.
import type { Method } from '@aws-sdk/client-api-gateway';
import type { ApiSnapshot, ResourceDocument } from '../apigateway/model.ts';
import type { Aws, Caller, Credentials } from '../service.ts';
import type { TemplateInput } from './vtl.ts';

export type Values = Readonly<Record<string, readonly string[]>>;

export interface RouteRequest {
  readonly aws: Aws;
  readonly snapshot: ApiSnapshot;
  readonly stageName: string;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly deploymentId?: string;
  /** Whether the stage's canary serves it; absent for a stage without one. */
  readonly isCanary?: boolean;
  /** Who runs it as a test, before any deployment. */
  readonly tester?: Caller;
  readonly resource: ResourceDocument;
  readonly method: Method;
  readonly httpMethod: string;
  /** Path below the stage, as sent, with one leading slash. */
  readonly path: string;
  /** Path with the stage, as sent. */
  readonly fullPath: string;
  /** Still percent-encoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly query: Values;
  /** Names as sent. */
  readonly headers: Values;
  readonly body: Uint8Array;
  readonly requestId: string;
  readonly extendedRequestId: string;
  readonly traceId: string;
  /** Lines of the execution log, as TestInvokeMethod returns them. */
  readonly log: (line: string) => void;
}

/** What authorization found out about the sender. */
export interface Identity {
  readonly caller?: Caller;
  /** The caller's own, for integrations that call on as the caller. */
  readonly credentials?: Credentials;
  readonly apiKey?: { readonly id: string; readonly value: string };
  /** The output of an authorizer function. */
  readonly authorizer?: Readonly<Record<string, unknown>>;
}

export interface MethodRequest extends RouteRequest {
  readonly identity: Identity;
  readonly context: Context;
}

/** $context. Templates write into the overrides, in the request's as in the response's. */
export interface Context {
  readonly [name: string]: unknown;
  readonly requestOverride: {
    readonly header: Record<string, unknown>;
    readonly path: Record<string, unknown>;
    readonly querystring: Record<string, unknown>;
  };
  readonly responseOverride: { readonly header: Record<string, unknown>; readonly status?: unknown };
}

export const last = (values: readonly string[] | undefined): string | undefined => values?.at(-1);

export const allOf = (headers: Values, name: string): readonly string[] | undefined => {
  const found = Object.keys(headers).find(one => one.toLowerCase() === name.toLowerCase());
  return found === undefined ? undefined : headers[found];
};

export const header = (headers: Values, name: string): string | undefined => last(allOf(headers, name));

/** Without parameters; `application/json` where the request names none. */
export const mediaTypeOf = (headers: Values): string =>
  header(headers, 'content-type')?.split(';')[0]?.trim().toLowerCase() || 'application/json';

/** Single values: the last one given, as API Gateway maps them. */
export const singles = (values: Values): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, all]) => [name, last(all) ?? '']));

export function parseQuery(query: string): Record<string, string[]> {
  const values: Record<string, string[]> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    const all = Object.hasOwn(values, name) ? (values[name] ?? []) : [];
    Object.defineProperty(values, name, { value: [...all, value], enumerable: true, configurable: true });
  }
  return values;
}

/** API Gateway decodes path parameters before it maps them; a proxy function gets them as sent. */
function decodedParameters({ pathParameters }: RouteRequest): Record<string, string> {
  return Object.fromEntries(Object.entries(pathParameters).map(([name, value]) => [name, decoded(value)]));
}

export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A header set again replaces the one of that name, however either is written. */
export function setHeader<T>(headers: Record<string, T>, name: string, value: T): void {
  for (const other of Object.keys(headers)) {
    if (other.toLowerCase() === name.toLowerCase()) delete headers[other];
  }
  headers[name] = value;
}

/** What $input reads: the body it is given, and the request's parameters. */
export const templateInput = (request: RouteRequest, body: string): TemplateInput => ({
  body,
  path: decodedParameters(request),
  querystring: singles(request.query),
  header: singles(request.headers),
});
