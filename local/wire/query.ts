// Query requests: members of a shape from `Action=…&Name.member.1=…` forms.
import type { NormalizedSchema } from '@smithy/core/schema';
import { elementOf, type Members, membersOf, readText } from './shapes.ts';

/** The form's names split at their dots, as a tree. */
interface Node {
  text?: string;
  readonly children: Map<string, Node>;
}

export function readQuery(shape: NormalizedSchema, form: URLSearchParams): Members {
  const root: Node = { children: new Map() };
  for (const [name, text] of form) {
    let node = root;
    for (const part of name.split('.')) {
      let child = node.children.get(part);
      if (!child) {
        child = { children: new Map() };
        node.children.set(part, child);
      }
      node = child;
    }
    node.text = text;
  }
  return shape.isUnitSchema() ? {} : readStructure(shape, root);
}

function readStructure(shape: NormalizedSchema, node: Node): Members {
  const members: Members = {};
  for (const [name, member] of membersOf(shape)) {
    const child = node.children.get(member.getMergedTraits().xmlName ?? name) ?? node.children.get(name);
    if (child) members[name] = read(member, child);
  }
  return members;
}

function read(shape: NormalizedSchema, node: Node): unknown {
  if (shape.isStructSchema()) return readStructure(shape, node);
  if (shape.isListSchema()) {
    const element = elementOf(shape);
    return numbered(itemsOf(shape, node, element.getMergedTraits().xmlName ?? 'member')).map(item =>
      read(element, item),
    );
  }
  if (shape.isMapSchema()) return readMap(shape, node);
  return readText(shape, node.text ?? '', shape.getName() ?? 'value');
}

function readMap(shape: NormalizedSchema, node: Node): Members {
  const element = elementOf(shape);
  const keyName = shape.getKeySchema().getMergedTraits().xmlName ?? 'key';
  const valueName = element.getMergedTraits().xmlName ?? 'value';
  const members: Members = {};
  for (const entry of numbered(itemsOf(shape, node, 'entry'))) {
    const key = entry.children.get(keyName)?.text;
    const value = entry.children.get(valueName);
    if (key !== undefined && value) members[key] = read(element, value);
  }
  return members;
}

/** Flattened collections have no name between theirs and the number; clients that flatten none are understood too. */
function itemsOf(shape: NormalizedSchema, node: Node, name: string): Node {
  const nested = node.children.get(name);
  return nested && !shape.getMergedTraits().xmlFlattened ? nested : (nested ?? node);
}

function numbered(node: Node): Node[] {
  return [...node.children]
    .filter(([name]) => /^\d+$/.test(name))
    .sort(([left], [right]) => Number(left) - Number(right))
    .map(([, child]) => child);
}
