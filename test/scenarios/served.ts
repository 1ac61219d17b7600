// Routes provisioned by one execution and called as a client calls them: over HTTP, at their deployed URL.
import { expect } from 'vitest';
import type { ProductOptions } from '../../cli/embedded.ts';
import type { Succeeded } from '../../cli/outcome.ts';
import type { Fault } from '../../local/embedded.ts';
import { openAccount, type TestAccount } from './account.ts';

export type RouteInput = Readonly<Record<string, unknown>> & { readonly action: string };

export interface Sent {
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
}

/** Calls the route of an action; `path` is the route's own with its variables filled in. */
export type CallRoute = (action: string, path: string, sent?: Sent) => Promise<Answer>;

export const json = ({ bytes }: Answer) => JSON.parse(bytes.toString());

/** A JSON body, with the header that says so. */
export const post = (body: object): Sent => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** Several routes of one API, open to all: the tests sign nothing. */
export const inputOf = (service: string, routes: readonly RouteInput[]) => ({
  stage: 'test',
  authorization: { type: 'NONE' },
  acceptPublic: true,
  acceptPublicWrite: true,
  routes: routes.map(route => ({ service, ...route })),
});

/** An account that answers over HTTP as well, so that a URL it gives out is one to call. */
export async function openServing(options: ProductOptions = {}): Promise<TestAccount> {
  const account = await openAccount([], options);
  await account.aws.listen(0);
  return account;
}

export async function serveRoutes(
  account: TestAccount,
  service: string,
  routes: readonly RouteInput[],
): Promise<CallRoute> {
  const result = await account.run(inputOf(service, routes));
  if (result.status !== 'SUCCEEDED')
    throw new Error(`${result.error} in ${result.failedState}: ${result.cause}`);
  return callerOf(result);
}

function callerOf({ routes }: Succeeded): CallRoute {
  const served = routes as { action: string; httpMethod: string; path: string; url: string }[];
  return async (action, path, { query = {}, headers = {}, body } = {}) => {
    const route = served.find(one => one.action === action);
    if (!route) throw new Error(`no route exposes ${action}`);
    const url = `${route.url.slice(0, -route.path.length)}${path}`;
    const search = new URLSearchParams(query).toString();
    const response = await fetch(search ? `${url}?${search}` : url, {
      method: route.httpMethod,
      headers,
      ...(body !== undefined && { body }),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    return { status: response.status, headers: response.headers, bytes };
  };
}

/** A late state fails, once everything serves unless said otherwise: the account must be what it was before. */
export async function expectRollback(
  input: Record<string, unknown>,
  prepare: (account: TestAccount) => Promise<unknown>,
  failedState = 'VerifyStage',
  options: ProductOptions = {},
): Promise<void> {
  const functionName = `service-proxy-${failedState}`;
  const fault: Fault = {
    service: 'lambda',
    operation: 'Invoke',
    functionName,
    kind: 'serverError',
    when: 'after',
  };
  const account = await openAccount([fault], options);
  try {
    await prepare(account);
    const before = account.content();
    const result = await account.run(input);
    expect(result).toMatchObject({ status: 'FAILED', failedState, notRolledBack: [] });
    expect(account.content()).toEqual(before);
  } finally {
    await account.aws.close();
  }
}
