// What the account contains, as far as the promise goes: API Gateway, the roles, and the ledger's record of them.
import { isDeepStrictEqual } from 'node:util';
import type { Saved } from './world.ts';

/** `collection key` → document. */
export type Content = ReadonlyMap<string, unknown>;

const promised = /^(apigateway|iam)\//;

/** The ledger's account of APIs. What executions write about themselves is looked at apart from it. */
const recorded = /^(API|NAME)#/;

function ledgerOf(items: Saved['items']): [string, unknown][] {
  return [...items].flatMap(([key, item]): [string, unknown][] =>
    recorded.test(key) ? [[`ledger ${key.replace('\n', ' ')}`, JSON.parse(item.document?.S ?? 'null')]] : [],
  );
}

export function contentOf({ content, items }: Pick<Saved, 'content' | 'items'>): Content {
  const kept = Object.entries(content).filter(([name]) => promised.test(name));
  const documents = kept.flatMap(([name, all]) =>
    Object.entries(all).map(([key, document]): [string, unknown] => [`${name} ${key}`, document]),
  );
  return new Map([...documents, ...ledgerOf(items)]);
}

/** Times say when, not what. */
function timeless(document: unknown): unknown {
  if (typeof document !== 'object' || document === null) return document;
  const { lastUpdatedDate: _l, changedAt: _c, ...rest } = document as Record<string, unknown>;
  return rest;
}

export interface Difference {
  readonly key: string;
  readonly before: unknown;
  readonly after: unknown;
}

export function differences(before: Content, after: Content): Difference[] {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].flatMap(key => {
    const [was, is] = [before.get(key), after.get(key)];
    return isDeepStrictEqual(timeless(was), timeless(is)) ? [] : [{ key, before: was, after: is }];
  });
}
