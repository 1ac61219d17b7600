// Cuts a list into the pages that `limit` and `position` ask for.
import { badRequest } from './errors.ts';

const defaultLimit = 25;
const largestLimit = 500;

export interface PageRequest {
  readonly limit?: number | undefined;
  readonly position?: string | undefined;
}

export interface Page<T> {
  readonly items: T[];
  readonly position?: string;
}

/** `position` names the last item of the previous page, so a page stays right while items come and go before it. */
export function pageOf<T>(all: readonly T[], idOf: (item: T) => string, request: PageRequest): Page<T> {
  const after = request.position ? startAfter(all, idOf, request.position) : 0;
  const limit = Math.min(request.limit && request.limit > 0 ? request.limit : defaultLimit, largestLimit);
  const items = all.slice(after, after + limit);
  const last = items.at(-1);
  if (after + limit >= all.length || last === undefined) return { items };
  return { items, position: Buffer.from(idOf(last)).toString('base64url') };
}

function startAfter<T>(all: readonly T[], idOf: (item: T) => string, position: string): number {
  const id = Buffer.from(position, 'base64url').toString();
  const index = all.findIndex(item => idOf(item) === id);
  if (index === -1) throw badRequest(`Invalid position parameter: ${position}`);
  return index + 1;
}
