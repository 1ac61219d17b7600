// Mapping templates (VTL): request bodies in the service's protocol, every value escaped for the place it lands in.
import type { BoundMember } from './binding.ts';
import { decodedMembers, readBody } from './body-template.ts';
import type { Member, Operation, Shape } from './operation.ts';

/** A literal text in a template: VTL would read its own characters in it. */
const inJson = (value: unknown) =>
  JSON.stringify(value).replaceAll('$', '\\u0024').replaceAll('#', '\\u0023');
/** Half of a character: no UTF-8 for it exists. */
const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Percent-encodes everything that a form, or VTL, could read as its own. */
const inForm = (value: string) =>
  encodeURIComponent(value.replaceAll(loneSurrogate, '\ufffd')).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** A name as VTL text that nothing in it can end or be read as a reference in: names hold no quotes. */
const quoted = (name: string) => `'${name.replaceAll("'", '')}'`;
const jsonPath = (name: string) =>
  /^\w+$/.test(name) ? `'$.${name}'` : `"$['${name.replace(/["'$#]/g, '')}']"`;

/** escapeJavaScript turns ' into \', which is not JSON (documented by AWS with this very replacement). */
const escaped = (expression: string) => `"$util.escapeJavaScript(${expression}).replaceAll("\\\\'","'")"`;

const numbers = new Set(['integer', 'long', 'float', 'double', 'short', 'bigdecimal', 'biginteger', 'byte']);

/** A plain caller-supplied text as a JSON value of the member's type; what does not fit stays a string. */
function textAsJson(shape: Shape | undefined, expression: string): string {
  if (shape && numbers.has(shape.type)) {
    return `#if(${expression}.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?"))${expression}#else${escaped(expression)}#end`;
  }
  if (shape?.type === 'boolean') {
    return `#if(${expression} == "true" || ${expression} == "false")${expression}#else${escaped(expression)}#end`;
  }
  return escaped(expression);
}

const wireName = (name: string, member: Member) => member.locationName ?? name;

/** The body of a JSON protocol: exactly the operation's members, whatever else the caller sent. */
export function jsonTemplate(operation: Operation, members: readonly BoundMember[]): string {
  const lines: string[] = [];
  const inBody: string[] = [];
  for (const { member, definition, source } of members) {
    const key = inJson(wireName(member, definition));
    const shape = operation.shapes[definition.shape];
    if ('value' in source) {
      lines.push(`$comma${key}:${inJson(source.value)}#set($comma = ",")`);
    } else if (source.from === 'body') {
      const name = quoted(source.name);
      inBody.push(source.name);
      lines.push(
        `#if(!$coded && $body.containsKey(${name}))$comma${key}:$input.json(${jsonPath(source.name)})#set($comma = ",")#end`,
      );
    } else if (source.from !== 'payload') {
      const value = `$input.params(${quoted(source.name)})`;
      lines.push(
        `#if(${value} != "")#set($value = ${value})$comma${key}:${textAsJson(shape, '$value')}#set($comma = ",")#end`,
      );
    }
  }
  // Last, for a body that came as base64 is written whole behind everything else.
  const decoded = inBody.length > 0 ? [decodedMembers(inBody)] : [];
  const start = inBody.length > 0 ? [readBody] : [];
  return [...start, '#set($comma = "")', '{', ...lines, ...decoded, '}'].join('\n');
}

