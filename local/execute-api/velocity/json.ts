// JSON as Java's readers keep it: a number stays what was written, 1.0 and 12345678901234567890 included.
import { randomUUID } from 'node:crypto';
import { JavaNumber } from './java-number.ts';

// Stands before the index of a number that a JavaScript number would change; no text can guess it.
const mark = `${randomUUID()}:`;
const token = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** @throws SyntaxError */
export function parseJson(text: string): unknown {
  const numbers: JavaNumber[] = [];
  const marked = text.replace(token, found => {
    if (found.startsWith('"') || String(Number(found)) === found) return found;
    numbers.push(new JavaNumber(found));
    return `"${mark}${numbers.length - 1}"`;
  });
  if (numbers.length === 0) return JSON.parse(text);
  return JSON.parse(marked, (_, value: unknown) =>
    typeof value === 'string' && value.startsWith(mark) ? numbers[Number(value.slice(mark.length))] : value,
  );
}

export function writeJson(value: unknown): string {
  if (value instanceof JavaNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${writeJson(item)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}
