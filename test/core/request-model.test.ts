// Request models: what the service's model calls invalid does not reach the service.
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { derive, operationOf, type RouteOptions, sampleOperations } from './derived.ts';

function validator(service: string, action: string, options: RouteOptions = {}) {
  const model = derive(operationOf(service, action), options).definition.requestModel;
  if (!model) throw new Error('no request model');
  const { $schema, ...schema } = JSON.parse(model.schema);
  expect($schema).toBe('http://json-schema.org/draft-04/schema#');
  const validate = new Ajv({ strict: false, unicodeRegExp: false }).compile(schema);
  return (body: unknown) => validate(body);
}

describe('a request model', () => {
  it('demands what the operation requires and refuses what it does not know', () => {
    const accepts = validator('sns', 'Publish', {
      parameters: { TopicArn: { value: 'arn:aws:sns:us-east-1:1:x' } },
    });
    expect(accepts({ Message: 'm' })).toBe(true);
    expect(
      accepts({ Message: 'm', MessageAttributes: { a: { DataType: 'String', StringValue: 'x' } } }),
    ).toBe(true);
    expect(accepts({})).toBe(false);
    expect(accepts({ Message: 7 })).toBe(false);
    expect(accepts({ Message: null })).toBe(false);
    expect(accepts({ Message: 'm', TopicArn: 'other' })).toBe(false);
    expect(accepts({ Message: 'm', Action: 'DeleteTopic' })).toBe(false);
    expect(accepts({ Message: 'm', MessageAttributes: { a: { StringValue: 'x' } } })).toBe(false);
    expect(accepts([])).toBe(false);
  });

  it('knows lengths, ranges, enumerations, base64 and shapes that contain themselves', () => {
    const put = validator('kinesis', 'PutRecord');
    expect(put({ Data: 'aGVsbG8=', PartitionKey: 'k' })).toBe(true);
    expect(put({ Data: 'not base64!', PartitionKey: 'k' })).toBe(false);
    expect(put({ Data: 'aGVsbG8=', PartitionKey: 'k'.repeat(257) })).toBe(false);
    const scan = validator('dynamodb', 'Query', {
      httpMethod: 'POST',
      parameters: { TableName: { value: 't' } },
    });
    expect(scan({ Limit: 1, Select: 'COUNT' })).toBe(true);
    expect(scan({ Limit: 0 })).toBe(false);
    expect(scan({ Select: 'EVERYTHING' })).toBe(false);
    const item = validator('dynamodb', 'PutItem', { parameters: { TableName: { value: 't' } } });
    expect(item({ Item: { id: { M: { x: { L: [{ S: 'deep' }] } } } } })).toBe(true);
    expect(item({ Item: { id: { M: { x: { L: [{ S: 7 }] } } } } })).toBe(false);
    expect(item({ Item: { id: { M: { x: { L: [{ Z: 'x' }] } } } } })).toBe(false);
  });

  it('has a name of its own for every schema, of letters and digits', () => {
    const name = (parameters: RouteOptions['parameters'] = {}) =>
      derive(operationOf('sns', 'Publish'), { parameters }).definition.requestModel?.name;
    expect(name()).toMatch(/^SnsPublish[0-9a-f]{8}$/);
    expect(name()).toBe(name());
    expect(name({ Subject: { value: 's' } })).not.toBe(name());
  });

  it('is there for every operation that takes a body, and can be compiled', () => {
    let count = 0;
    for (const operation of sampleOperations(29)) {
      const { definition } = derive(operation, { httpMethod: 'POST' });
      if (!definition.requestModel) continue;
      count += 1;
      expect(definition.validate.body).toBe(true);
      expect(definition.integration.passthroughBehavior).toBe('NEVER');
      // Every reference has its definition; compiling them all would take seconds.
      const { schema } = definition.requestModel;
      const { definitions } = JSON.parse(schema);
      for (const [, defined] of schema.matchAll(/"\$ref":"#\/definitions\/([^"]+)"/g)) {
        expect(definitions).toHaveProperty([defined ?? '']);
      }
    }
    expect(count).toBeGreaterThan(300);
  });
});
