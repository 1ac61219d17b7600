// A field whose JSON may contain expressions: literals stay as they are, `{% … %}` texts are evaluated.
import {
  type Bindings,
  type CompileExpression,
  type Expression,
  expectType,
  expressionIn,
} from './expression.ts';
import { isObject, type Json } from './json.ts';

export type Template =
  | { readonly kind: 'literal'; readonly value: Json }
  | { readonly kind: 'expression'; readonly expression: Expression; readonly field: string }
  | { readonly kind: 'list'; readonly items: readonly Template[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [name: string, value: Template])[] };

/** `field` is the path that errors name, such as `Output/items[0]`. */
export function compileTemplate(value: Json, field: string, compile: CompileExpression): Template {
  if (typeof value === 'string') {
    const source = expressionIn(value);
    return source === undefined
      ? { kind: 'literal', value }
      : { kind: 'expression', expression: compile(source), field };
  }
  if (Array.isArray(value)) {
    const items = value.map((item: Json, index) => compileTemplate(item, `${field}[${index}]`, compile));
    return items.every(item => item.kind === 'literal')
      ? { kind: 'literal', value }
      : { kind: 'list', items };
  }
  if (!isObject(value)) return { kind: 'literal', value };
  const members = Object.entries(value as { readonly [key: string]: Json }).map(
    ([name, member]) => [name, compileTemplate(member, `${field}/${name}`, compile)] as const,
  );
  return members.every(([, member]) => member.kind === 'literal')
    ? { kind: 'literal', value }
    : { kind: 'object', members };
}

export async function evaluateTemplate(template: Template, bindings: Bindings): Promise<Json> {
  switch (template.kind) {
    case 'literal':
      return template.value;
    case 'expression':
      return template.expression.evaluate(bindings, template.field);
    case 'list': {
      const items: Json[] = [];
      for (const item of template.items) items.push(await evaluateTemplate(item, bindings));
      return items;
    }
    case 'object': {
      const members: Record<string, Json> = {};
      for (const [name, member] of template.members) members[name] = await evaluateTemplate(member, bindings);
      return members;
    }
    default:
      return template satisfies never;
  }
}

/** As evaluateTemplate, for a field that must have one of the types. */
export async function evaluateAs(
  template: Template,
  types: readonly string[],
  field: string,
  bindings: Bindings,
): Promise<Json> {
  const value = await evaluateTemplate(template, bindings);
  expectType(value, types, field, template.kind === 'expression' ? template.expression.source : undefined);
  return value;
}
