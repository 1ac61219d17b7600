// One JSONata expression of a definition: compiled once, evaluated with $states and the variables in scope.
import jsonata from 'jsonata';
import type { Aws } from '../service.ts';
import { QueryError } from './failure.ts';
import { registerFunctions } from './functions.ts';
import { isObject, type Json, typeName } from './json.ts';

/** What an expression sees: `$states` and every variable. */
export type Bindings = Readonly<Record<string, unknown>>;

export interface Expression {
  /** Without its `{%` and `%}`. */
  readonly source: string;
  /** The value; throws QueryError naming the field. */
  evaluate(bindings: Bindings, field: string): Promise<Json>;
}

export type CompileExpression = (source: string) => Expression;

/** The text between `{%` and `%}`; undefined for a literal, such as a text with spaces around them. */
export function expressionIn(text: string): string | undefined {
  return text.startsWith('{%') && text.endsWith('%}') && text.length >= 4
    ? text.slice(2, -2).trim()
    : undefined;
}

/** Evaluations within one expression; AWS bounds memory and depth instead, which no script can measure. */
const stepLimit = 1_000_000;
const stepsName = '\u0000steps';

interface Environment {
  lookup(name: string): { count: number };
}

function countStep(_expression: unknown, _input: unknown, environment: Environment) {
  if (++environment.lookup(stepsName).count > stepLimit) throw new Error('the expression takes too long');
}

export function expressionCompiler(aws: Pick<Aws, 'clock' | 'ids'>, random: () => number): CompileExpression {
  const compiled = new Map<string, Expression>();
  return source => {
    const known = compiled.get(source);
    if (known) return known;
    const parsed = jsonata(source);
    registerFunctions(parsed, aws, random);
    // The library calls this hook before every evaluation; its declared types leave the symbol out.
    parsed.assign(Symbol.for('jsonata.__evaluate_entry') as unknown as string, countStep);
    const expression = { source, evaluate: evaluatorOf(source, parsed) };
    compiled.set(source, expression);
    return expression;
  };
}

function evaluatorOf(source: string, parsed: jsonata.Expression): Expression['evaluate'] {
  return async (bindings, field) => {
    const failed = (what: string) =>
      new QueryError(`The JSONata expression '${source}' specified for the field '${field}' ${what}`, field);
    let value: unknown;
    try {
      value = await parsed.evaluate(undefined, { ...bindings, [stepsName]: { count: 0 } });
    } catch (thrown) {
      throw failed(`threw an error during evaluation${detailsOf(thrown)}`);
    }
    if (value === undefined) throw failed('returned nothing (undefined).');
    const json = jsonOf(value);
    if (json === undefined) throw failed('returned an unsupported result type.');
    return json;
  };
}

function detailsOf(thrown: unknown): string {
  if (!isObject(thrown)) return `: ${String(thrown)}`;
  return thrown.code ? `. ${thrown.code}: ${thrown.message}` : `: ${thrown.message}`;
}

/** The value as plain JSON, without JSONata's marks on its arrays; undefined where JSON has no such value. */
function jsonOf(value: unknown): Json | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) {
    const items: Json[] = [];
    for (const item of value) {
      const json = item === undefined ? null : jsonOf(item);
      if (json === undefined) return undefined;
      items.push(json);
    }
    return items;
  }
  if (!isObject(value) || '_jsonata_lambda' in value || '_jsonata_function' in value) return undefined;
  const members: Record<string, Json> = {};
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const json = jsonOf(member);
    if (json === undefined) return undefined;
    members[key] = json;
  }
  return members;
}

/** The evaluated value where it has the type the field needs. */
export function expectType(
  value: Json,
  types: readonly string[],
  field: string,
  source: string | undefined,
): void {
  if (types.includes(typeName(value))) return;
  const text = JSON.stringify(value);
  const what = source === undefined ? 'The value' : `The JSONata expression '${source}'`;
  throw new QueryError(
    `${what} specified for the field '${field}' returned an unexpected result type. ` +
      `Expected '${types[0]}', but was '${typeName(value)}' for value: ${text}`,
    field,
  );
}
