// Java's view of the values in templates: their text, and the methods that can be called on them.
import { JavaNumber, numberText } from './java-number.ts';
import { writeJson } from './json.ts';

export type Method = (...args: readonly unknown[]) => unknown;
export type Methods = Readonly<Record<string, Method>>;
export type JavaMap = Record<string, unknown>;

/** An object with methods of its own, such as $input. */
export class JavaObject {
  readonly methods: Methods;
  readonly properties: Readonly<Record<string, unknown>>;
  constructor(methods: Methods, properties: Readonly<Record<string, unknown>> = {}) {
    this.methods = methods;
    this.properties = properties;
  }
}

/** A list that a template made; those out of JSON are JSON in their text too. */
export class JavaList extends Array<unknown> {}

export const isMap = (value: unknown): value is JavaMap =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof JavaObject) &&
  !(value instanceof JavaNumber);

export const isNumber = (value: unknown): value is number | JavaNumber =>
  typeof value === 'number' || value instanceof JavaNumber;

/** What toString() gives: {a=b, c=[1, 2]}. */
export function javaText(value: unknown): string {
  if (value === undefined || value === null) return 'null';
  if (typeof value === 'number') return numberText(value);
  if (value instanceof JavaList) return `[${value.map(javaText).join(', ')}]`;
  if (Array.isArray(value)) return writeJson(value);
  if (value instanceof JavaObject) return String(value.methods.toString?.() ?? '');
  if (isMap(value)) {
    const entries = Object.entries(value).map(([key, item]) => `${key}=${javaText(item)}`);
    return `{${entries.join(', ')}}`;
  }
  return String(value);
}

export function isEqual(left: unknown, right: unknown): boolean {
  if (left === undefined || left === null || right === undefined || right === null) {
    return (left ?? null) === (right ?? null);
  }
  if (isNumber(left) && isNumber(right)) return Number(left) === Number(right);
  return javaText(left) === javaText(right);
}

export const put = (map: object, key: string, value: unknown) =>
  Object.defineProperty(map, key, { value, enumerable: true, writable: true, configurable: true });

export function propertyOf(value: unknown, name: string): unknown {
  if (value instanceof JavaObject)
    return Object.hasOwn(value.properties, name) ? value.properties[name] : null;
  if (isMap(value)) return Object.hasOwn(value, name) ? value[name] : null;
  if (name === 'empty' && (typeof value === 'string' || Array.isArray(value))) return value.length === 0;
  return null;
}

export function itemOf(value: unknown, index: unknown): unknown {
  if (Array.isArray(value)) return value.at(Number(index)) ?? null;
  return isMap(value) ? propertyOf(value, javaText(index)) : null;
}

/** Undefined where the value has no such method: the reference is then invalid, and prints nothing. */
export function methodOf(value: unknown, name: string): Method | undefined {
  const methods = methodsOf(value);
  return Object.hasOwn(methods, name) ? methods[name] : undefined;
}

function methodsOf(value: unknown): Methods {
  if (value instanceof JavaObject) return value.methods;
  const common = {
    toString: () => javaText(value),
    equals: (other: unknown) => typeof other === typeof value && isEqual(value, other),
    hashCode: () => hashCode(javaText(value)),
  };
  if (typeof value === 'string') return { ...common, ...stringMethods(value) };
  if (Array.isArray(value)) return { ...common, ...listMethods(value) };
  if (isNumber(value)) return { ...common, ...numberMethods(Number(value)) };
  return isMap(value) ? { ...common, ...mapMethods(value) } : common;
}

const hashCode = (text: string) =>
  [...text].reduce((hash, character) => (hash * 31 + character.charCodeAt(0)) | 0, 0);

const numberMethods = (value: number): Methods => ({
  intValue: () => Math.trunc(value),
  longValue: () => Math.trunc(value),
  doubleValue: () => value,
  compareTo: other => Math.sign(value - Number(other)),
  parseInt: text => Number.parseInt(String(text), 10),
});

const listMethods = (list: unknown[]): Methods => ({
  add(...args) {
    if (args.length > 1) list.splice(Number(args[0]), 0, args[1]);
    else list.push(args[0]);
    return args.length > 1 ? null : true;
  },
  addAll: more => Array.isArray(more) && list.push(...more) > 0,
  clear: () => void list.splice(0),
  contains: item => list.some(one => isEqual(one, item)),
  containsAll: items => Array.isArray(items) && items.every(item => list.some(one => isEqual(one, item))),
  get: index => list[Number(index)] ?? null,
  indexOf: item => list.findIndex(one => isEqual(one, item)),
  isEmpty: () => list.length === 0,
  remove(item) {
    const index = isNumber(item) ? Number(item) : list.findIndex(one => isEqual(one, item));
    const [removed] = index < 0 ? [] : list.splice(index, 1);
    return isNumber(item) ? removed : index >= 0;
  },
  set: (index, item) => list.splice(Number(index), 1, item)[0],
  size: () => list.length,
  subList: (from, to) => list.slice(Number(from), Number(to)),
});

