// Checks one state: its fields, their types, and the expressions in them.
import { expressionIn } from './expression.ts';
import { problemWith, type QueryLanguage, typeFields } from './fields.ts';
import { timestamp } from './flow.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import type { Problems } from './problems.ts';

/** Checks the states of a branch or of an ItemProcessor, which is at `path`. */
type ValidateStates = (container: JsonObject, path: string) => void;

export function validateState(
  problems: Problems,
  state: JsonObject,
  at: string,
  machineLanguage: QueryLanguage,
  validateStates: ValidateStates,
): void {
  if (state.QueryLanguage === 'JSONPath' && machineLanguage === 'JSONata') {
    problems.schema("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine", at);
  }
  problems.checkOneOf(state.QueryLanguage, ['JSONPath', 'JSONata'], `${at}/QueryLanguage`);
  const language = (state.QueryLanguage ?? machineLanguage) === 'JSONata' ? 'JSONata' : 'JSONPath';
  if (state.Type === undefined) {
    problems.checkRequired(state, ['Type'], at);
    return;
  }
  const allowed = typeFields[String(state.Type)];
  if (!allowed) {
    problems.checkOneOf(state.Type, Object.keys(typeFields), `${at}/Type`);
    return;
  }

  const always = ['Type', 'Comment', 'QueryLanguage', ...allowed.required, ...allowed.optional];
  for (const field of Object.keys(state)) {
    const problem = problemWith(field, { ...allowed, always }, language);
    if (problem) problems.schema(problem, at);
  }
  problems.checkRequired(state, allowed.required, at);
  if (always.includes('Next')) checkTransition(problems, state, at);
  checkValues(problems, state, at, language);
  for (const [index, rule] of listOf(problems, state.Choices, `${at}/Choices`)) {
    checkRule(problems, rule, `${at}/Choices[${index}]`, language);
  }
  checkRetry(problems, state, at);
  checkCatch(problems, state, at, language);
  for (const [index, branch] of listOf(problems, state.Branches, `${at}/Branches`)) {
    problems.checkFields(branch, ['StartAt', 'States', 'Comment'], `${at}/Branches[${index}]`);
    validateStates(branch, `${at}/Branches[${index}]`);
  }
  if (isObject(state.ItemProcessor)) {
    checkItemProcessor(problems, state.ItemProcessor as JsonObject, `${at}/ItemProcessor`, validateStates);
  }
}

function checkTransition(problems: Problems, state: JsonObject, at: string): void {
  if ((state.Next === undefined) === (state.End !== true)) {
    problems.schema('Exactly one of these fields is required: [Next, End]', at);
  }
  if (state.Next !== undefined) problems.checkText(state.Next, `${at}/Next`);
}

const templates = ['Output', 'Arguments', 'Items', 'ItemSelector', 'Seconds', 'Timestamp', 'Error', 'Cause'];
const numbers = {
  TimeoutSeconds: 1,
  HeartbeatSeconds: 1,
  MaxConcurrency: 0,
  Seconds: 0,
  ToleratedFailureCount: 0,
  ToleratedFailurePercentage: 0,
};

function checkValues(problems: Problems, state: JsonObject, at: string, language: QueryLanguage): void {
  const isExpression = (value: unknown) =>
    language === 'JSONata' && typeof value === 'string' && expressionIn(value) !== undefined;
  for (const [field, minimum] of Object.entries(numbers)) {
    const value = state[field];
    if (value === undefined) continue;
    if (isExpression(value)) problems.checkExpressions(value, `${at}/${field}`, false);
    else problems.checkInteger(value, minimum, `${at}/${field}`);
  }
  if (language === 'JSONata') {
    for (const field of templates) problems.checkExpressions(state[field], `${at}/${field}`, false);
  }
  checkAssign(problems, state.Assign, `${at}/Assign`, language, false);
  for (const field of ['Error', 'Cause']) {
    if (state[field] !== undefined) problems.checkText(state[field], `${at}/${field}`);
  }
  const { Items: items, Timestamp: time } = state;
  if (items !== undefined && !Array.isArray(items) && !isExpression(items)) {
    problems.schema('The value must be an array or a JSONata expression', `${at}/Items`);
  }
  if (state.Type === 'Wait' && (state.Seconds === undefined) === (time === undefined)) {
    problems.schema('Exactly one of these fields is required: [Seconds, Timestamp]', at);
  }
  if (
    time !== undefined &&
    !isExpression(time) &&
    (typeof time !== 'string' || timestamp(time) === undefined)
  ) {
    problems.schema('String does not match RFC3339 timestamp', `${at}/Timestamp`);
  }
  if (state.Resource !== undefined) checkResource(problems, state.Resource, `${at}/Resource`);
}

function checkAssign(
  problems: Problems,
  assign: Json | undefined,
  at: string,
  language: QueryLanguage,
  isCatch: boolean,
): void {
  if (assign === undefined) return;
  if (!isObject(assign)) {
    problems.schema('The value must be an object', at);
    return;
  }
  for (const name of Object.keys(assign)) {
    if (name.endsWith('.$') && language === 'JSONPath') {
      problems.schema(`Field '${name}' is not supported: this engine has only the JSONata QueryLanguage`, at);
    } else if (name === 'states' || !/^[\p{ID_Start}_][\p{ID_Continue}]{0,79}(\.\$)?$/u.test(name)) {
      problems.schema(`'${name}' is not a valid variable name`, at);
    }
  }
  if (language === 'JSONata') problems.checkExpressions(assign, at, isCatch);
}

