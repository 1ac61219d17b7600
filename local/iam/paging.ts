// IAM's paging: MaxItems and Marker in, IsTruncated and Marker out.
import { validationError } from './errors.ts';
import { violation } from './validate.ts';

interface Page<T> {
  readonly items: T[];
  readonly page: { readonly IsTruncated: boolean; readonly Marker?: string };
}

interface Paging {
  readonly MaxItems?: number | undefined;
  readonly Marker?: string | undefined;
}

export function pageOf<T>(all: readonly T[], { MaxItems = 100, Marker }: Paging): Page<T> {
  if (MaxItems < 1)
    throw violation(MaxItems, 'maxItems', 'Member must have value greater than or equal to 1');
  if (MaxItems > 1000)
    throw violation(MaxItems, 'maxItems', 'Member must have value less than or equal to 1000');
  const start = Marker === undefined ? 0 : Number(Buffer.from(Marker, 'base64url').toString());
  if (!Number.isInteger(start) || start < 0) throw validationError(`Invalid Marker: ${Marker}`);
  const end = start + MaxItems;
  const isTruncated = end < all.length;
  const next = isTruncated && { Marker: Buffer.from(String(end)).toString('base64url') };
  return { items: all.slice(start, end), page: { IsTruncated: isTruncated, ...next } };
}
