// Which fields each type of state may have, and in which query language.
// https://states-language.net/spec.html, https://docs.aws.amazon.com/step-functions/latest/dg/workflow-states.html

export type QueryLanguage = 'JSONata' | 'JSONPath';

interface TypeFields {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Only in states of the JSONata query language. */
  readonly jsonata: readonly string[];
  /** Only in states of the JSONPath query language, as far as this engine has that. */
  readonly jsonpath?: readonly string[];
  readonly isTerminal?: boolean;
}

const transition = ['Next', 'End'];
const handlers = ['Retry', 'Catch'];

export const typeFields: Readonly<Record<string, TypeFields>> = {
  Pass: { required: [], optional: [...transition, 'Assign'], jsonata: ['Output'], jsonpath: ['Result'] },
  Task: {
    required: ['Resource'],
    optional: [...transition, ...handlers, 'Assign', 'TimeoutSeconds', 'HeartbeatSeconds'],
    jsonata: ['Arguments', 'Output'],
  },
  Choice: { required: ['Choices'], optional: ['Default', 'Assign'], jsonata: ['Output'] },
  Wait: { required: [], optional: [...transition, 'Assign', 'Seconds', 'Timestamp'], jsonata: ['Output'] },
  Succeed: { required: [], optional: [], jsonata: ['Output'], isTerminal: true },
  Fail: { required: [], optional: ['Error', 'Cause'], jsonata: [], isTerminal: true },
  Parallel: {
    required: ['Branches'],
    optional: [...transition, ...handlers, 'Assign'],
    jsonata: ['Arguments', 'Output'],
  },
  Map: {
    required: ['ItemProcessor'],
    optional: [
      ...transition,
      ...handlers,
      'Assign',
      'MaxConcurrency',
      'ToleratedFailureCount',
      'ToleratedFailurePercentage',
    ],
    jsonata: ['Items', 'ItemSelector', 'Output'],
  },
};

const jsonpathOnly = new Set([
  'InputPath',
  'OutputPath',
  'ResultPath',
  'Parameters',
  'ResultSelector',
  'Result',
  'ItemsPath',
  'MaxConcurrencyPath',
  'SecondsPath',
  'TimestampPath',
  'TimeoutSecondsPath',
  'HeartbeatSecondsPath',
  'ErrorPath',
  'CausePath',
  'Variable',
]);

/** Why a field may not stand there; undefined where it may. */
export function problemWith(
  field: string,
  allowed: Pick<TypeFields, 'jsonata' | 'jsonpath'> & { readonly always: readonly string[] },
  language: QueryLanguage,
): string | undefined {
  if (allowed.always.includes(field)) return undefined;
  if (allowed.jsonata.includes(field)) {
    return language === 'JSONata' ? undefined : otherLanguage(field, 'JSONPath', 'JSONata');
  }
  if (language === 'JSONata' && jsonpathOnly.has(field)) return otherLanguage(field, 'JSONata', 'JSONPath');
  if (allowed.jsonpath?.includes(field)) return undefined;
  if (jsonpathOnly.has(field))
    return `Field '${field}' is not supported: this engine has only the JSONata QueryLanguage`;
  return `Field '${field}' is not supported`;
}

const otherLanguage = (field: string, is: QueryLanguage, needed: QueryLanguage) =>
  `The QueryLanguage is set to '${is}', but field '${field}' is only supported for the '${needed}' QueryLanguage`;
