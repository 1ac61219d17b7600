// A caller's JSON for a route with a marker in the place of every text, so that each can be found again in what is sent.
import { jsonName } from '../../core/binding.ts';
import type { Member, Operation } from '../../core/operation.ts';

/** Texts beyond these say nothing new about a template. */
const mostMarkers = 60;

export class MarkedInput {
  count = 0;
  private readonly operation: Operation;

  constructor(operation: Operation) {
    this.operation = operation;
  }

  /** Undefined for a shape that is too deep to go on. */
  value(member: Member, depth = 0): unknown {
    const shape = this.operation.shapes[member.shape];
    if (!shape || depth > 7 || this.count > mostMarkers) return undefined;
    if (shape.document) return { [this.marker()]: [this.marker()] };
    switch (shape.type) {
      case 'structure': {
        const members = Object.entries(shape.members ?? {}).map(([name, below]) => [
          jsonName(this.operation, name, below),
          this.value(below, depth + 1),
        ]);
        return Object.fromEntries(members.filter(([, value]) => value !== undefined));
      }
      case 'list': {
        const items = [0, 1].map(() => this.value({ shape: shape.element ?? '' }, depth + 1));
        return items.filter(item => item !== undefined);
      }
      case 'map': {
        const key = this.marker();
        const value = this.value({ shape: shape.value ?? '' }, depth + 1);
        return value === undefined ? {} : { [key]: value };
      }
      case 'boolean':
        return true;
      case 'string':
      case 'character':
      case 'blob':
      case 'timestamp':
        return this.marker();
      default:
        return 7;
    }
  }

  private marker(): string {
    this.count += 1;
    return `marker${this.count}`;
  }
}

/** The same with other texts, as values and as names. */
export function replaced(value: unknown, texts: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return texts.get(value) ?? value;
  if (Array.isArray(value)) return value.map(item => replaced(item, texts));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [texts.get(name) ?? name, replaced(item, texts)]),
  );
}
