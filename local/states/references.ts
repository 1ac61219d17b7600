// Finds, in a parsed JSONata expression, references that Step Functions refuses because there is no context item.
import { isObject } from './json.ts';

/** Names that a path at the top level begins with, and `$` or `$$` where one of them is read. */
export function topLevelReferences(ast: unknown): readonly string[] {
  const names = new Set<string>();
  collect(ast, names);
  return [...names];
}

/** Whether the expression reads `$states.errorOutput`, which only a catcher has. */
export function readsErrorOutput(source: string): boolean {
  return /\$states\s*\.\s*errorOutput\b/.test(source);
}

/** Steps after the first, predicates, and what a sort, group or transform does have an item to refer to. */
function collect(node: unknown, names: Set<string>): void {
  if (Array.isArray(node)) {
    for (const item of node) collect(item, names);
    return;
  }
  if (!isObject(node)) return;
  switch (node.type) {
    case 'name':
      names.add(String(node.value));
      return;
    case 'variable':
      if (node.value === '' || node.value === '$') names.add(`$${node.value}`);
      return;
    case 'path':
      if (Array.isArray(node.steps)) collect(node.steps[0], names);
      return;
    case 'lambda':
    case 'transform':
    case 'sort':
      return;
    case 'apply':
      collect(node.lhs, names);
      collect(node.rhs, names);
      return;
    case 'bind':
      collect(node.rhs, names);
      return;
    case 'unary':
      collect(node.expression, names);
      collect(node.expressions, names);
      if (node.value === '{') collect(node.lhs, names);
      return;
    default:
      for (const part of ['lhs', 'rhs', 'expressions', 'arguments', 'condition', 'then', 'else']) {
        collect(node[part], names);
      }
  }
}
