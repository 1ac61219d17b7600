// The methods that templates call on values: Java's, since API Gateway runs Velocity on Java.
import {
  isEqual,
  isMap,
  isNumber,
  JavaList,
  type JavaMap,
  JavaObject,
  javaText,
  type Method,
  propertyOf,
  put,
} from './java.ts';
import { javaRegex, javaReplacement, split } from './java-regex.ts';

/** A method of every value of its type, which comes first. */
type MethodsOf<T> = Readonly<Record<string, (self: T, ...args: readonly unknown[]) => unknown>>;

/** Undefined where the value has no such method: the reference is then invalid, and prints nothing. */
export function methodOf(value: unknown, name: string): Method | undefined {
  if (value instanceof JavaObject)
    return Object.hasOwn(value.methods, name) ? value.methods[name] : undefined;
  if (typeof value === 'string') return bound(stringMethods, value, name);
  if (Array.isArray(value)) return bound(listMethods, value, name);
  if (isNumber(value)) return bound(numberMethods, Number(value), name) ?? bound(commonMethods, value, name);
  return isMap(value) ? bound(mapMethods, value, name) : bound(commonMethods, value, name);
}

function bound<T>(methods: MethodsOf<T>, self: T, name: string): Method | undefined {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  return method && ((...args) => method(self, ...args));
}

const hashCode = (text: string) =>
  [...text].reduce((hash, character) => (hash * 31 + character.charCodeAt(0)) | 0, 0);

const commonMethods: MethodsOf<unknown> = {
  toString: (value: unknown) => javaText(value),
  equals: (value, other) => typeof other === typeof value && isEqual(value, other),
  hashCode: value => hashCode(javaText(value)),
};

const numberMethods: MethodsOf<number> = {
  intValue: value => Math.trunc(value),
  longValue: value => Math.trunc(value),
  doubleValue: value => value,
  compareTo: (value, other) => Math.sign(value - Number(other)),
  parseInt: (_, text) => Number.parseInt(String(text), 10),
};

const listMethods: MethodsOf<unknown[]> = {
  ...commonMethods,
  add(list, ...args) {
    if (args.length > 1) list.splice(Number(args[0]), 0, args[1]);
    else list.push(args[0]);
    return args.length > 1 ? null : true;
  },
  addAll: (list, more) => Array.isArray(more) && list.push(...more) > 0,
  clear: list => void list.splice(0),
  contains: (list, item) => list.some(one => isEqual(one, item)),
  containsAll: (list, items) =>
    Array.isArray(items) && items.every(item => list.some(one => isEqual(one, item))),
  get: (list, index) => list[Number(index)] ?? null,
  indexOf: (list, item) => list.findIndex(one => isEqual(one, item)),
  isEmpty: list => list.length === 0,
  remove(list, item) {
    const index = isNumber(item) ? Number(item) : list.findIndex(one => isEqual(one, item));
    const [removed] = index < 0 ? [] : list.splice(index, 1);
    return isNumber(item) ? removed : index >= 0;
  },
  set: (list, index, item) => list.splice(Number(index), 1, item)[0],
  size: list => list.length,
  subList: (list, from, to) => list.slice(Number(from), Number(to)),
};

const mapMethods: MethodsOf<JavaMap> = {
  ...commonMethods,
  clear: map => void Object.keys(map).forEach(key => void delete map[key]),
  containsKey: (map, key) => Object.hasOwn(map, String(key)),
  containsValue: (map, value) => Object.values(map).some(one => isEqual(one, value)),
  entrySet: map => JavaList.from(Object.entries(map), ([key, value]) => entryOf(key, value)),
  get: (map, key) => propertyOf(map, String(key)),
  getOrDefault: (map, key, other) => (Object.hasOwn(map, String(key)) ? map[String(key)] : other),
  isEmpty: map => Object.keys(map).length === 0,
  keySet: map => JavaList.from(Object.keys(map)),
  put(map, key, value) {
    const before = propertyOf(map, String(key));
    put(map, String(key), value);
    return before;
  },
  putAll(map, more) {
    if (isMap(more)) for (const [key, value] of Object.entries(more)) put(map, key, value);
  },
  remove(map, key) {
    const before = propertyOf(map, String(key));
    delete map[String(key)];
    return before;
  },
  size: map => Object.keys(map).length,
  values: map => JavaList.from(Object.values(map)),
};

const entryOf = (key: string, value: unknown) =>
  new JavaObject(
    { getKey: () => key, getValue: () => value, toString: () => `${key}=${javaText(value)}` },
    { key, value },
  );

const stringMethods: MethodsOf<string> = {
  ...commonMethods,
  charAt: (text, index) => text.charAt(Number(index)),
  codePointAt: (text, index) => text.codePointAt(Number(index)),
  compareTo: (text, other) => (text < String(other) ? -1 : text > String(other) ? 1 : 0),
  concat: (text, other) => text + String(other),
  contains: (text, part) => text.includes(javaText(part)),
  endsWith: (text, end) => text.endsWith(String(end)),
  equalsIgnoreCase: (text, other) => text.toLowerCase() === javaText(other).toLowerCase(),
  indexOf: (text, part, from) => text.indexOf(String(part), Number(from ?? 0)),
  isBlank: text => text.trim() === '',
  isEmpty: text => text === '',
  lastIndexOf: (text, part) => text.lastIndexOf(String(part)),
  length: text => text.length,
  matches: (text, pattern) => javaRegex(`^(?:${String(pattern)})$`).test(text),
  replace: (text, from, to) => text.replaceAll(String(from), () => javaText(to)),
  replaceAll: (text, pattern, to) =>
    text.replace(javaRegex(String(pattern), 'g'), javaReplacement(javaText(to))),
  replaceFirst: (text, pattern, to) =>
    text.replace(javaRegex(String(pattern)), javaReplacement(javaText(to))),
  split: (text, pattern, limit) => JavaList.from(split(text, String(pattern), Number(limit ?? 0))),
  startsWith: (text, start) => text.startsWith(String(start)),
  strip: text => text.trim(),
  substring(text, start, end) {
    const [from, to] = [Number(start), Number(end ?? text.length)];
    if (from < 0 || to > text.length || from > to)
      throw new RangeError(`begin ${from}, end ${to}, length ${text.length}`);
    return text.slice(from, to);
  },
  toLowerCase: text => text.toLowerCase(),
  toUpperCase: text => text.toUpperCase(),
  trim: text => text.trim(),
};
