// A JSON document as YAML: block style, every text in quotes, so that nothing can be taken for something else.
import type { Json } from './openapi.ts';

export const toYaml = (value: Json): string => `${block(value, '')}\n`;

const isPlain = (key: string) =>
  /^[A-Za-z_][\w./-]*$/.test(key) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(key);

function block(value: Json, indent: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return value.map(one => `${indent}- ${block(one, `${indent}  `).trimStart()}`).join('\n');
  }
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  if (entries.length === 0) return '{}';
  return entries
    .map(([key, one = null]) => {
      const name = isPlain(key) ? key : JSON.stringify(key);
      const isNested = typeof one === 'object' && one !== null && Object.keys(one).length > 0;
      return `${indent}${name}:${isNested ? `\n${block(one, `${indent}  `)}` : ` ${block(one, '')}`}`;
    })
    .join('\n');
}
