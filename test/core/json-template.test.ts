// JSON bodies: whatever a caller sends arrives as that value, and as nothing else.
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Operation } from '../../core/operation.ts';
import { asDirectory, generate, models } from '../catalog/generated.ts';
import { type CallerRequest, operationOf, type RouteOptions, sent } from './derived.ts';
import { halves, hostileValues } from './hostile-values.ts';
import { form, method } from './sample-method.ts';

let directory = '';
beforeAll(() => {
  directory = generate(models, '--models-version', 'sample 1');
});
afterAll(() => rmSync(directory, { recursive: true }));

const sample = (service: string, action: string): Operation =>
  operationOf(service, action, asDirectory(directory));

describe('the body of a JSON protocol', () => {
  const put = (parameters: RouteOptions['parameters'] = {}) =>
    method(sample('dynamodb', 'PutItem'), { parameters: { TableName: { value: 'items' }, ...parameters } });

  it('carries each member as it came, whatever its type', () => {
    const body = {
      Item: { id: { S: 'x' }, deep: { M: { l: { L: [{ S: 'y' }] } } } },
      Flag: false,
      Count: 0,
      Bytes: 'AAE=',
      Mode: 'A',
    };
    expect(JSON.parse(sent(put(), { body }))).toEqual({ TableName: 'items', ...body });
    expect(JSON.parse(sent(put(), { body: {} }))).toEqual({ TableName: 'items' });
    expect(JSON.parse(sent(put(), {}))).toEqual({ TableName: 'items' });
  });

  it('cannot be added to, from the body or the query string', () => {
    const fromQuery = put({
      Item: { value: { id: { S: '$input.body' } } },
      Mode: { from: 'query' },
      Count: { from: 'query' },
      Flag: { from: 'query' },
    });
    for (const value of hostileValues(3, 300)) {
      const body = { Item: { [value]: { S: value } }, TableName: 'other', Admin: 'true', [value]: value };
      expect(JSON.parse(sent(put(), { body }))).toEqual({ TableName: 'items', Item: body.Item });
      const query = { Mode: value, Count: value, Flag: value };
      const count = value === '0' ? 0 : value;
      expect(JSON.parse(sent(fromQuery, { query }))).toEqual({
        TableName: 'items',
        Item: { id: { S: '$input.body' } },
        Mode: value,
        Count: count,
        Flag: value,
      });
    }
    for (const half of halves)
      expect(JSON.parse(sent(put(), { body: { Item: { id: { S: half } } } }))).toMatchObject({
        TableName: 'items',
      });
  });

  it('writes numbers and booleans of a query string as such, and only those', () => {
    const definition = put({ Item: { value: {} }, Count: { from: 'query' }, Flag: { from: 'query' } });
    const written = (query: Record<string, string>) => JSON.parse(sent(definition, { query }));
    expect(written({ Count: '-12', Flag: 'true' })).toMatchObject({ Count: -12, Flag: true });
    expect(written({ Count: '1.5', Flag: 'false' })).toMatchObject({ Count: 1.5, Flag: false });
    expect(written({ Count: '012', Flag: 'TRUE' })).toMatchObject({ Count: '012', Flag: 'TRUE' });
    expect(written({ Count: '1,"x":2' })).toEqual({ TableName: 'items', Item: {}, Count: '1,"x":2' });
    expect(written({})).toEqual({ TableName: 'items', Item: {} });
  });

  it('has constants that hold whatever they hold', () => {
    for (const value of hostileValues(4, 100)) {
      const definition = put({ Item: { value: { [value]: { S: value } } } });
      expect(JSON.parse(sent(definition, { body: {} }))).toEqual({
        TableName: 'items',
        Item: { [value]: { S: value } },
      });
    }
  });

  it('names the members of a REST service as on the wire, without those that travel elsewhere', () => {
    const definition = method(sample('lambda', 'CreateAlias'), { path: '/{FunctionName}' });
    const body = { name: 'n', Weight: 0.5, RevisionId: 'r', FunctionName: 'other', Name: 'x' };
    expect(JSON.parse(sent(definition, { body, path: { FunctionName: 'f' } }))).toEqual({
      name: 'n',
      Weight: 0.5,
      RevisionId: 'r',
    });
    for (const value of hostileValues(5, 100)) {
      expect(JSON.parse(sent(definition, { body: { name: value } }))).toEqual({ name: value });
    }
  });

  it('is the caller’s own JSON where a function is invoked', () => {
    const definition = method(sample('lambda', 'Invoke'), { parameters: { FunctionName: { value: 'f' } } });
    for (const event of [{ a: [1, null, 'x'] }, [1], 'text', 7, true, null, {}]) {
      expect(JSON.parse(sent(definition, { body: JSON.stringify(event) }))).toEqual(event);
    }
    expect(JSON.parse(sent(definition, {}))).toEqual({});
  });
});

describe('a body that comes as base64, as on an API with binary media types', () => {
  const coded = (body: unknown): CallerRequest => ({
    body: Buffer.from(JSON.stringify(body, null, 1)).toString('base64'),
  });

  it('is read like any other', () => {
    const put = method(sample('dynamodb', 'PutItem'), { parameters: { TableName: { value: 'items' } } });
    const publish = method(sample('sns', 'Publish'), { parameters: { TopicArn: { value: 't' } } });
    const invoke = method(sample('lambda', 'Invoke'), { parameters: { FunctionName: { value: 'f' } } });
    for (const value of hostileValues(6, 100)) {
      const Item = { [value]: { S: value } };
      expect(JSON.parse(sent(put, coded({ Item, Flag: true })))).toEqual({
        TableName: 'items',
        Item,
        Flag: true,
      });
      expect(form(sent(publish, coded({ Message: value, TopicArn: 'other' })))).toEqual({
        Action: 'Publish',
        Version: '2020-01-01',
        TopicArn: 't',
        Message: value,
      });
      expect(JSON.parse(sent(invoke, coded([value])))).toEqual([value]);
    }
    expect(JSON.parse(sent(put, coded({})))).toEqual({ TableName: 'items' });
  });

  it('cannot say what is fixed', () => {
    const put = method(sample('dynamodb', 'PutItem'), { parameters: { TableName: { value: 'items' } } });
    const Item = { id: { S: 'x' } };
    for (const extra of ['TableName', 'Table\\u004eame', 'Admin', '__proto__']) {
      const text = `{"Item":${JSON.stringify(Item)},"${extra}":"other"}`;
      expect(JSON.parse(sent(put, { body: Buffer.from(text).toString('base64') }))).toEqual({
        TableName: 'items',
      });
    }
    const list = Buffer.from('[{"TableName":"other"}]').toString('base64');
    expect(JSON.parse(sent(put, { body: list }))).toEqual({ TableName: 'items' });
  });
});
