// Looks a function up, be it one that was created or one that comes with the process.
import type { BuiltInFunction } from '../built-in-functions.ts';
import type { Aws } from '../service.ts';
import { functionNotFound } from './errors.ts';
import { type FunctionDocument, type FunctionReference, functionsOf, referenceOf } from './model.ts';

export interface FoundFunction extends FunctionReference {
  readonly code: FunctionDocument | BuiltInFunction;
}

/** Throws ResourceNotFoundException. */
export type FindFunction = (given: string | undefined, qualifier?: string | undefined) => FoundFunction;

export const isBuiltIn = (code: FoundFunction['code']): code is BuiltInFunction => 'invoke' in code;

export function findFunction(aws: Aws, builtIns: readonly BuiltInFunction[]): FindFunction {
  return (given, qualifier) => {
    const reference = referenceOf(aws, given, qualifier);
    const { name, qualifiedArn } = reference;
    const code = builtIns.find(builtIn => builtIn.name === name) ?? functionsOf(aws).get(name);
    if (!code) throw functionNotFound(qualifiedArn);
    return { ...reference, code };
  };
}
