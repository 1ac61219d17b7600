// Routes to the small models' operations, and forms as a service reads them.
import { expect } from 'vitest';
import type { MethodDefinition } from '../../core/method-definition.ts';
import type { Operation } from '../../core/operation.ts';
import { derive, type RouteOptions } from './derived.ts';

export function method(operation: Operation, options: RouteOptions): MethodDefinition {
  const { definition, derivation } = derive(operation, options);
  expect(derivation).toEqual([]);
  return definition;
}

/** A form as a service reads it; a name that occurs twice is an error. */
export function form(text: string): Record<string, string> {
  const pairs = [...new URLSearchParams(text)];
  expect(new Set(pairs.map(([name]) => name)).size).toBe(pairs.length);
  return Object.fromEntries(pairs);
}
