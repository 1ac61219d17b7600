// A body that does not fit its model is told why in API Gateway's words.
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { problemsOf } from '../../../local/execute-api/schema-problems.ts';

function problemsWith(schema: object, body: unknown): string[] {
  const validate = new Ajv({ strict: false, allErrors: true, verbose: true }).compile(schema);
  validate(body);
  return problemsOf(validate.errors ?? []);
}

const properties = { type: { enum: ['dog', 'cat'] }, price: { type: 'number', maximum: 500 } };

it.each<[string, object, unknown, string[]]>([
  ['nothing wrong', { type: 'object' }, {}, []],
  [
    'missing properties',
    { required: ['b', 'a'] },
    {},
    ['object has missing required properties (["a","b"])'],
  ],
  [
    'properties too many',
    { additionalProperties: false },
    { y: 1, x: 2 },
    ['object instance has properties which are not allowed by the schema: ["x","y"]'],
  ],
  [
    'a value of another type',
    { properties },
    { price: '7' },
    ['instance type (string) does not match any allowed primitive type (allowed: ["integer","number"])'],
  ],
  [
    'several values out of bounds',
    { properties },
    { type: 'elephant', price: 600 },
    [
      'instance value ("elephant") not found in enum (possible values: ["dog","cat"])',
      'numeric instance is greater than the required maximum (maximum: 500, found: 600)',
    ],
  ],
  [
    'a text of the wrong form',
    { minLength: 3, pattern: '^a' },
    'b',
    [
      'string "b" is too short (length: 1, required minimum: 3)',
      'ECMA 262 regex "^a" does not match input string "b"',
    ],
  ],
  [
    'none of several forms',
    { oneOf: [{ required: ['a'] }, { required: ['b'] }] },
    {},
    ['instance failed to match exactly one schema (matched 0 out of 2)'],
  ],
  [
    'more than one of several forms',
    { oneOf: [{ required: ['a'] }, { required: ['b'] }] },
    { a: 1, b: 1 },
    ['instance failed to match exactly one schema (matched 2 out of 2)'],
  ],
])('%s', (_, schema, body, problems) => {
  expect(problemsWith(schema, body)).toEqual(problems);
});
