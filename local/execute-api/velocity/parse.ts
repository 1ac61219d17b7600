// Reads a Velocity template (1.7): text, references and directives.
import { Cursor } from './cursor.ts';
import { readExpression, readReference } from './expressions.ts';
import type { Branch, Node } from './syntax.ts';

const directive =
  /#(?:\{(set|if|elseif|else|end|foreach|define|break|stop)\}|(set|if|elseif|else|end|foreach|define|break|stop)(?![A-Za-z0-9_]))/y;
const takesParentheses = new Set(['set', 'if', 'elseif', 'foreach', 'define']);

const templates = new Map<string, readonly Node[]>();

/** @throws TemplateError */
export function parseTemplate(text: string): readonly Node[] {
  let nodes = templates.get(text);
  if (!nodes) {
    const cursor = new Cursor(text);
    const { body, end } = readNodes(cursor);
    if (end !== undefined) throw cursor.error(`#${end} ends nothing`);
    nodes = body;
    if (templates.size >= 500) templates.clear();
    templates.set(text, nodes);
  }
  return nodes;
}

interface Block {
  readonly body: readonly Node[];
  /** The directive that ended it; undefined at the end of the text. */
  readonly end?: string;
}

function readNodes(cursor: Cursor): Block {
  const body: Node[] = [];
  const push = (text: string) => {
    const before = body.at(-1);
    if (before?.kind === 'text') body[body.length - 1] = { kind: 'text', text: before.text + text };
    else if (text !== '') body.push({ kind: 'text', text });
  };
  while (!cursor.isAtEnd) {
    push(cursor.match(/[^$#\\]+/y) ?? '');
    const backslashes = cursor.match(/\\+/y)?.length ?? 0;
    const mark = cursor.at;
    const reference = readReference(cursor);
    if (reference) {
      body.push({ kind: 'reference', reference, source: cursor.text.slice(mark, cursor.at), backslashes });
      continue;
    }
    const name = readDirectiveName(cursor);
    if (name !== undefined) {
      push('\\'.repeat(backslashes >> 1));
      if (backslashes % 2 === 1) push(cursor.text.slice(mark, cursor.at));
      else if (name === 'end' || name === 'else' || name === 'elseif') return { body, end: name };
      else body.push(readDirective(cursor, name));
      continue;
    }
    cursor.at = mark;
    push('\\'.repeat(backslashes));
    if (backslashes === 0) push(readSpecial(cursor) ?? cursor.match(/[$#]/y) ?? '');
  }
  return { body };
}

function readDirectiveName(cursor: Cursor): string | undefined {
  const start = cursor.at;
  const name = cursor.match(directive)?.replace(/[#{}]/g, '');
  if (name === undefined) return undefined;
  if (takesParentheses.has(name)) {
    const isCalled = cursor.match(/[ \t]*\(/y) !== undefined;
    if (!isCalled) cursor.at = start;
    return isCalled ? name : undefined;
  }
  skipLineEnd(cursor);
  return name;
}

/** The rest of a directive's line belongs to it, if it is blank. */
const skipLineEnd = (cursor: Cursor) => cursor.match(/[ \t]*(?:\r\n|\n|\r)/y);

/** Comments, which give nothing, and `#[[text]]#`. */
function readSpecial(cursor: Cursor): string | undefined {
  if (cursor.match(/##[^\r\n]*(?:\r\n|\n|\r)?/y) !== undefined) return '';
  if (cursor.match(/#\*[\s\S]*?\*#/y) !== undefined) return '';
  return cursor.match(/#\[\[[\s\S]*?\]\]#/y)?.slice(3, -3);
}

function readDirective(cursor: Cursor, name: string): Node {
  switch (name) {
    case 'set': {
      cursor.skipSpace();
      const target = readReference(cursor);
      if (!target) throw cursor.error('#set sets no reference');
      cursor.skipSpace();
      cursor.expect('=');
      const value = readExpression(cursor);
      closeParentheses(cursor);
      return { kind: 'set', target, value };
    }
    case 'if':
      return { kind: 'if', branches: readBranches(cursor) };
    case 'foreach': {
      const variable = readName(cursor);
      cursor.skipSpace();
      cursor.expect('in');
      const items = readExpression(cursor);
      closeParentheses(cursor);
      return { kind: 'foreach', name: variable, items, body: readBody(cursor) };
    }
    case 'define': {
      const variable = readName(cursor);
      closeParentheses(cursor);
      return { kind: 'define', name: variable, body: readBody(cursor) };
    }
    default:
      return { kind: name === 'break' ? 'break' : 'stop' };
  }
}

function readName(cursor: Cursor): string {
  cursor.skipSpace();
  const reference = readReference(cursor);
  if (!reference) throw cursor.error('expected a reference');
  return reference.name;
}

function closeParentheses(cursor: Cursor): void {
  cursor.skipSpace();
  cursor.expect(')');
  skipLineEnd(cursor);
}

function readBody(cursor: Cursor): readonly Node[] {
  const { body, end } = readNodes(cursor);
  if (end !== 'end') throw cursor.error('expected #end');
  return body;
}

/** From behind the parenthesis of `#if(` to behind its `#end`. */
function readBranches(cursor: Cursor): Branch[] {
  const branches: Branch[] = [];
  for (;;) {
    const condition = readExpression(cursor);
    closeParentheses(cursor);
    const { body, end } = readNodes(cursor);
    branches.push({ condition, body });
    if (end === 'end') return branches;
    if (end === undefined) throw cursor.error('expected #end');
    if (end === 'else') {
      branches.push({ body: readBody(cursor) });
      return branches;
    }
  }
}
