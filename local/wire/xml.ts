// XML answers: members of a shape as the query protocols write them.
import type { NormalizedSchema } from '@smithy/core/schema';
import { elementOf, type Members, membersOf, writeText } from './shapes.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
  '\u0085': '&#x85;',
  '\u2028': '&#x2028;',
};

export const escapeXml = (text: string) =>
  text.replace(/[&<>"\r\u0085\u2028]/g, found => entities[found] ?? found);

export const tag = (name: string, content: string) => `<${name}>${content}</${name}>`;

/** The members of a structure, without an element around them. */
export function writeMembers(shape: NormalizedSchema, value: Members): string {
  let xml = '';
  for (const [name, member] of membersOf(shape)) {
    const item = value[name];
    if (item !== undefined && item !== null)
      xml += writeElement(member, member.getMergedTraits().xmlName ?? name, item);
  }
  return xml;
}

function writeElement(shape: NormalizedSchema, name: string, value: unknown): string {
  if (shape.isStructSchema()) return tag(name, writeMembers(shape, value as Members));
  const flat = Boolean(shape.getMergedTraits().xmlFlattened);
  if (shape.isListSchema()) {
    const element = elementOf(shape);
    const itemName = flat ? name : (element.getMergedTraits().xmlName ?? 'member');
    const items = (value as unknown[]).map(item => writeElement(element, itemName, item)).join('');
    return flat ? items : tag(name, items);
  }
  if (shape.isMapSchema()) {
    const entries = Object.entries(value as Members).map(([key, item]) => writeEntry(shape, key, item));
    return flat
      ? entries.map(entry => tag(name, entry)).join('')
      : tag(name, entries.map(entry => tag('entry', entry)).join(''));
  }
  return tag(name, escapeXml(writeText(shape, value, 'date-time')));
}

function writeEntry(shape: NormalizedSchema, key: string, value: unknown): string {
  const element = elementOf(shape);
  const keyName = shape.getKeySchema().getMergedTraits().xmlName ?? 'key';
  const valueName = element.getMergedTraits().xmlName ?? 'value';
  return tag(keyName, escapeXml(key)) + writeElement(element, valueName, value);
}