const functionArn = /^arn:[^:]+:lambda:[^:]+:\d{12}:function:[^:]+(:[^:]+)?$/;
const lambdaInvoke = /^arn:[^:]+:states:::lambda:invoke(\.waitForTaskToken)?$/;

function checkResource(problems: Problems, resource: Json, at: string): void {
  if (!problems.checkText(resource, at) || functionArn.test(resource) || lambdaInvoke.test(resource)) return;
  problems.schema(
    `The resource provided ${resource} is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.`,
    at,
  );
}

function checkRule(problems: Problems, rule: JsonObject, at: string, language: QueryLanguage): void {
  const allowed = { always: ['Next', 'Comment', 'Assign'], jsonata: ['Condition', 'Output'] };
  for (const field of Object.keys(rule)) {
    const problem = problemWith(field, allowed, language);
    if (problem) problems.schema(problem, at);
  }
  problems.checkRequired(rule, ['Condition', 'Next'], at);
  checkAssign(problems, rule.Assign, `${at}/Assign`, language, false);
  if (language !== 'JSONata') return;
  problems.checkExpressions(rule.Condition, `${at}/Condition`, false);
  problems.checkExpressions(rule.Output, `${at}/Output`, false);
}

function checkErrorEquals(problems: Problems, names: Json | undefined, at: string, isLast: boolean): void {
  if (names === undefined) return;
  if (!Array.isArray(names) || names.length === 0 || names.some(name => typeof name !== 'string')) {
    problems.schema('The value must be an array of strings that is not empty', `${at}/ErrorEquals`);
    return;
  }
  if (names.includes('States.ALL') && (names.length > 1 || !isLast)) {
    problems.schema('States.ALL must appear alone, and in the last element', `${at}/ErrorEquals`);
  }
}

function checkRetry(problems: Problems, state: JsonObject, at: string): void {
  const fields = [
    'ErrorEquals',
    'IntervalSeconds',
    'MaxAttempts',
    'BackoffRate',
    'MaxDelaySeconds',
    'JitterStrategy',
  ];
  const retriers = listOf(problems, state.Retry, `${at}/Retry`);
  for (const [index, retrier] of retriers) {
    const here = `${at}/Retry[${index}]`;
    problems.checkFields(retrier, [...fields, 'Comment'], here);
    problems.checkRequired(retrier, ['ErrorEquals'], here);
    checkErrorEquals(problems, retrier.ErrorEquals, here, index === retriers.length - 1);
    for (const [field, minimum] of Object.entries({
      IntervalSeconds: 1,
      MaxAttempts: 0,
      MaxDelaySeconds: 1,
    })) {
      if (retrier[field] !== undefined) problems.checkInteger(retrier[field], minimum, `${here}/${field}`);
    }
    const { BackoffRate: rate } = retrier;
    if (rate !== undefined && !(typeof rate === 'number' && rate >= 1)) {
      problems.schema('The value must be a number of at least 1', `${here}/BackoffRate`);
    }
    problems.checkOneOf(retrier.JitterStrategy, ['FULL', 'NONE'], `${here}/JitterStrategy`);
  }
}

function checkCatch(problems: Problems, state: JsonObject, at: string, language: QueryLanguage): void {
  const allowed = { always: ['ErrorEquals', 'Next', 'Comment', 'Assign'], jsonata: ['Output'] };
  const catchers = listOf(problems, state.Catch, `${at}/Catch`);
  for (const [index, catcher] of catchers) {
    const here = `${at}/Catch[${index}]`;
    for (const field of Object.keys(catcher)) {
      const problem = problemWith(field, allowed, language);
      if (problem) problems.schema(problem, here);
    }
    problems.checkRequired(catcher, ['ErrorEquals', 'Next'], here);
    checkErrorEquals(problems, catcher.ErrorEquals, here, index === catchers.length - 1);
    checkAssign(problems, catcher.Assign, `${here}/Assign`, language, true);
    if (language === 'JSONata') problems.checkExpressions(catcher.Output, `${here}/Output`, true);
  }
}

function checkItemProcessor(
  problems: Problems,
  processor: JsonObject,
  at: string,
  validateStates: ValidateStates,
): void {
  problems.checkFields(processor, ['StartAt', 'States', 'Comment', 'ProcessorConfig'], at);
  const { ProcessorConfig: config } = processor;
  if (isObject(config)) {
    problems.checkFields(config, ['Mode'], `${at}/ProcessorConfig`);
    problems.checkOneOf(config.Mode, ['INLINE'], `${at}/ProcessorConfig/Mode`);
  }
  validateStates(processor, at);
}

/** The objects in a list with their indexes. */
function listOf(
  problems: Problems,
  value: Json | undefined,
  at: string,
): readonly (readonly [number, JsonObject])[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    problems.schema('The value must be an array', at);
    return [];
  }
  return value.flatMap((item: unknown, index) => {
    if (isObject(item)) return [[index, item as JsonObject] as const];
    problems.schema('The value must be an object', `${at}[${index}]`);
    return [];
  });
}
