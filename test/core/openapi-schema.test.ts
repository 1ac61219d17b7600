// Models of API Gateway as schemas of OpenAPI 3.0.
import { describe, expect, it } from 'vitest';
import { schemasOf } from '../../core/openapi-schema.ts';

const translated = (schema: object, name = 'M') => schemasOf([{ name, schema: JSON.stringify(schema) }]);

describe('a draft-4 model', () => {
  it('has its definitions beside it, and its references point there', () => {
    const schema = {
      $schema: 'http://json-schema.org/draft-04/schema#',
      type: 'object',
      properties: { tree: { $ref: '#/definitions/Tree' }, self: { $ref: '#' } },
      definitions: { Tree: { type: 'array', items: { $ref: '#/definitions/Tree' } } },
    };
    expect(translated(schema)).toEqual({
      M: {
        type: 'object',
        properties: {
          tree: { $ref: '#/components/schemas/M.Tree' },
          self: { $ref: '#/components/schemas/M' },
        },
      },
      'M.Tree': { type: 'array', items: { $ref: '#/components/schemas/M.Tree' } },
    });
  });

  it('refers to another model of the API by its name', () => {
    const $ref = 'https://apigateway.amazonaws.com/restapis/a1b2/models/Other';
    expect(translated({ type: 'array', items: { $ref } }).M).toEqual({
      type: 'array',
      items: { $ref: '#/components/schemas/Other' },
    });
  });

  it.each([
    [{ type: ['string', 'null'] }, { type: 'string', nullable: true }],
    [{ type: 'null' }, { nullable: true, enum: [null] }],
    [{ type: ['string', 'number'] }, { anyOf: [{ type: 'string' }, { type: 'number' }] }],
    [{ type: 'array' }, { type: 'array', items: {} }],
    [
      { items: [{ type: 'string' }, { type: 'number' }] },
      { items: { anyOf: [{ type: 'string' }, { type: 'number' }] } },
    ],
    [
      { maximum: 3, exclusiveMaximum: true },
      { maximum: 3, exclusiveMaximum: true },
    ],
    [
      { not: { type: 'null' }, id: 'x', dependencies: { a: ['b'] } },
      { not: { nullable: true, enum: [null] } },
    ],
    [
      { additionalProperties: false, patternProperties: { '^a': { type: 'string' } } },
      { additionalProperties: { anyOf: [{ type: 'string' }] } },
    ],
    [{ additionalProperties: false }, { additionalProperties: false }],
  ])('%j says %j', (schema, expected) => {
    expect(translated(schema).M).toEqual(expected);
  });
});
