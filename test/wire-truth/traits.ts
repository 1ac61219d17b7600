// The traits of a service model that an input exercises.
import type { Member, Operation, Shape } from '../../core/operation.ts';

/** Every trait that inputs of AWS's models have. */
export const allTraits = [
  ...['list', 'flattened list', 'map', 'flattened map', 'structure', 'recursion', 'document', 'enum', 'blob'],
  ...['boolean', 'integer', 'long', 'float', 'double', 'timestamp', 'iso8601', 'rfc822', 'unixTimestamp'],
  ...[
    'locationName',
    'queryName',
    'idempotencyToken',
    'jsonvalue',
    'xmlAttribute',
    'xmlNamespace',
    'root element',
  ],
  ...['uri', 'greedy uri', 'querystring', 'querystring list', 'header', 'header list', 'header timestamp'],
  ...['headers by prefix', 'static query', 'payload', 'raw payload', 'element name', 'key and value names'],
] as const;

type Trait = (typeof allTraits)[number];

export function traitsOf(operation: Operation, input: Readonly<Record<string, unknown>>): Set<Trait> {
  const found = new Set<Trait>();
  if (operation.http.uri.includes('?')) found.add('static query');
  if (operation.root) found.add('root element');
  const payload = operation.input?.payload;
  if (payload !== undefined && payload in input) {
    const type = operation.shapes[operation.input?.members?.[payload]?.shape ?? '']?.type;
    found.add(type === 'structure' ? 'payload' : 'raw payload');
  }
  for (const [name, value] of Object.entries(input)) {
    const member = operation.input?.members?.[name];
    if (!member) continue;
    addPlace(operation, name, member, found);
    addShape(operation, member, value, [], found);
  }
  for (const { idempotencyToken } of Object.values(operation.input?.members ?? {})) {
    if (idempotencyToken) found.add('idempotencyToken');
  }
  return found;
}

function addPlace({ http, shapes }: Operation, name: string, member: Member, found: Set<Trait>): void {
  const type = shapes[member.shape]?.type;
  const { location } = member;
  if (location === 'uri' || location === 'querystring' || location === 'header') found.add(location);
  if (location === 'uri' && http.uri.includes(`{${member.locationName ?? name}+}`)) found.add('greedy uri');
  if (location === 'querystring' && type === 'list') found.add('querystring list');
  if (location === 'header' && type === 'list') found.add('header list');
  if (location === 'header' && type === 'timestamp') found.add('header timestamp');
  if (location === 'headers') found.add('headers by prefix');
}

function addShape(
  operation: Operation,
  member: Member,
  value: unknown,
  within: readonly Shape[],
  found: Set<Trait>,
): void {
  const shape = operation.shapes[member.shape];
  if (!shape) return;
  for (const trait of ['locationName', 'queryName', 'jsonvalue', 'xmlAttribute', 'xmlNamespace'] as const) {
    if (member[trait]) found.add(trait);
  }
  const format = member.timestampFormat ?? shape.timestampFormat;
  if (format) found.add(format);
  if (shape.enum) found.add('enum');
  if (within.includes(shape)) found.add('recursion');
  if (shape.document) found.add('document');
  const isFlat = shape.flattened || member.flattened;
  const below = [...within, shape];
  const type = allTraits.find(trait => trait === shape.type);
  if (type) found.add(type);
  if (shape.type === 'list' && Array.isArray(value)) {
    if (isFlat) found.add('flattened list');
    if (shape.elementName) found.add('element name');
    for (const item of value) addShape(operation, { shape: shape.element ?? '' }, item, below, found);
  } else if (shape.type === 'map') {
    if (isFlat) found.add('flattened map');
    if (shape.keyName || shape.valueName) found.add('key and value names');
    for (const item of Object.values(value ?? {}))
      addShape(operation, { shape: shape.value ?? '' }, item, below, found);
  } else if (shape.type === 'structure' && !shape.document) {
    for (const [name, item] of Object.entries(value ?? {})) {
      addShape(operation, shape.members?.[name] ?? { shape: '' }, item, below, found);
    }
  }
}