const mapMethods = (map: JavaMap): Methods => ({
  clear: () => void Object.keys(map).forEach(key => void delete map[key]),
  containsKey: key => Object.hasOwn(map, String(key)),
  containsValue: value => Object.values(map).some(one => isEqual(one, value)),
  entrySet: () => JavaList.from(Object.entries(map), ([key, value]) => entryOf(key, value)),
  get: key => propertyOf(map, String(key)),
  getOrDefault: (key, other) => (Object.hasOwn(map, String(key)) ? map[String(key)] : other),
  isEmpty: () => Object.keys(map).length === 0,
  keySet: () => JavaList.from(Object.keys(map)),
  put(key, value) {
    const before = propertyOf(map, String(key));
    put(map, String(key), value);
    return before;
  },
  putAll(more) {
    if (isMap(more)) for (const [key, value] of Object.entries(more)) put(map, key, value);
  },
  remove(key) {
    const before = propertyOf(map, String(key));
    delete map[String(key)];
    return before;
  },
  size: () => Object.keys(map).length,
  values: () => JavaList.from(Object.values(map)),
});

const entryOf = (key: string, value: unknown) =>
  new JavaObject(
    { getKey: () => key, getValue: () => value, toString: () => `${key}=${javaText(value)}` },
    { key, value },
  );

const stringMethods = (text: string): Methods => ({
  charAt: index => text.charAt(Number(index)),
  codePointAt: index => text.codePointAt(Number(index)),
  compareTo: other => (text < String(other) ? -1 : text > String(other) ? 1 : 0),
  concat: other => text + String(other),
  contains: part => text.includes(javaText(part)),
  endsWith: end => text.endsWith(String(end)),
  equalsIgnoreCase: other => text.toLowerCase() === javaText(other).toLowerCase(),
  indexOf: (part, from) => text.indexOf(String(part), Number(from ?? 0)),
  isBlank: () => text.trim() === '',
  isEmpty: () => text === '',
  lastIndexOf: part => text.lastIndexOf(String(part)),
  length: () => text.length,
  matches: pattern => javaRegex(`^(?:${String(pattern)})$`).test(text),
  replace: (from, to) => text.replaceAll(String(from), () => javaText(to)),
  replaceAll: (pattern, to) => text.replace(javaRegex(String(pattern), 'g'), javaReplacement(javaText(to))),
  replaceFirst: (pattern, to) => text.replace(javaRegex(String(pattern)), javaReplacement(javaText(to))),
  split: (pattern, limit) => split(text, String(pattern), Number(limit ?? 0)),
  startsWith: start => text.startsWith(String(start)),
  strip: () => text.trim(),
  substring(start, end) {
    const [from, to] = [Number(start), Number(end ?? text.length)];
    if (from < 0 || to > text.length || from > to)
      throw new RangeError(`begin ${from}, end ${to}, length ${text.length}`);
    return text.slice(from, to);
  },
  toLowerCase: () => text.toLowerCase(),
  toUpperCase: () => text.toUpperCase(),
  trim: () => text.trim(),
});

function split(text: string, pattern: string, limit: number): JavaList {
  const expression = javaRegex(pattern, 'g');
  const parts: string[] = [];
  let from = 0;
  for (const found of text.matchAll(expression)) {
    if (limit > 0 && parts.length === limit - 1) break;
    if (found[0] === '' && (found.index === 0 || found.index === text.length)) continue;
    parts.push(text.slice(from, found.index));
    from = found.index + found[0].length;
  }
  parts.push(text.slice(from));
  // Java leaves empty strings at the end out, unless told how many parts to make.
  while (limit === 0 && parts.length > 1 && parts.at(-1) === '') parts.pop();
  return JavaList.from(parts);
}

/** Java's regular expressions where they differ in writing: inline flags, possessive quantifiers, \\Q…\\E. */
export function javaRegex(pattern: string, flags = ''): RegExp {
  let source = pattern.replace(/\\Q(.*?)(?:\\E|$)/gs, (_, text: string) =>
    text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'),
  );
  let all = flags;
  const inline = /^(\^?\(?\??:?)?\(\?([imsx]+)\)/.exec(source);
  if (inline?.[2]) {
    source = (inline[1] ?? '') + source.slice(inline[0].length);
    for (const flag of inline[2]) if (flag !== 'x' && !all.includes(flag)) all += flag;
  }
  return new RegExp(source.replace(/(?<!\\)([*+?}])\+/g, '$1'), all);
}

/** `$1` means the same in both; a backslash makes the next character literal in Java only. */
function javaReplacement(text: string): (found: string, ...rest: unknown[]) => string {
  return (found, ...groups) =>
    text.replace(/\\(.)|\$(\d)/gs, (_, literal: string | undefined, group: string | undefined) => {
      if (literal !== undefined) return literal;
      return group === '0' ? found : String(groups[Number(group) - 1] ?? '');
    });
}
