// The states that only decide: Choice, Wait and Fail.
import { complete, type Outcome } from './complete.ts';
import type { ChoiceState, FailState, WaitState } from './definition.ts';
import { QueryError, RuntimeError, StateFailure } from './failure.ts';
import { evaluateAs } from './template.ts';
import type { Visit } from './visit.ts';

export async function runChoice(visit: Visit<ChoiceState>): Promise<Outcome> {
  const { choices, next } = visit.state;
  for (const [index, rule] of choices.entries()) {
    const isTrue = await evaluateAs(
      rule.condition,
      ['boolean'],
      `Choices[${index}]/Condition`,
      visit.bindings(),
    );
    if (isTrue) {
      // The rule's own Assign and Output replace the state's.
      return complete(visit, rule, visit.input);
    }
  }
  if (next === undefined) {
    throw new RuntimeError(
      'Failed to transition out of the state. The state does not point to a next state.',
    );
  }
  return complete(visit, visit.state, visit.input);
}

export async function runFail(visit: Visit<FailState>): Promise<Outcome> {
  const error = await visit.text(visit.state.error, 'Error');
  const cause = await visit.text(visit.state.cause, 'Cause');
  throw new StateFailure(error, cause);
}

/** The longest a Wait may be told to wait. */
const longestWait = 99_999_999;

export async function runWait(visit: Visit<WaitState>): Promise<Outcome> {
  const { aws } = visit.thread.run;
  const until = await endOfWait(visit);
  const left = until - aws.clock.now();
  if (left > 0) await aws.clock.sleep(left, visit.thread.signal);
  return complete(visit, visit.state, visit.input);
}

async function endOfWait(visit: Visit<WaitState>): Promise<number> {
  const now = visit.thread.run.aws.clock.now();
  const seconds = await visit.number(visit.state.seconds, 'Seconds');
  if (seconds !== undefined) {
    if (Number.isInteger(seconds) && seconds >= 0 && seconds <= longestWait) return now + seconds * 1000;
    throw new QueryError(
      `The Seconds field must be an integer between 0 and ${longestWait}, but was: ${seconds}`,
      'Seconds',
      true,
    );
  }
  const text = (await visit.text(visit.state.timestamp, 'Timestamp')) ?? '';
  const time = timestamp(text);
  if (time !== undefined) return time;
  throw new QueryError(
    `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${text}`,
    'Timestamp',
    true,
  );
}

/** Milliseconds of an RFC 3339 time; undefined where the text is none. */
export function timestamp(text: string): number | undefined {
  const pattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;
  const time = pattern.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) return undefined;
  // Date.parse takes the 30th of February for the 1st of March.
  const day = text.slice(0, 10);
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day) ? time : undefined;
}