/** Names of a query-protocol parameter below `prefix`; VTL expressions inside stay as they are. */
class FormWriter {
  readonly lines: string[] = [];
  private variables = 0;
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
      const item = this.listPrefix(prefix, shape, member);
      for (const [index, element] of value.entries()) {
        this.constant(`${item}.${index + 1}`, { shape: shape.element ?? '' }, element);
      }
    } else if (shape?.type === 'map' && isRecord(value)) {
      for (const [index, [key, element]] of Object.entries(value).entries()) {
        const entry = this.mapPrefix(prefix, shape, member, String(index + 1));
        this.lines.push(`&${entry}.${shape.keyName ?? 'key'}=${inForm(key)}`);
        this.constant(`${entry}.${shape.valueName ?? 'value'}`, { shape: shape.value ?? '' }, element);
      }
    } else if (shape?.type === 'structure' && isRecord(value)) {
      for (const [name, below] of Object.entries(shape.members ?? {})) {
        if (name in value) this.constant(`${prefix}.${this.nameOf(name, below)}`, below, value[name]);
      }
    } else {
      this.lines.push(`&${prefix}=${inForm(typeof value === 'string' ? value : JSON.stringify(value))}`);
    }
  }

  /** A value of the caller's JSON body. `depth` bounds shapes that contain themselves. */
  value(prefix: string, member: Member, expression: string, depth = 0): void {
    const shape = this.operation.shapes[member.shape];
    if (depth > 4) return;
    if (shape?.type === 'list') {
      const element = this.variable();
      const index = this.loop(element, expression);
      this.value(
        `${this.listPrefix(prefix, shape, member)}.${index}`,
        { shape: shape.element ?? '' },
        element,
        depth + 1,
      );
      this.lines.push('#end');
    } else if (shape?.type === 'map') {
      const entry = this.variable();
      const name = this.mapPrefix(prefix, shape, member, this.loop(entry, `${expression}.entrySet()`));
      this.lines.push(`&${name}.${shape.keyName ?? 'key'}=$util.urlEncode("$!${entry.slice(1)}.key")`);
      this.value(
        `${name}.${shape.valueName ?? 'value'}`,
        { shape: shape.value ?? '' },
        `${entry}.value`,
        depth + 1,
      );
      this.lines.push('#end');
    } else if (shape?.type === 'structure') {
      for (const [name, below] of Object.entries(shape.members ?? {})) {
        const inner = this.variable();
        this.lines.push(
          `#if(${expression}.containsKey('${name}'))#set(${inner} = ${expression}.get('${name}'))`,
        );
        this.value(`${prefix}.${this.nameOf(name, below)}`, below, inner, depth + 1);
        this.lines.push('#end');
      }
    } else {
      this.lines.push(`&${prefix}=$util.urlEncode("$!${expression.slice(1)}")`);
    }
  }

  /** Opens a loop; its count is kept, for `$foreach` means the innermost loop only. */
  private loop(element: string, list: string): string {
    const index = this.variable().slice(1);
    this.lines.push(`#foreach(${element} in ${list})#set($${index} = $foreach.count)`);
    return `\${${index}}`;
  }

  private variable(): string {
    this.variables += 1;
    return `$v${this.variables}`;
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

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The body of a query-protocol request: Action and Version first, then exactly the operation's members. */
export function formTemplate(operation: Operation, members: readonly BoundMember[]): string {
  const writer = new FormWriter(operation);
  const fromBody = members.some(({ source }) => 'from' in source && source.from === 'body');
  for (const { member, definition, source } of members) {
    const name = writer.nameOf(member, definition);
    if ('value' in source) {
      writer.constant(name, definition, source.value);
    } else if (source.from === 'body') {
      const value = `$body.get(${quoted(source.name)})`;
      writer.lines.push(`#if($body.containsKey(${quoted(source.name)}))#set($value = ${value})`);
      writer.value(name, definition, '$value');
      writer.lines.push('#end');
    } else if (source.from !== 'payload') {
      const value = `$input.params(${quoted(source.name)})`;
      writer.lines.push(`#if(${value} != "")&${name}=$util.urlEncode(${value})#end`);
    }
  }
  // One line: a line break would become part of the value before it.
  const start = fromBody ? readBody : '';
  // Not at its beginning: Velocity would read #endAction as a name.
  return `Action=${operation.action}&Version=${operation.apiVersion}${start}${writer.lines.join('')}`;
}
