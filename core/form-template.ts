// Mapping template of a query-protocol form: Action and Version first, then exactly the operation's members.
import { type BoundMember, fillsToken } from './binding.ts';
import { readBody } from './body-template.ts';
import type { Member, Operation, Shape } from './operation.ts';
import { inForm, isRecord, plainText, quoted, TemplateLines } from './template-text.ts';

/** Names of a parameter below `prefix`; VTL expressions inside stay as they are. */
class FormWriter {
  readonly out = new TemplateLines();
  private readonly operation: Operation;

  constructor(operation: Operation) {
    this.operation = operation;
  }

  private get isEc2(): boolean {
    return this.operation.protocol === 'ec2';
  }

  nameOf(name: string, member: Member): string {
    if (!this.isEc2) return member.locationName ?? name;
    const wire = member.queryName ?? member.locationName ?? name;
    return wire.charAt(0).toUpperCase() + wire.slice(1);
  }

  /** A constant, written out when the template is made. */
  constant(prefix: string, member: Member, value: unknown): void {
    const shape = this.operation.shapes[member.shape];
    if (shape?.type === 'list' && Array.isArray(value)) {
      if (value.length === 0) this.out.push(this.empty(prefix));
      const item = this.listPrefix(prefix, shape, member);
      for (const [index, element] of value.entries()) {
        this.constant(`${item}.${index + 1}`, { shape: shape.element ?? '' }, element);
      }
    } else if (shape?.type === 'map' && isRecord(value)) {
      for (const [index, [key, element]] of Object.entries(value).entries()) {
        const entry = this.mapPrefix(prefix, shape, member, String(index + 1));
        this.out.push(`&${entry}.${shape.keyName ?? 'key'}=${inForm(key)}`);
        this.constant(`${entry}.${shape.valueName ?? 'value'}`, { shape: shape.value ?? '' }, element);
      }
    } else if (shape?.type === 'structure' && isRecord(value)) {
      for (const [name, below] of Object.entries(shape.members ?? {})) {
        if (name in value) this.constant(`${prefix}.${this.nameOf(name, below)}`, below, value[name]);
      }
    } else {
      this.out.push(`&${prefix}=${inForm(plainText(value))}`);
    }
  }

  /** A value of the caller's JSON body. `within` are the structures around it. */
  value(prefix: string, member: Member, expression: string, within: readonly Shape[] = []): void {
    const shape = this.operation.shapes[member.shape];
    if (shape?.type === 'list') {
      const empty = this.empty(prefix);
      if (empty) this.out.push(`#if(${expression}.size() == 0)${empty}#end`);
      this.out.forEach(expression, (element, count) => {
        const item = `${this.listPrefix(prefix, shape, member)}.${count}`;
        this.value(item, { shape: shape.element ?? '' }, element, within);
      });
    } else if (shape?.type === 'map') {
      this.out.forEach(`${expression}.entrySet()`, (entry, count) => {
        const name = this.mapPrefix(prefix, shape, member, count);
        this.out.push(`&${name}.${shape.keyName ?? 'key'}=$util.urlEncode("$!${entry.slice(1)}.key")`);
        const below = { shape: shape.value ?? '' };
        this.value(`${name}.${shape.valueName ?? 'value'}`, below, `${entry}.value`, within);
      });
    } else if (shape?.type === 'structure') {
      // A shape that contains itself is written to some depth: a template has no recursion.
      if (within.filter(one => one === shape).length > 3) return;
      for (const [name, below] of Object.entries(shape.members ?? {})) {
        this.out.whereGiven(expression, name, value =>
          this.value(`${prefix}.${this.nameOf(name, below)}`, below, value, [...within, shape]),
        );
      }
    } else {
      this.out.push(`&${prefix}=$util.urlEncode("$!${expression.slice(1)}")`);
    }
  }

  /** An empty list is said by the name alone in the query protocol, not at all in EC2's. */
  private empty(prefix: string): string {
    return this.isEc2 ? '' : `&${prefix}=`;
  }

  private listPrefix(prefix: string, shape: Shape, member: Member): string {
    if (this.isEc2 || shape.flattened || member.flattened) {
      if (this.isEc2 || !shape.elementName) return prefix;
      return `${prefix.slice(0, prefix.lastIndexOf('.') + 1)}${shape.elementName}`;
    }
    return `${prefix}.${shape.elementName ?? 'member'}`;
  }

  private mapPrefix(prefix: string, shape: Shape, member: Member, index: string): string {
    return shape.flattened || member.flattened ? `${prefix}.${index}` : `${prefix}.entry.${index}`;
  }
}

export function formTemplate(operation: Operation, members: readonly BoundMember[]): string {
  const writer = new FormWriter(operation);
  const { out } = writer;
  const fromBody = members.some(({ source }) => 'from' in source && source.from === 'body');
  for (const { member, definition, source } of members) {
    const name = writer.nameOf(member, definition);
    const token = fillsToken(operation, definition) ? `&${name}=$context.requestId` : '';
    if ('value' in source) {
      writer.constant(name, definition, source.value);
    } else if ('context' in source) {
      out.push(token);
    } else if (source.from === 'body') {
      out.whereGiven('$body', source.name, value => writer.value(name, definition, value), token);
    } else if (source.from !== 'payload') {
      const value = `$input.params(${quoted(source.name)})`;
      out.push(`#if(${value} != "")&${name}=$util.urlEncode(${value})${token && `#else${token}`}#end`);
    }
  }
  // One line: a line break would become part of the value before it.
  const start = fromBody ? readBody : '';
  // Not at its beginning: Velocity would read #endAction as a name.
  return `Action=${operation.action}&Version=${operation.apiVersion}${start}${out.lines.join('')}`;
}
