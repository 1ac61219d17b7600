// Java's view of the values in templates: their text, their members, when they are equal.
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
