// Turns a definition's JSON, already found valid, into what the interpreter runs.
import type {
  Catcher,
  Definition,
  Resource,
  Retried,
  Retrier,
  State,
  States,
  Transition,
} from './definition.ts';
import type { CompileExpression } from './expression.ts';
import type { Json, JsonObject } from './json.ts';
import { compileTemplate, type Template } from './template.ts';

export function compileDefinition(text: string, compile: CompileExpression): Definition {
  const definition: JsonObject = JSON.parse(text);
  const isJsonata = definition.QueryLanguage === 'JSONata';
  const timeout = definition.TimeoutSeconds;
  return {
    ...compileStates(definition, isJsonata, compile),
    ...(typeof timeout === 'number' && { timeoutSeconds: timeout }),
  };
}

/** What is inside a Map or Parallel state has the machine's query language, whatever that state's own is. */
function compileStates(container: JsonObject, isJsonata: boolean, compile: CompileExpression): States {
  const states = Object.entries(container.States as Record<string, JsonObject>).map(
    ([name, state]) => [name, compileState(name, state, isJsonata, compile)] as const,
  );
  return { startAt: String(container.StartAt), states: new Map(states) };
}

function compileState(
  name: string,
  state: JsonObject,
  isMachineJsonata: boolean,
  compile: CompileExpression,
): State {
  const isJsonata = state.QueryLanguage ? state.QueryLanguage === 'JSONata' : isMachineJsonata;
  const template = (value: Json, field: string): Template =>
    isJsonata ? compileTemplate(value, field, compile) : { kind: 'literal', value };
  const fields = <K extends string>(from: JsonObject, names: Readonly<Record<K, string>>, prefix = '') =>
    Object.fromEntries(
      Object.entries<string>(names).flatMap(([key, field]) => {
        const value = from[field];
        return value === undefined ? [] : [[key, template(value, prefix + field)]];
      }),
    ) as { readonly [key in K]?: Template };
  const transition = (from: JsonObject, prefix = ''): Transition => ({
    ...fields(from, { output: 'Output', assign: 'Assign' }, prefix),
    ...(typeof from.Next === 'string' && { next: from.Next }),
  });
  const retried = (): Retried => ({
    retry: list(state.Retry).map(retrierOf),
    catch: list(state.Catch).map(
      (catcher, index): Catcher => ({
        ...transition(catcher, `Catch[${index}]/`),
        next: String(catcher.Next),
        errorEquals: catcher.ErrorEquals as readonly string[],
      }),
    ),
  });
  const nested = (container: Json | undefined) =>
    compileStates(container as JsonObject, isMachineJsonata, compile);

  switch (state.Type) {
    case 'Pass': {
      const result: { output?: Template } =
        state.Result === undefined ? {} : { output: { kind: 'literal', value: state.Result } };
      return { name, type: 'Pass', ...transition(state), ...result };
    }
    case 'Task':
      return {
        name,
        type: 'Task',
        ...transition(state),
        ...retried(),
        ...fields(state, {
          arguments: 'Arguments',
          timeoutSeconds: 'TimeoutSeconds',
          heartbeatSeconds: 'HeartbeatSeconds',
        }),
        resource: resourceOf(String(state.Resource)),
      };
    case 'Choice':
      return {
        name,
        type: 'Choice',
        ...transition(state),
        ...(typeof state.Default === 'string' && { next: state.Default }),
        choices: list(state.Choices).map((rule, index) => ({
          ...transition(rule, `Choices[${index}]/`),
          next: String(rule.Next),
          condition: template(rule.Condition ?? null, `Choices[${index}]/Condition`),
        })),
      };
    case 'Wait':
      return {
        name,
        type: 'Wait',
        ...transition(state),
        ...fields(state, { seconds: 'Seconds', timestamp: 'Timestamp' }),
      };
    case 'Succeed':
      return { name, type: 'Succeed', ...transition(state) };
    case 'Fail':
      return { name, type: 'Fail', ...fields(state, { error: 'Error', cause: 'Cause' }) };
    case 'Parallel':
      return {
        name,
        type: 'Parallel',
        ...transition(state),
        ...retried(),
        ...fields(state, { arguments: 'Arguments' }),
        branches: list(state.Branches).map(nested),
      };
    case 'Map':
      return {
        name,
        type: 'Map',
        ...transition(state),
        ...retried(),
        ...fields(state, {
          items: 'Items',
          itemSelector: 'ItemSelector',
          maxConcurrency: 'MaxConcurrency',
          toleratedFailureCount: 'ToleratedFailureCount',
          toleratedFailurePercentage: 'ToleratedFailurePercentage',
        }),
        itemProcessor: nested(state.ItemProcessor),
      };
    default:
      throw new Error(`The state ${name} has the unknown type ${String(state.Type)}`);
  }
}

const list = (value: Json | undefined) => (value ?? []) as readonly JsonObject[];

/** With the defaults of https://states-language.net/spec.html#errors */
function retrierOf(retrier: JsonObject): Retrier {
  const number = (value: Json | undefined, otherwise: number) =>
    typeof value === 'number' ? value : otherwise;
  return {
    errorEquals: retrier.ErrorEquals as readonly string[],
    intervalSeconds: number(retrier.IntervalSeconds, 1),
    maxAttempts: number(retrier.MaxAttempts, 3),
    backoffRate: number(retrier.BackoffRate, 2),
    maxDelaySeconds: number(retrier.MaxDelaySeconds, Number.POSITIVE_INFINITY),
    jitter: retrier.JitterStrategy === 'FULL',
  };
}

function resourceOf(resource: string): Resource {
  return resource.includes(':states:::lambda:invoke')
    ? { kind: 'lambda:invoke', waitForTaskToken: resource.endsWith('.waitForTaskToken') }
    : { kind: 'function', functionArn: resource };
}
