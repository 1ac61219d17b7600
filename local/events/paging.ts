// Pages of a list, by Limit and NextToken.
import { validation } from './errors.ts';

export function page<T>(
  all: readonly T[],
  { Limit = 100, NextToken }: { Limit?: number | undefined; NextToken?: string | undefined },
): { readonly items: readonly T[]; readonly NextToken?: string } {
  const start = NextToken === undefined ? 0 : Number(Buffer.from(NextToken, 'base64').toString());
  if (!Number.isInteger(start) || start < 0) throw validation('The next token is not valid.');
  const end = start + Limit;
  return {
    items: all.slice(start, end),
    ...(end < all.length && { NextToken: Buffer.from(String(end)).toString('base64') }),
  };
}
