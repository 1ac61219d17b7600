// Forms of the query protocol: whatever a caller sends arrives as that value, and as nothing else.
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Operation } from '../../core/operation.ts';
import { asDirectory, generate, models } from '../catalog/generated.ts';
import { operationOf, sent } from './derived.ts';
import { halves, hostileValues } from './hostile-values.ts';
import { form, method } from './sample-method.ts';

let directory = '';
beforeAll(() => {
  directory = generate(models, '--models-version', 'sample 1');
});
afterAll(() => rmSync(directory, { recursive: true }));

const sample = (service: string, action: string): Operation =>
  operationOf(service, action, asDirectory(directory));

describe('a form of the query protocol', () => {
  it('carries nesting, lists and maps from the caller’s JSON', () => {
    const definition = method(sample('sns', 'Publish'), {
      parameters: { TopicArn: { value: 'arn:a&b=c#$' } },
    });
    const body = {
      Message: 'm',
      Names: ['a', 'b'],
      Flat: ['c', 'd'],
      Attributes: { one: { DataType: 'String', StringValue: '1' }, two: { DataType: 'Number' } },
      Plain: { k: 'v' },
      Deep: { Lists: [['x', 'y'], ['z']], Again: { Lists: [['w']] } },
    };
    const expected = {
      Action: 'Publish',
      Version: '2020-01-01',
      TopicArn: 'arn:a&b=c#$',
      Message: 'm',
      'Names.member.1': 'a',
      'Names.member.2': 'b',
      'Flatly.1': 'c',
      'Flatly.2': 'd',
      'Attributes.entry.1.Name': 'one',
      'Attributes.entry.1.Value.DataType': 'String',
      'Attributes.entry.1.Value.StringValue': '1',
      'Attributes.entry.2.Name': 'two',
      'Attributes.entry.2.Value.DataType': 'Number',
      'Plain.entry.1.key': 'k',
      'Plain.entry.1.value': 'v',
      'Deep.Lists.member.1.member.1': 'x',
      'Deep.Lists.member.1.member.2': 'y',
      'Deep.Lists.member.2.member.1': 'z',
      'Deep.Again.Lists.member.1.member.1': 'w',
    };
    expect(form(sent(definition, { body }))).toEqual(expected);
    const constants = Object.fromEntries(Object.entries(body).map(([name, value]) => [name, { value }]));
    const fixed = method(sample('sns', 'Publish'), {
      parameters: { TopicArn: { value: 'arn:a&b=c#$' }, ...constants },
    });
    expect(form(sent(fixed, {}))).toEqual(expected);
  });

  it('names members as EC2 does', () => {
    const body = { InstanceIds: ['i-1', 'i-2'], Filters: [{ Name: 'n', Values: ['a', 'b'] }], MaxResults: 5 };
    const definition = method(sample('ec2', 'DescribeInstances'), { httpMethod: 'POST' });
    expect(form(sent(definition, { body }))).toEqual({
      Action: 'DescribeInstances',
      Version: '2020-01-01',
      'InstanceId.1': 'i-1',
      'InstanceId.2': 'i-2',
      'Filter.1.Name': 'n',
      'Filter.1.Value.1': 'a',
      'Filter.1.Value.2': 'b',
      MaxResults: '5',
    });
  });

  it('leaves out what the caller leaves out, and sends nothing but the operation’s members', () => {
    const definition = method(sample('sns', 'Publish'), { parameters: { TopicArn: { value: 't' } } });
    const body = { Message: 'm', TopicArn: 'other', Action: 'DeleteTopic', Version: '1', constructor: 'x' };
    expect(form(sent(definition, { body, query: { Action: 'DeleteTopic', TopicArn: 'other' } }))).toEqual({
      Action: 'Publish',
      Version: '2020-01-01',
      TopicArn: 't',
      Message: 'm',
    });
  });

  it('cannot be added to, from the body or the query string', () => {
    const fromBody = method(sample('sns', 'Publish'), { parameters: { TopicArn: { value: 't' } } });
    const fromQuery = method(sample('sns', 'Publish'), {
      parameters: {
        TopicArn: { value: 't' },
        Message: { from: 'query', name: 'm' },
        Names: { value: ['n'] },
      },
    });
    const start = { Action: 'Publish', Version: '2020-01-01', TopicArn: 't' };
    for (const value of hostileValues(1, 300)) {
      const body = { Message: value, Names: [value], Attributes: { [value]: { DataType: value } } };
      expect(form(sent(fromBody, { body }))).toEqual({
        ...start,
        Message: value,
        'Names.member.1': value,
        'Attributes.entry.1.Name': value,
        'Attributes.entry.1.Value.DataType': value,
      });
      expect(form(sent(fromQuery, { query: { m: value } }))).toEqual({
        ...start,
        Message: value,
        'Names.member.1': 'n',
      });
    }
    for (const half of halves)
      expect(Object.keys(form(sent(fromBody, { body: { Message: half } })))).toHaveLength(4);
  });

  it('has constants that hold whatever they hold', () => {
    for (const value of hostileValues(2, 100)) {
      const definition = method(sample('sns', 'Publish'), { parameters: { Message: { value } } });
      expect(form(sent(definition, { body: {} }))).toMatchObject({ Message: value });
    }
  });
});
