// Lists in IAM's pages: Marker in, IsTruncated and Marker out.

interface Listing {
  readonly Marker?: string;
  readonly MaxItems?: number;
}

export function page<T>(member: string, all: readonly T[], { Marker, MaxItems = 100 }: Listing): object {
  const start = Marker === undefined ? 0 : Number(Buffer.from(Marker, 'base64').toString());
  const end = start + MaxItems;
  const isTruncated = end < all.length;
  return {
    [member]: all.slice(start, end),
    IsTruncated: isTruncated,
    ...(isTruncated && { Marker: Buffer.from(String(end)).toString('base64') }),
  };
}
