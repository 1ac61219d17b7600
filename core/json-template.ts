// Mapping template of a JSON body: exactly the operation's members, every value escaped as JSON.
import { type BoundMember, fillsToken } from './binding.ts';
import { decodedMembers, readBody } from './body-template.ts';
import type { Member, Operation, Shape } from './operation.ts';
import { quoted } from './template-text.ts';

/** A literal text in a template: VTL would read its own characters in it. */
const inJson = (value: unknown) =>
  JSON.stringify(value).replaceAll('$', '\\u0024').replaceAll('#', '\\u0023');

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

export function jsonTemplate(operation: Operation, members: readonly BoundMember[]): string {
  const lines: string[] = [];
  const inBody: string[] = [];
  for (const { member, definition, source } of members) {
    const key = inJson(wireName(member, definition));
    const entry = (value: string) => `$comma${key}:${value}#set($comma = ",")`;
    const token = fillsToken(operation, definition) ? entry('"$context.requestId"') : undefined;
    if ('value' in source) {
      lines.push(entry(inJson(source.value)));
    } else if ('context' in source) {
      if (token !== undefined) lines.push(token);
    } else if (source.from === 'body') {
      const name = quoted(source.name);
      inBody.push(source.name);
      const filled = token === undefined ? '' : `#elseif(!$body.containsKey(${name}))${token}`;
      lines.push(
        `#if(!$coded && $body.containsKey(${name}))${entry(`$input.json(${jsonPath(source.name)})`)}${filled}#end`,
      );
    } else if (source.from !== 'payload') {
      const value = `$input.params(${quoted(source.name)})`;
      const text = textAsJson(operation.shapes[definition.shape], '$value');
      lines.push(
        `#if(${value} != "")#set($value = ${value})${entry(text)}${token === undefined ? '' : `#else${token}`}#end`,
      );
    }
  }
  // Last, for a body that came as base64 is written whole behind everything else.
  const decoded = inBody.length > 0 ? [decodedMembers(inBody)] : [];
  const start = inBody.length > 0 ? [readBody] : [];
  return [...start, '#set($comma = "")', '{', ...lines, ...decoded, '}'].join('\n');
}
