// What CreateStateMachine refuses, in the words of AWS, and what expressions evaluate to.
import { describe, expect, it } from 'vitest';
import { anAccount, arnOf, jsonata, roleArn } from './account.ts';

const end = { Type: 'Pass', End: true };

async function refusal(definition: unknown): Promise<string> {
  const { call } = anAccount();
  const text = typeof definition === 'string' ? definition : JSON.stringify(definition);
  try {
    await call('CreateStateMachine', { name: 'refused', definition: text, roleArn });
  } catch (thrown) {
    return (thrown as Error).message.replace(/^Invalid State Machine Definition: '(.*)'$/, '$1');
  }
  return 'accepted';
}

describe('CreateStateMachine', () => {
  it.each<[problem: string, definition: unknown]>([
    ['SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /', { StartAt: 'A' }],
    [
      "SCHEMA_VALIDATION_FAILED: Field 'ItemReader' is not supported at /States/M",
      jsonata({
        M: { Type: 'Map', ItemReader: {}, ItemProcessor: { StartAt: 'A', States: { A: end } }, End: true },
      }),
    ],
    [
      "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONata', but field 'ResultPath' is only supported for the 'JSONPath' QueryLanguage at /States/A",
      jsonata({ A: { ...end, ResultPath: '$.a' } }),
    ],
    [
      "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage at /States/A",
      { StartAt: 'A', States: { A: { ...end, Output: 1 } } },
    ],
    [
      "SCHEMA_VALIDATION_FAILED: Field 'Parameters' is not supported: this engine has only the JSONata QueryLanguage at /States/A",
      { StartAt: 'A', States: { A: { ...end, Parameters: {} } } },
    ],
    [
      "MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next, MISSING_END_STATE: Workflow has no terminal state at null",
      jsonata({ A: { Type: 'Pass', Next: 'B' } }),
    ],
    ['MISSING_TRANSITION_TARGET: State "B" is not reachable. at /States/B', jsonata({ A: end, B: end })],
    [
      "UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'phone' at the top level is not supported. at /States/A/Output/v",
      jsonata({ A: { ...end, Output: { v: '{% $uppercase(phone.number) %}' } } }),
    ],
    [
      'INVALID_JSONATA_EXPRESSION: Unexpected end of expression at /States/A/Output',
      jsonata({ A: { ...end, Output: '{% 1 + %}' } }),
    ],
    [
      'SCHEMA_VALIDATION_FAILED: String does not match RFC3339 timestamp at /States/W/Timestamp',
      jsonata({ W: { Type: 'Wait', Timestamp: '2026-01-01 00:00:00Z', End: true } }),
    ],
  ])('refuses: %s', async (problem, definition) => {
    expect(await refusal(definition)).toBe(problem);
  });

  it('refuses a resource it cannot call, by its name', async () => {
    const resource = 'arn:aws:states:::aws-sdk:sns:publish';
    expect(await refusal(jsonata({ T: { Type: 'Task', Resource: resource, End: true } }))).toContain(
      resource,
    );
  });

  it('accepts the same definition again and refuses another', async () => {
    const { call } = anAccount();
    const create = (definition: object) =>
      call('CreateStateMachine', { name: 'm', definition: JSON.stringify(definition), roleArn });
    const first = await create(jsonata({ A: end }));
    expect(await create(jsonata({ A: end }))).toEqual(first);
    await expect(create(jsonata({ B: end }))).rejects.toMatchObject({ code: 'StateMachineAlreadyExists' });
  });
});

describe('an expression', () => {
  const evaluate = async (expression: string, input: unknown = {}) => {
    const { output, cause } = await anAccount({ functions: { f: () => 1 } }).run(
      jsonata({ A: { ...end, Output: `{% ${expression} %}` } }),
      input,
    );
    return cause ?? output;
  };
  const thrown = (expression: string, what: string) =>
    `An error occurred while executing the state 'A' (entered at the event id #2). The JSONata expression '${expression}' specified for the field 'Output' ${what}`;

  it('has the functions Step Functions adds', async () => {
    expect(await evaluate('$partition([1,2,3], 2)')).toEqual([[1, 2], [3]]);
    expect(await evaluate('$range(0, 10, 5)')).toEqual([0, 5, 10]);
    expect(await evaluate('$range(1, 9, 9)')).toBe(1);
    expect(await evaluate("$hash('a', 'SHA-1')")).toBe('86f7e437faa5a7fce15d1ddcb9eaeaea377667b8');
    expect(await evaluate('$parse($states.input)', '{"a":[1]}')).toEqual({ a: [1] });
    expect(await evaluate('$uuid()')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    expect(await evaluate('[$random(7) = $random(7), $random()]')).toEqual([true, 0.5]);
    expect(await evaluate('$now()')).toBe('2026-01-01T00:00:00.000Z');
  });

  it.each([
    ['$missing', 'returned nothing (undefined).'],
    ['function($x){$x}', 'returned an unsupported result type.'],
    ["$eval('1')", 'threw an error during evaluation. T1006: Attempted to invoke a non-function'],
    [
      "$sum('a')",
      'threw an error during evaluation. T0412: Argument 1 of function "sum" must be an array of "numbers"',
    ],
  ])('%s %s', async (expression, what) => {
    expect(await evaluate(expression)).toBe(thrown(expression, what));
  });

  it('that never ends fails', async () => {
    expect(await evaluate('($f := function($n){ $f($n + 1) }; $f(1))')).toContain(
      'the expression takes too long',
    );
  });

  it('sees the context, and is a literal with spaces around it', async () => {
    const { output } = await anAccount({ functions: { f: (event: unknown) => event } }).run(
      jsonata({
        Call: {
          Type: 'Task',
          Resource: arnOf('f'),
          Arguments: { state: '{% $states.context.State %}', literal: ' {% 1 %} ' },
          End: true,
        },
      }),
    );
    expect(output).toEqual({
      state: { Name: 'Call', EnteredTime: '2026-01-01T00:00:00.000Z', RetryCount: 0 },
      literal: ' {% 1 %} ',
    });
  });
});
