// The shapes of a service model as the catalog keeps them: those an input reaches, without documentation and defaults.
import type { Shape } from '../core/operation.ts';
import type { Model, ModelMember, ModelShape } from './model.ts';
import { encodeMember, plainTypes, type ShapeEntry } from './service-file.ts';

type Present<T, K extends keyof T> = { readonly [N in K]?: Exclude<T[N], undefined> };

const pick = <T extends object, K extends keyof T>(from: T, ...names: readonly K[]): Present<T, K> =>
  Object.fromEntries(
    names.flatMap(name => (from[name] === undefined ? [] : [[name, from[name]]])),
  ) as Present<T, K>;

const traitsOf = (shape: ModelShape) =>
  pick(
    shape,
    'required',
    'payload',
    'flattened',
    'enum',
    'min',
    'max',
    'pattern',
    'document',
    'streaming',
    'timestampFormat',
    'locationName',
  );

const memberTraitsOf = (member: ModelMember) =>
  pick(
    member,
    'location',
    'locationName',
    'queryName',
    'flattened',
    'idempotencyToken',
    'timestampFormat',
    'jsonvalue',
    'xmlAttribute',
    'xmlNamespace',
  );

export class ShapeTable {
  private readonly entries = new Map<string, ShapeEntry>();
  private readonly model: Model;

  constructor(model: Model) {
    this.model = model;
  }

  /** The name a shape goes by: its type, where that says everything. */
  nameOf(name: string): string {
    const shape = this.model.shapes[name];
    const type = plainTypes.find(one => one === shape?.type);
    if (!shape || !type || type in this.model.shapes) return name;
    return Object.keys(traitsOf(shape)).length === 0 ? type : name;
  }

  /** Takes a shape in, with everything it reaches. */
  add(start: string): string {
    const queue = [start];
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      const shape = this.model.shapes[name];
      if (!shape || this.entries.has(name) || this.nameOf(name) !== name) continue;
      this.entries.set(name, this.encode(shape));
      queue.push(...Object.values(shape.members ?? {}).map(member => member.shape));
      for (const part of [shape.member, shape.key, shape.value]) if (part) queue.push(part.shape);
    }
    return this.nameOf(start);
  }

  private encode(shape: ModelShape): ShapeEntry {
    const members = Object.entries(shape.members ?? {}).map(([name, member]) => {
      const below = { shape: this.nameOf(member.shape), ...memberTraitsOf(member) };
      return [name, encodeMember(name, below)];
    });
    const { member, key, value } = shape;
    const areAllRequired =
      shape.required !== undefined && shape.required.join() === members.map(([name]) => name).join();
    return {
      ...(shape.type !== 'structure' && { type: shape.type as Shape['type'] }),
      ...traitsOf(shape),
      ...(areAllRequired && { required: true as const }),
      ...(members.length > 0 && { members: Object.fromEntries(members) }),
      ...(member && { element: this.nameOf(member.shape) }),
      ...(member?.locationName && { elementName: member.locationName }),
      ...(key && { key: this.nameOf(key.shape) }),
      ...(key?.locationName && { keyName: key.locationName }),
      ...(value && { value: this.nameOf(value.shape) }),
      ...(value?.locationName && { valueName: value.locationName }),
    };
  }

  table(): Readonly<Record<string, ShapeEntry>> {
    return Object.fromEntries([...this.entries].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
