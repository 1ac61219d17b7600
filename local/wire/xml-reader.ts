// XML as the query services write it: elements and text, and the members of a shape in them.
import type { NormalizedSchema } from '@smithy/core/schema';
import { elementOf, type Members, malformed, membersOf, readText } from './shapes.ts';

export interface XmlElement {
  readonly name: string;
  text: string;
  readonly children: XmlElement[];
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const unescapeXml = (text: string) =>
  text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return entities[name] ?? whole;
    return String.fromCodePoint(Number(name.replace('#x', '0x').replace('#', '')));
  });

/** Elements and text only: attributes and comments are passed over, document types are not known. */
export function parseXml(xml: string): XmlElement {
  const root: XmlElement = { name: '', text: '', children: [] };
  const open = [root];
  for (const [, tag, text] of xml.matchAll(/<(\?[^>]*\?|!--.*?--|[^>]*)>([^<]*)/gs)) {
    if (tag === undefined || tag.startsWith('?') || tag.startsWith('!')) continue;
    if (tag.startsWith('/')) open.pop();
    else {
      const name = /^[^\s/]+/.exec(tag)?.[0] ?? '';
      const element: XmlElement = {
        name: name.replace(/^.*:/, ''),
        text: unescapeXml(text ?? ''),
        children: [],
      };
      open.at(-1)?.children.push(element);
      if (!tag.endsWith('/')) open.push(element);
    }
  }
  const document = root.children[0];
  if (!document || open.length !== 1) throw malformed('The XML is not well-formed');
  return document;
}

export function readXml(shape: NormalizedSchema, element: XmlElement): unknown {
  if (shape.isStructSchema()) {
    const members: Members = {};
    for (const [name, member] of membersOf(shape)) {
      const value = readMember(member, element, member.getMergedTraits().xmlName ?? name);
      if (value !== undefined) members[name] = value;
    }
    return members;
  }
  return readText(shape, element.text, element.name);
}

function readMember(member: NormalizedSchema, parent: XmlElement, name: string): unknown {
  const found = parent.children.filter(child => child.name === name);
  const first = found[0];
  if (!first) return undefined;
  const isFlat = Boolean(member.getMergedTraits().xmlFlattened);
  if (member.isListSchema()) {
    const element = elementOf(member);
    const items = isFlat ? found : first.children;
    return items.map(item => readXml(element, item));
  }
  if (member.isMapSchema()) return readEntries(member, isFlat ? found : first.children);
  return readXml(member, first);
}

function readEntries(map: NormalizedSchema, entries: readonly XmlElement[]): Members {
  const element = elementOf(map);
  const keyName = map.getKeySchema().getMergedTraits().xmlName ?? 'key';
  const valueName = element.getMergedTraits().xmlName ?? 'value';
  const child = (entry: XmlElement, name: string) => entry.children.find(found => found.name === name);
  return Object.fromEntries(
    entries.map(entry => {
      const value = child(entry, valueName);
      return [child(entry, keyName)?.text ?? '', value && readXml(element, value)];
    }),
  );
}
