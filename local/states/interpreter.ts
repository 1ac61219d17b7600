// Runs states one after the other: enters each, does what its type says, leaves it and goes on.

import { complete, exit, type Outcome } from './complete.ts';
import type { State, States } from './definition.ts';
import { runChoice, runFail, runWait } from './flow.ts';
import type { Json } from './json.ts';
import { runMap } from './map.ts';
import { runParallel } from './parallel.ts';
import type { Thread } from './run.ts';
import { runTask } from './task.ts';
import { Visit } from './visit.ts';

/** From where to go on, and what is told after each state that was left for another. */
export interface Course {
  readonly startAt?: string;
  onTransition?(next: string, input: Json): void;
}

/** The output of the last state; throws the StateFailure that ends it otherwise. */
export async function runStates(
  thread: Thread,
  states: States,
  input: Json,
  course: Course = {},
): Promise<Json> {
  let name = course.startAt ?? states.startAt;
  let value = input;
  for (;;) {
    const state = states.states.get(name);
    if (!state) throw new Error(`There is no state ${name}`);
    const outcome = await runState(thread, state, value);
    value = outcome.output;
    if (outcome.next === undefined) return value;
    name = outcome.next;
    course.onTransition?.(name, value);
  }
}

async function runState(thread: Thread, state: State, input: Json): Promise<Outcome> {
  const visit = new Visit(thread, state, input);
  thread.visit = visit;
  try {
    const outcome = await perform(visit);
    thread.signal.throwIfAborted();
    exit(visit, outcome);
    return outcome;
  } catch (thrown) {
    throw visit.failureOf(thrown);
  }
}

const isOf = <T extends State['type']>(visit: Visit, type: T): visit is Visit<Extract<State, { type: T }>> =>
  visit.state.type === type;

function perform(visit: Visit): Promise<Outcome> {
  if (isOf(visit, 'Task')) return runTask(visit);
  if (isOf(visit, 'Choice')) return runChoice(visit);
  if (isOf(visit, 'Wait')) return runWait(visit);
  if (isOf(visit, 'Fail')) return runFail(visit);
  if (isOf(visit, 'Parallel')) return runParallel(visit);
  if (isOf(visit, 'Map')) return runMap(visit);
  return complete(visit, visit.state as Extract<State, { type: 'Pass' | 'Succeed' }>, visit.input);
}
