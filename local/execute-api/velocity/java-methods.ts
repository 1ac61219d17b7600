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
  type Methods,
  propertyOf,
  put,
} from './java.ts';
import { javaRegex, javaReplacement, split } from './java-regex.ts';

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
  split: (pattern, limit) => JavaList.from(split(text, String(pattern), Number(limit ?? 0))),
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
