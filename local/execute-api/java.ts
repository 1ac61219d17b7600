// The methods that templates call on strings, lists and maps: Java's, since API Gateway runs Velocity on Java.

/** Java's regular expressions where they differ in writing: inline flags and possessive quantifiers. */
export function javaRegex(pattern: string, flags = ''): RegExp {
  let source = pattern;
  let all = flags;
  const inline = /^\(\?([ismx]+)\)/.exec(source);
  if (inline?.[1]) {
    source = source.slice(inline[0].length);
    for (const flag of inline[1]) if (flag !== 'x' && !all.includes(flag)) all += flag;
  }
  return new RegExp(source.replace(/([*+?}])\+/g, '$1'), all);
}

/** `$1` means the same in both; a backslash makes the next character literal in Java only. */
const javaReplacement = (text: string) => text.replace(/\$(?![0-9])/g, '$$$$').replace(/\\(.)/g, '$1');

type Method = (...args: never[]) => unknown;
type Methods = Readonly<Record<string, Method>>;

const stringMethods = (text: string): Methods => ({
  charAt: (index: number) => text.charAt(index),
  compareTo: (other: string) => (text < other ? -1 : text > other ? 1 : 0),
  concat: (other: string) => text + other,
  contains: (part: string) => text.includes(String(part)),
  endsWith: (end: string) => text.endsWith(end),
  equals: (other: unknown) => text === other,
  equalsIgnoreCase: (other: string) => text.toLowerCase() === String(other).toLowerCase(),
  indexOf: (part: string, from = 0) => text.indexOf(part, from),
  isEmpty: () => text === '',
  lastIndexOf: (part: string) => text.lastIndexOf(part),
  length: () => text.length,
  matches: (pattern: string) => javaRegex(`^(?:${pattern})$`).test(text),
  replace: (from: string, to: string) => text.split(from).join(to),
  replaceAll: (pattern: string, to: string) => text.replace(javaRegex(pattern, 'g'), javaReplacement(to)),
  replaceFirst: (pattern: string, to: string) => text.replace(javaRegex(pattern), javaReplacement(to)),
  split(pattern: string) {
    const parts = text.split(javaRegex(pattern));
    // Java leaves empty strings at the end out.
    while (parts.length > 1 && parts.at(-1) === '') parts.pop();
    return parts;
  },
  startsWith: (start: string) => text.startsWith(start),
  strip: () => text.trim(),
  substring: (start: number, end?: number) => text.slice(start, end),
  toLowerCase: () => text.toLowerCase(),
  toString: () => text,
  toUpperCase: () => text.toUpperCase(),
  trim: () => text.trim(),
  hashCode: () => [...text].reduce((hash, character) => (hash * 31 + character.charCodeAt(0)) | 0, 0),
});

const listMethods = (list: unknown[]): Methods => ({
  add: (...args: unknown[]) =>
    (args.length > 1 ? list.splice(Number(args[0]), 0, args[1]) : list.push(args[0])) !== undefined,
  addAll: (more: unknown[]) => list.push(...more) > 0,
  clear: () => void list.splice(0),
  contains: (item: unknown) => list.includes(item),
  get: (index: number) => list[index],
  indexOf: (item: unknown) => list.indexOf(item),
  isEmpty: () => list.length === 0,
  remove: (index: number) => list.splice(index, 1)[0],
  set: (index: number, item: unknown) => list.splice(index, 1, item)[0],
  size: () => list.length,
  length: () => list.length,
  subList: (from: number, to: number) => list.slice(from, to),
  toString: () => javaText(list),
});

type Map = Record<string, unknown>;

const mapMethods = (map: Map): Methods => ({
  containsKey: (key: string) => Object.hasOwn(map, key),
  containsValue: (value: unknown) => Object.values(map).includes(value),
  entrySet: () =>
    Object.entries(map).map(([key, value]) => ({ key, value, getKey: () => key, getValue: () => value })),
  get: (key: string) => (Object.hasOwn(map, key) ? map[key] : undefined),
  getOrDefault: (key: string, other: unknown) => (Object.hasOwn(map, key) ? map[key] : other),
  isEmpty: () => Object.keys(map).length === 0,
  keySet: () => Object.keys(map),
  put(key: string, value: unknown) {
    const before = map[key];
    Object.defineProperty(map, key, { value, enumerable: true, writable: true, configurable: true });
    return before;
  },
  putAll: (more: Map) => void Object.assign(map, more),
  remove(key: string) {
    const before = map[key];
    delete map[key];
    return before;
  },
  size: () => Object.keys(map).length,
  toString: () => javaText(map),
  values: () => Object.values(map),
});

/** Objects with methods of their own, such as $input, keep them. */
const isPlainMap = (value: unknown): value is Map =>
  typeof value === 'object' && value !== null && !(hasMethods in value);

export const hasMethods = Symbol('methods');

export function methodOf(context: unknown, name: string): Method | undefined {
  let methods: Methods | undefined;
  if (typeof context === 'string') methods = stringMethods(context);
  else if (Array.isArray(context)) methods = listMethods(context);
  else if (typeof context === 'number' || typeof context === 'boolean') {
    methods = {
      toString: () => String(context),
      intValue: () => Math.trunc(Number(context)),
      equals: (other: unknown) => other === context,
    };
  } else if (isPlainMap(context)) methods = mapMethods(context);
  return methods && Object.hasOwn(methods, name) ? methods[name] : undefined;
}

/** What Java's toString() gives: {a=b, c=[1, 2]}. */
export function javaText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(javaText).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${key}=${javaText(item)}`)
      .join(', ')}}`;
  }
  return String(value);
}
