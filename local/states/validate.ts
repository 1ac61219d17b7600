// Finds what is wrong with a definition, in the words of AWS; a definition without problems can be compiled.

import type { QueryLanguage } from './fields.ts';
import { checkGraph } from './graph.ts';
import type { JsonObject } from './json.ts';
import { isObject } from './json.ts';
import { type Diagnostic, Problems } from './problems.ts';
import { validateState } from './validate-state.ts';

const machineFields = ['StartAt', 'States', 'Comment', 'Version', 'TimeoutSeconds', 'QueryLanguage'];

export function validateDefinition(text: string): readonly Diagnostic[] {
  const problems = new Problems();
  let definition: unknown;
  try {
    definition = JSON.parse(text);
  } catch (thrown) {
    return [{ code: 'INVALID_JSON_DESCRIPTION', message: (thrown as Error).message, location: '/' }];
  }
  if (!isObject(definition)) {
    return [{ code: 'INVALID_JSON_DESCRIPTION', message: 'The definition must be an object', location: '/' }];
  }
  const language = definition.QueryLanguage ?? 'JSONPath';
  problems.checkOneOf(definition.QueryLanguage, ['JSONPath', 'JSONata'], '/QueryLanguage');
  problems.checkFields(definition, machineFields, '/');
  if (definition.TimeoutSeconds !== undefined) {
    problems.checkInteger(definition.TimeoutSeconds, 1, '/TimeoutSeconds');
  }
  validateStates(problems, definition as JsonObject, '', language === 'JSONata' ? 'JSONata' : 'JSONPath');
  return problems.found;
}

/** The states of the machine, of a branch or of an ItemProcessor, which is at `path`. */
function validateStates(
  problems: Problems,
  container: JsonObject,
  path: string,
  language: QueryLanguage,
): void {
  problems.checkRequired(container, ['StartAt', 'States'], path || '/');
  const { States: states } = container;
  if (states === undefined) return;
  if (!isObject(states)) {
    problems.schema('The value must be an object', `${path}/States`);
    return;
  }
  const validateNested = (nested: JsonObject, at: string) => validateStates(problems, nested, at, language);
  for (const [name, state] of Object.entries(states)) {
    const at = `${path}/States/${name}`;
    problems.checkStateName(name, at);
    if (isObject(state)) validateState(problems, state as JsonObject, at, language, validateNested);
    else problems.schema('The value must be an object', at);
  }
  checkGraph(problems, container, path);
}
