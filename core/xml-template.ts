// Mapping template of an XML body, made from the caller's JSON: exactly the operation's members, every value escaped.
import { type BoundMember, fillsToken } from './binding.ts';
import { readBody } from './body-template.ts';
import type { Member, Operation, Shape, XmlNamespace } from './operation.ts';
import { escapedXml, inXml, isRecord, plainText, quoted, TemplateLines } from './template-text.ts';

const namespace = (of: XmlNamespace | undefined): string =>
  of ? ` xmlns${of.prefix === undefined ? '' : `:${of.prefix}`}="${of.uri}"` : '';

const tagOf = (name: string, member: Member) => member.locationName ?? name;

class XmlWriter {
  readonly out = new TemplateLines();
  private readonly operation: Operation;

  constructor(operation: Operation) {
    this.operation = operation;
  }

  /** A constant, written out when the template is made. */
  constant(tag: string, member: Member, value: unknown): void {
    const shape = this.operation.shapes[member.shape];
    if (shape?.type === 'list' && Array.isArray(value)) {
      this.wrapped(tag, shape, member, shape.elementName ?? 'member', item => {
        for (const element of value) this.constant(item, { shape: shape.element ?? '' }, element);
      });
    } else if (shape?.type === 'map' && isRecord(value)) {
      this.wrapped(tag, shape, member, 'entry', entry => {
        for (const [key, element] of Object.entries(value)) {
          this.out.push(`<${entry}><${shape.keyName ?? 'key'}>${inXml(key)}</${shape.keyName ?? 'key'}>`);
          this.constant(shape.valueName ?? 'value', { shape: shape.value ?? '' }, element);
          this.out.push(`</${entry}>`);
        }
      });
    } else if (shape?.type === 'structure' && isRecord(value)) {
      const attributes = this.attributesOf(shape).filter(([name]) => name in value);
      this.out.push(
        `<${tag}${namespace(member.xmlNamespace)}`,
        ...attributes.map(([name, below]) => ` ${tagOf(name, below)}="${inXml(plainText(value[name]))}"`),
        '>',
      );
      for (const [name, below] of this.elementsOf(shape)) {
        if (name in value) this.constant(tagOf(name, below), below, value[name]);
      }
      this.out.push(`</${tag}>`);
    } else {
      this.out.push(`<${tag}>${inXml(plainText(value))}</${tag}>`);
    }
  }

  /** A value of the caller's JSON body. `within` are the structures around it. */
  value(tag: string, member: Member, expression: string, within: readonly Shape[] = []): void {
    const shape = this.operation.shapes[member.shape];
    if (shape?.type === 'list') {
      this.wrapped(tag, shape, member, shape.elementName ?? 'member', item =>
        this.out.forEach(expression, element =>
          this.value(item, { shape: shape.element ?? '' }, element, within),
        ),
      );
    } else if (shape?.type === 'map') {
      this.wrapped(tag, shape, member, 'entry', entry =>
        this.out.forEach(`${expression}.entrySet()`, pair => {
          const key = shape.keyName ?? 'key';
          this.out.push(`<${entry}><${key}>${escapedXml(`${pair}.key`)}</${key}>`);
          this.value(shape.valueName ?? 'value', { shape: shape.value ?? '' }, `${pair}.value`, within);
          this.out.push(`</${entry}>`);
        }),
      );
    } else if (shape?.type === 'structure') {
      this.structure(tag, shape, member, expression, within);
    } else {
      this.out.push(`<${tag}>${escapedXml(expression)}</${tag}>`);
    }
  }

  private structure(
    tag: string,
    shape: Shape,
    member: Member,
    expression: string,
    within: readonly Shape[],
  ): void {
    // A shape that contains itself is written to some depth: a template has no recursion.
    if (within.filter(one => one === shape).length > 3) return;
    this.out.push(`<${tag}${namespace(member.xmlNamespace)}`);
    for (const [name, below] of this.attributesOf(shape)) {
      this.out.whereGiven(expression, name, value =>
        this.out.push(` ${tagOf(name, below)}="${escapedXml(value)}"`),
      );
    }
    this.out.push('>');
    for (const [name, below] of this.elementsOf(shape)) {
      this.out.whereGiven(expression, name, value =>
        this.value(tagOf(name, below), below, value, [...within, shape]),
      );
    }
    this.out.push(`</${tag}>`);
  }

  /** The elements of a flattened collection stand without one around them and go by its name. */
  private wrapped(
    tag: string,
    shape: Shape,
    member: Member,
    item: string,
    write: (item: string) => void,
  ): void {
    if (shape.flattened || member.flattened) {
      write(tag);
      return;
    }
    this.out.push(`<${tag}${namespace(member.xmlNamespace)}>`);
    write(item);
    this.out.push(`</${tag}>`);
  }

  private attributesOf = ({ members = {} }: Shape) =>
    Object.entries(members).filter(([, { xmlAttribute }]) => xmlAttribute);
  private elementsOf = ({ members = {} }: Shape) =>
    Object.entries(members).filter(([, { xmlAttribute }]) => !xmlAttribute);
}

/** The member that is the whole body: its element, from the caller's whole JSON. */
export function xmlPayloadTemplate(operation: Operation, { member, definition }: BoundMember): string {
  const writer = new XmlWriter(operation);
  const tag = definition.locationName ?? operation.shapes[definition.shape]?.locationName ?? member;
  writer.value(tag, definition, '$body');
  return `${readBody}#if($body.size() > 0)${writer.out.lines.join('')}#end`;
}

/** Members of the body below the operation's own root element. */
export function xmlTemplate(operation: Operation, members: readonly BoundMember[]): string {
  const writer = new XmlWriter(operation);
  const { out } = writer;
  const { locationName = `${operation.action}Request`, xmlNamespace } = operation.root ?? {};
  const fromBody = members.some(({ source }) => 'from' in source && source.from === 'body');
  for (const { member, definition, source } of members) {
    const tag = tagOf(member, definition);
    const token = fillsToken(operation, definition) ? `<${tag}>$context.requestId</${tag}>` : '';
    if ('value' in source) {
      writer.constant(tag, definition, source.value);
    } else if ('context' in source) {
      out.push(token);
    } else if (source.from === 'body') {
      out.whereGiven('$body', source.name, value => writer.value(tag, definition, value), token);
    } else if (source.from !== 'payload') {
      const value = `$input.params(${quoted(source.name)})`;
      const text = escapedXml('$value');
      out.push(
        `#if(${value} != "")#set($value = ${value})<${tag}>${text}</${tag}>${token && `#else${token}`}#end`,
      );
    }
  }
  const document = `<${locationName}${namespace(xmlNamespace)}>${out.lines.join('')}</${locationName}>`;
  if (!fromBody) return document;
  const isOptional = members.every(
    ({ required, source }) => !required && 'from' in source && source.from === 'body',
  );
  // As the SDKs do: without anything to say there is no document.
  return `${readBody}${isOptional ? `#if($body.size() > 0)${document}#end` : document}`;
}
