// Pages of a list: a token says where the next one starts.
import { invalidToken, validation } from './errors.ts';

export interface PageRequest {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

/** 0 and nothing both mean the default of AWS. */
export function pageOf(
  { maxResults, nextToken }: PageRequest,
  defaultSize: number,
): { start: number; size: number } {
  if (maxResults !== undefined && (maxResults < 0 || maxResults > 1000)) {
    const bound = maxResults < 0 ? 'greater than or equal to 0' : 'less than or equal to 1000';
    throw validation(
      `Value '${maxResults}' at 'maxResults' failed to satisfy constraint: Member must have value ${bound}`,
    );
  }
  return { start: nextToken === undefined ? 0 : startIn(nextToken), size: maxResults || defaultSize };
}

function startIn(token: string): number {
  const text = Buffer.from(token, 'base64url').toString();
  if (!/^from=\d+$/.test(text)) throw invalidToken();
  return Number(text.slice('from='.length));
}

export const tokenAt = (start: number, total: number) =>
  start < total ? { nextToken: Buffer.from(`from=${start}`).toString('base64url') } : {};

export function page<T>(items: readonly T[], request: PageRequest, defaultSize = 100) {
  const { start, size } = pageOf(request, defaultSize);
  return { items: items.slice(start, start + size), ...tokenAt(start + size, items.length) };
}
