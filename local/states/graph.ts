// Checks where states lead to: every target exists, every state can be reached, and something ends.
import { typeFields } from './fields.ts';
import { isObject, type JsonObject } from './json.ts';
import type { Problems } from './problems.ts';

export function checkGraph(
  problems: Problems,
  { StartAt: startAt, States: states }: JsonObject,
  path: string,
): void {
  if (!isObject(states)) return;
  const isMissing = (target: unknown) => typeof target === 'string' && !Object.hasOwn(states, target);
  const reached = new Set<unknown>([startAt]);
  let hasEnd = false;
  if (isMissing(startAt)) {
    problems.add('MISSING_TRANSITION_TARGET', `Missing 'StartAt' target: ${startAt}`, `${path}/StartAt`);
  }
  for (const [name, state] of Object.entries(states)) {
    if (!isObject(state)) continue;
    if (state.End === true || typeFields[String(state.Type)]?.isTerminal) hasEnd = true;
    for (const { field, at, target } of targetsOf(state)) {
      // A state that only leads to itself is reached by nothing else.
      if (target !== name) reached.add(target);
      if (!isMissing(target)) continue;
      const message = `Missing '${field}' target: ${target}`;
      problems.add('MISSING_TRANSITION_TARGET', message, `${path}/States/${name}/${at}`);
    }
  }
  for (const name of Object.keys(states)) {
    if (reached.has(name)) continue;
    problems.add('MISSING_TRANSITION_TARGET', `State "${name}" is not reachable.`, `${path}/States/${name}`);
  }
  if (!hasEnd) problems.add('MISSING_END_STATE', 'Workflow has no terminal state', null);
}

function targetsOf(state: Readonly<Record<string, unknown>>) {
  const inside = (field: string) =>
    (Array.isArray(state[field]) ? state[field] : []).filter(isObject).map((item, index) => ({
      field: 'Next',
      at: `${field}[${index}]/Next`,
      target: item.Next,
    }));
  return [
    { field: 'Next', at: 'Next', target: state.Next },
    { field: 'Default', at: 'Default', target: state.Default },
    ...inside('Choices'),
    ...inside('Catch'),
  ].filter(({ target }) => target !== undefined);
}
