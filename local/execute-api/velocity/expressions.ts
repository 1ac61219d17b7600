// Reads Velocity's references and expressions.
import type { Cursor } from './cursor.ts';
import { JavaNumber } from './java-number.ts';
import type { BinaryOperator, Expression, Reference, Step } from './syntax.ts';

const identifier = /[A-Za-z_][\w-]*/y;

/** `$a.b`, `$!a`, `${a.b("c")[0]}`; undefined, and nothing taken, where the text is no reference. */
export function readReference(cursor: Cursor): Reference | undefined {
  const start = cursor.at;
  if (!cursor.take('$')) return undefined;
  cursor.take('!');
  const isFormal = cursor.take('{');
  const name = cursor.match(identifier);
  if (name !== undefined) {
    const path = readPath(cursor);
    if (!isFormal || cursor.take('}')) return { name, path };
  }
  cursor.at = start;
  return undefined;
}

function readPath(cursor: Cursor): Step[] {
  const path: Step[] = [];
  for (;;) {
    const start = cursor.at;
    if (cursor.take('.')) {
      const name = cursor.match(identifier);
      if (name === undefined) {
        cursor.at = start;
        return path;
      }
      path.push(
        cursor.take('(')
          ? { kind: 'method', name, args: readItems(cursor, ')') }
          : { kind: 'property', name },
      );
    } else if (cursor.match(/\[(?=\s*[$'"\d-])/y) !== undefined) {
      const index = readExpression(cursor);
      cursor.skipSpace();
      cursor.expect(']');
      path.push({ kind: 'index', index });
    } else return path;
  }
}

function readItems(cursor: Cursor, end: string): Expression[] {
  const items: Expression[] = [];
  cursor.skipSpace();
  if (cursor.take(end)) return items;
  for (;;) {
    items.push(readExpression(cursor));
    cursor.skipSpace();
    if (cursor.take(end)) return items;
    cursor.expect(',');
  }
}

const levels: readonly (readonly [pattern: RegExp, named: Readonly<Record<string, BinaryOperator>>])[] = [
  [/\|\||or\b/y, { or: '||' }],
  [/&&|and\b/y, { and: '&&' }],
  [/==|!=|(?:eq|ne)\b/y, { eq: '==', ne: '!=' }],
  [/<=|>=|<|>|(?:le|ge|lt|gt)\b/y, { le: '<=', ge: '>=', lt: '<', gt: '>' }],
  [/[+-]/y, {}],
  [/[*/%]/y, {}],
];

export function readExpression(cursor: Cursor, level = 0): Expression {
  const [pattern, named] = levels[level] ?? [];
  if (!pattern || !named) return readOperand(cursor);
  let left = readExpression(cursor, level + 1);
  for (;;) {
    const start = cursor.at;
    cursor.skipSpace();
    const sign = cursor.match(pattern);
    if (sign === undefined) {
      cursor.at = start;
      return left;
    }
    const operator = named[sign] ?? (sign as BinaryOperator);
    left = { kind: 'binary', operator, left, right: readExpression(cursor, level + 1) };
  }
}

function readOperand(cursor: Cursor): Expression {
  cursor.skipSpace();
  if (cursor.match(/!|not\b/y) !== undefined) return { kind: 'not', operand: readOperand(cursor) };
  if (cursor.take('(')) {
    const inner = readExpression(cursor);
    cursor.skipSpace();
    cursor.expect(')');
    return inner;
  }
  const number = cursor.match(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
  if (number !== undefined)
    return { kind: 'constant', value: /[.eE]/.test(number) ? new JavaNumber(number) : Number(number) };
  if (cursor.take('-')) return { kind: 'minus', operand: readOperand(cursor) };
  const word = cursor.match(/(?:true|false|null)\b/y);
  if (word !== undefined) return { kind: 'constant', value: word === 'null' ? null : word === 'true' };
  const reference = readReference(cursor);
  if (reference) return { kind: 'reference', reference };
  return readString(cursor) ?? readList(cursor) ?? readMap(cursor);
}

/** A quote inside a string is written twice; a backslash means itself. */
function readString(cursor: Cursor): Expression | undefined {
  const single = cursor.match(/'(?:[^']|'')*'/y);
  if (single !== undefined) return { kind: 'constant', value: single.slice(1, -1).replaceAll("''", "'") };
  const double = cursor.match(/"(?:[^"]|"")*"/y);
  if (double === undefined) return undefined;
  const text = double.slice(1, -1).replaceAll('""', '"');
  return /[$#]/.test(text) ? { kind: 'template', text } : { kind: 'constant', value: text };
}

function readList(cursor: Cursor): Expression | undefined {
  if (!cursor.take('[')) return undefined;
  const start = cursor.at;
  cursor.skipSpace();
  if (cursor.take(']')) return { kind: 'list', items: [] };
  const from = readExpression(cursor);
  cursor.skipSpace();
  if (!cursor.take('..')) {
    cursor.at = start;
    return { kind: 'list', items: readItems(cursor, ']') };
  }
  const to = readExpression(cursor);
  cursor.skipSpace();
  cursor.expect(']');
  return { kind: 'range', from, to };
}

function readMap(cursor: Cursor): Expression {
  cursor.expect('{');
  const entries: [Expression, Expression][] = [];
  cursor.skipSpace();
  if (cursor.take('}')) return { kind: 'map', entries };
  for (;;) {
    const key = readExpression(cursor);
    cursor.skipSpace();
    cursor.expect(':');
    entries.push([key, readExpression(cursor)]);
    cursor.skipSpace();
    if (cursor.take('}')) return { kind: 'map', entries };
    cursor.expect(',');
  }
}
