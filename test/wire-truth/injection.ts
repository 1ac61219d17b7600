// Hostile texts in a derived integration's template: each arrives as itself, and nothing else changes.
import { isDeepStrictEqual } from 'node:util';
import { isPlain, isQuery } from '../../core/binding.ts';
import type { Parameter } from '../../core/input.ts';
import type { MethodDefinition } from '../../core/method-definition.ts';
import type { Operation } from '../../core/operation.ts';
import type { BoundMember } from '../../core/parameters.ts';
import { type CallerRequest, derive, sent } from '../core/derived.ts';
import { halves, hostileValues } from '../core/hostile-values.ts';
import { seedOf } from '../random.ts';
import { MarkedInput, replaced } from './marked-input.ts';
import { xmlOf } from './xml-tree.ts';

/** What a service reads in the body. */
function read(operation: Operation, body: string): unknown {
  if (isQuery(operation)) return [...new URLSearchParams(body)];
  return operation.protocol === 'rest-xml' ? xmlOf(body) : JSON.parse(body);
}

/** UTF-8 has no half characters, and XML no control characters: both become U+FFFD on the way. */
function asSent(operation: Operation, value: string): string {
  const whole = Buffer.from(value).toString();
  return operation.protocol === 'rest-xml'
    ? whole.replaceAll(/[^\t\n\r\u{20}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\ufffd')
    : whole;
}

/** JSON writes a half character as an escape, which may stay one. */
function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/\p{Surrogate}/gu, '\ufffd');
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [wellFormed(name), wellFormed(item)]),
  );
}

/** Where the caller's texts are put in; `base64` is how an API with binary media types hands a body to a template. */
type Form = 'body' | 'base64' | 'query';

interface Marked {
  readonly definition: MethodDefinition;
  readonly caller: Required<Pick<CallerRequest, 'query' | 'header'>> & { readonly body: unknown };
  readonly markers: number;
}

function marked(operation: Operation, form: Form): Marked | undefined {
  const names = Object.entries(operation.input?.members ?? {});
  const parameters: Record<string, Parameter> = {};
  if (form === 'query') {
    for (const [name, member] of names) {
      const isText = isPlain(operation.shapes[member.shape]) && member.location === undefined;
      if (isText) parameters[name] = { from: 'query', name };
    }
    if (Object.keys(parameters).length === 0 || operation.input?.payload !== undefined) return undefined;
  }
  const { definition, members } = derive(operation, { httpMethod: 'POST', parameters });
  if (definition.integration.requestTemplates['application/json'] === undefined) return undefined;
  const input = new MarkedInput(operation);
  const caller: { body: unknown; query: Record<string, string>; header: Record<string, string> } = {
    body: {},
    query: {},
    header: {},
  };
  const values = members.filter(one => 'from' in one.source);
  for (const one of values) place(caller, one, input.value(one.definition));
  return input.count === 0 ? undefined : { definition, caller, markers: input.count };
}

function place(
  caller: { body: unknown; query: Record<string, string>; header: Record<string, string> },
  { source }: BoundMember,
  value: unknown,
): void {
  if (!('from' in source) || value === undefined) return;
  if (source.from === 'payload') caller.body = value;
  else if (source.from === 'body') caller.body = { ...Object(caller.body), [source.name]: value };
  else if (source.from !== 'path') caller[source.from][source.name] = typeof value === 'string' ? value : '7';
}

function rendered({ definition, caller }: Marked, form: Form, texts: ReadonlyMap<string, string>): string {
  const body = JSON.stringify(replaced(caller.body, texts));
  return sent(definition, {
    ...caller,
    query: replaced(caller.query, texts) as Record<string, string>,
    body: form === 'base64' ? Buffer.from(body).toString('base64') : body,
  });
}

const longest = `x&"'\\$#<`.repeat(12_800);

/** What goes wrong with an operation's templates, for at least `count` hostile texts in each. */
export function injections(operation: Operation, count: number): { templates: number; problems: string[] } {
  const problems: string[] = [];
  let templates = 0;
  const values = [...hostileValues(seedOf(operation.action), count), ...halves, longest];
  for (const form of ['body', 'base64', 'query'] as const) {
    const one = marked(operation, form);
    if (!one) continue;
    templates += 1;
    const expected = read(operation, rendered(one, form, new Map()));
    for (let at = 0; at < values.length; at += one.markers) {
      const texts = new Map<string, string>();
      const asRead = new Map<string, string>();
      for (let marker = 0; marker < one.markers; marker++) {
        // The number in front keeps names of one map apart.
        const value = at + marker < values.length ? `${marker}${values[at + marker]}` : 'x';
        texts.set(`marker${marker + 1}`, value);
        asRead.set(`marker${marker + 1}`, asSent(operation, value));
      }
      try {
        const actual = read(operation, rendered(one, form, texts));
        if (isDeepStrictEqual(wellFormed(actual), wellFormed(replaced(expected, asRead)))) continue;
        problems.push(
          `${form}: something else changed with ${JSON.stringify([...texts.values()]).slice(0, 300)}`,
        );
      } catch (error) {
        problems.push(`${form}: ${error} with ${JSON.stringify([...texts.values()]).slice(0, 300)}`);
      }
    }
  }
  return { templates, problems };
}
