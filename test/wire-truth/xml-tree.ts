// An XML document as a tree that can be compared.
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
  readonly children: Element[];
}

export function xmlOf(text: string): Element {
  const root: Element = { name: '', attributes: {}, text: '', children: [] };
  const open = [root];
  for (const [, tag = '', after = ''] of text.matchAll(/<([^>]*)>([^<]*)/g)) {
    if (tag.startsWith('?')) continue;
    if (tag.startsWith('/')) {
      if (open.pop()?.name !== tag.slice(1).trim()) throw new Error(`ill-formed XML: ${text}`);
      continue;
    }
    const attributes = [...tag.matchAll(/\s([\w:]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]);
    const element: Element = {
      name: /^[^\s/]+/.exec(tag)?.[0] ?? '',
      attributes: Object.fromEntries(attributes),
      text: tag.endsWith('/') ? '' : after,
      children: [],
    };
    open.at(-1)?.children.push(element);
    if (!tag.endsWith('/')) open.push(element);
  }
  if (open.length !== 1) throw new Error(`ill-formed XML: ${text}`);
  return plain(root);
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const unescapeXml = (text: string) =>
  text.replace(/&(?:#x([0-9a-f]+)|(\w+));/gi, (whole, code?: string, name = '') =>
    code === undefined ? (entities[name] ?? whole) : String.fromCodePoint(Number.parseInt(code, 16)),
  );

/** Text between elements is layout. */
const plain = ({ name, attributes, text, children }: Element): Element => ({
  name,
  attributes: Object.fromEntries(
    Object.entries(attributes).map(([attribute, value]) => [attribute, unescapeXml(value)]),
  ),
  text: children.length > 0 ? '' : unescapeXml(text),
  // The order of members has no meaning, and differs among AWS's SDKs; that of a list's elements is kept.
  children: children.map(plain).sort((a, b) => a.name.localeCompare(b.name)),
});
