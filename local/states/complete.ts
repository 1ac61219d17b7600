// How a state ends: its variables assigned, its output made and checked, its Exited event written.
import type { Transition } from './definition.ts';
import { tooLarge } from './failure.ts';
import { isTooLarge, type Json, type JsonObject } from './json.ts';
import { output, record } from './run.ts';
import type { StatesExtra, Visit } from './visit.ts';

export interface Outcome {
  readonly output: Json;
  readonly outputText: string;
  readonly assigned?: JsonObject;
  readonly next?: string;
}

/** Evaluates Assign and Output; without an Output the fallback is passed on. */
export async function complete(
  visit: Visit,
  { next, assign, output }: Transition,
  fallback: Json,
  extra: StatesExtra = {},
): Promise<Outcome> {
  const assigned = assign && ((await visit.evaluate(assign, extra)) as JsonObject);
  const value = output ? await visit.evaluate(output, extra) : fallback;
  const outputText = JSON.stringify(value);
  if (isTooLarge(outputText)) throw tooLarge(visit.state.name);
  return { output: value, outputText, ...(assigned && { assigned }), ...(next !== undefined && { next }) };
}

export function exit(visit: Visit, { outputText, assigned }: Outcome): void {
  const { thread, state } = visit;
  if (state.type === 'Fail') return;
  const names = Object.entries(assigned ?? {});
  if (assigned) thread.variables = { ...thread.variables, ...assigned };
  record(thread, `${state.type}StateExited`, {
    stateExitedEventDetails: {
      name: state.name,
      ...output(outputText),
      ...(names.length > 0 && {
        assignedVariables: Object.fromEntries(names.map(([name, value]) => [name, JSON.stringify(value)])),
        assignedVariablesDetails: { truncated: false },
      }),
    },
  });
}
