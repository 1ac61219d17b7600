// S3's two listings of a bucket, made of all its objects: the library puts keys into a dictionary's order
// and compares them in another, so that its pages lose some.
import type { WireRequest } from '../service.ts';

type Input = Readonly<Record<string, unknown>>;

interface Entry {
  readonly key: string;
  /** The object's element, as the library wrote it. */
  readonly xml: string;
}

export const isListing = (operation: string) => operation === 'ListObjects' || operation === 'ListObjectsV2';

/** Asks the library for everything in the bucket. */
export const allOf = (request: WireRequest): WireRequest => ({
  ...request,
  query: `list-type=2&max-keys=${Number.MAX_SAFE_INTEGER}`,
});

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const unescaped = (text: string) =>
  text
    .replaceAll('&apos;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&gt;', '>')
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&');

/** Keys are in the order of their bytes. */
const isAfter = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b)) > 0;

function entriesOf(xml: string): readonly Entry[] {
  const found = [...xml.matchAll(/<Contents><Key>(.*?)<\/Key>.*?<\/Contents>/gs)];
  return found
    .map(([element, key = '']) => ({ key: unescaped(key), xml: element }))
    .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');

/** What counts as one of a page: an object, or all the objects below a common prefix. */
function page(entries: readonly Entry[], input: Input, after: string, limit: number) {
  const prefix = textOf(input.Prefix);
  const delimiter = textOf(input.Delimiter);
  const shown: { readonly name: string; readonly object?: Entry }[] = [];
  for (const entry of entries) {
    if (!entry.key.startsWith(prefix)) continue;
    const end = delimiter === '' ? -1 : entry.key.indexOf(delimiter, prefix.length);
    const name = end === -1 ? entry.key : entry.key.slice(0, end + delimiter.length);
    if (!isAfter(name, after) || name === shown.at(-1)?.name) continue;
    if (shown.length === limit) return { shown, isTruncated: limit > 0 };
    shown.push(end === -1 ? { name, object: entry } : { name });
  }
  return { shown, isTruncated: false };
}

/** The answer, of the library's listing of the whole bucket. */
export function listing(operation: string, input: Input, everything: string): string {
  const isSecond = operation === 'ListObjectsV2';
  const token = textOf(input.ContinuationToken);
  const after = token ? Buffer.from(token, 'base64').toString() : textOf(input.StartAfter ?? input.Marker);
  const maxKeys = Math.min(typeof input.MaxKeys === 'number' ? input.MaxKeys : 1000, 1000);
  const { shown, isTruncated } = page(entriesOf(everything), input, after, maxKeys);
  const isUrl = input.EncodingType === 'url';
  const written = (text: string) => (isUrl ? encodeURIComponent(text).replaceAll('%2F', '/') : escaped(text));
  const tag = (name: string, value: unknown) =>
    value === undefined ? '' : `<${name}>${String(value)}</${name}>`;
  const given = (name: string) => (typeof input[name] === 'string' ? tag(name, written(input[name])) : '');

  const last = shown.at(-1)?.name ?? '';
  const next = isTruncated ? last : undefined;
  const paging = isSecond
    ? tag('ContinuationToken', input.ContinuationToken) +
      tag('NextContinuationToken', next === undefined ? undefined : Buffer.from(next).toString('base64')) +
      given('StartAfter') +
      tag('KeyCount', shown.length)
    : tag('Marker', written(textOf(input.Marker))) +
      // The older listing says where to go on only where a delimiter hides the last key.
      tag('NextMarker', next === undefined || !input.Delimiter ? undefined : written(next));
  const objects = shown.map(({ object }) =>
    object ? object.xml.replace(/<Key>.*?<\/Key>/s, () => tag('Key', written(object.key))) : '',
  );
  const prefixes = shown.map(({ name, object }) =>
    object ? '' : tag('CommonPrefixes', tag('Prefix', written(name))),
  );
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
    tag('Name', input.Bucket) +
    tag('Prefix', written(textOf(input.Prefix))) +
    paging +
    tag('MaxKeys', maxKeys) +
    given('Delimiter') +
    tag('EncodingType', input.EncodingType) +
    tag('IsTruncated', isTruncated) +
    objects.join('') +
    prefixes.join('') +
    '</ListBucketResult>'
  );
}
