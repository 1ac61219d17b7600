// How a state fails: the error a Retry or Catch sees, and what an evaluation throws on the way there.
import type { JsonObject } from './json.ts';

/** A state's failure, with the error and cause that end the execution if nobody catches them. */
export class StateFailure extends Error {
  readonly error: string | undefined;
  override readonly cause: string | undefined;
  /** Further names that Retry and Catch know it by. */
  readonly aliases: readonly string[];
  constructor(error: string | undefined, cause?: string, aliases: readonly string[] = []) {
    super(`${error ?? 'no error'}: ${cause ?? ''}`);
    this.name = 'StateFailure';
    this.error = error;
    this.cause = cause;
    this.aliases = aliases;
  }
}

/** A field that cannot be evaluated: becomes States.QueryEvaluationError and an EvaluationFailed event. */
export class QueryError extends Error {
  readonly field: string | undefined;
  /** Whether the field is read in a turn of its own, after the state was entered. */
  readonly isLate: boolean;
  constructor(message: string, field?: string, isLate = false) {
    super(message);
    this.name = 'QueryError';
    this.field = field;
    this.isLate = isLate;
  }
}

/** Something a definition or its data got wrong that no Retry or Catch may handle: becomes States.Runtime. */
export class RuntimeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RuntimeError';
  }
}

export const tooLarge = (name: string) =>
  new StateFailure(
    'States.DataLimitExceeded',
    `The state/task '${name}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );

/** What `$states.errorOutput` holds; a missing cause is an empty text there. */
export const errorOutput = (failure: StateFailure): JsonObject => ({
  Error: failure.error ?? '',
  Cause: failure.cause ?? '',
});

/** Whether a retrier or catcher with these names takes the failure. */
export function isNamed(errorEquals: readonly string[], failure: StateFailure): boolean {
  if (failure.error === 'States.Runtime') return false;
  return errorEquals.some(
    name =>
      name === 'States.ALL' ||
      name === failure.error ||
      failure.aliases.includes(name) ||
      (name === 'States.TaskFailed' && failure.error !== 'States.Timeout'),
  );
}
