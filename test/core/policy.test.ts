// The role of a route: assumable by API Gateway alone, and good for exactly one operation on exactly what was named.
import { describe, expect, it } from 'vitest';
import type { Parameter } from '../../core/input.ts';
import { trustPolicy } from '../../core/policy.ts';
import { derive, operationOf, sampleOperations, target } from './derived.ts';

const permissions = (
  service: string,
  action: string,
  parameters: Readonly<Record<string, Parameter>> = {},
  resources: readonly string[] = [],
) => {
  const { policy, problems } = derive(operationOf(service, action), { parameters, resources });
  return {
    statement: policy.Statement[0],
    problems: problems.filter(({ path }) => path.startsWith('$.resources')),
  };
};

describe('permissionsPolicy', () => {
  it('allows exactly the operation’s actions, never a wildcard of them', () => {
    for (const operation of sampleOperations(29)) {
      const { policy } = derive(operation);
      expect(policy.Statement).toHaveLength(1);
      expect(policy.Statement[0].Action).toEqual(operation.iam.actions);
      expect(policy.Statement[0].Action.length).toBeGreaterThan(0);
      expect(policy.Statement[0].Action.join()).not.toContain('*');
    }
  });

  it('takes "*" by choice where a call need not name a resource, and nowhere else', () => {
    const list = permissions('ssm', 'DeleteAssociation', {}, ['*']);
    expect(list.problems).toEqual([]);
    expect(list.statement.Resource).toBe('*');
    for (const [service, action] of [
      ['sqs', 'SendMessage'],
      ['s3', 'GetObject'],
      ['ec2', 'RunInstances'],
    ] as const) {
      expect(permissions(service, action, {}, ['*']).problems[0]?.message).toContain('"*" is more than');
    }
  });

  it('takes "*" only where IAM knows nothing narrower', () => {
    expect(permissions('sns', 'ListTopics').statement.Resource).toBe('*');
    const publish = permissions('sns', 'Publish');
    expect(publish.problems).toEqual([
      {
        path: '$.resources',
        message: expect.stringContaining('arn:aws:sns:us-east-1:111122223333:{TopicName}'),
      },
    ]);
    expect(publish.statement.Resource).not.toContain('*');
    expect(
      permissions('sns', 'ListTopics', {}, ['arn:aws:sns:us-east-1:111122223333:x']).problems,
    ).toHaveLength(1);
  });

  it.each([
    [
      'sns',
      'Publish',
      { TopicArn: 'arn:aws:sns:us-east-1:111122223333:news' },
      ['arn:aws:sns:us-east-1:111122223333:news'],
    ],
    [
      'sqs',
      'SendMessage',
      { QueueUrl: 'https://sqs.us-east-1.amazonaws.com/111122223333/q' },
      ['arn:aws:sqs:us-east-1:111122223333:q'],
    ],
    ['kinesis', 'PutRecord', { StreamName: 's' }, ['arn:aws:kinesis:us-east-1:111122223333:stream/s']],
    ['dynamodb', 'PutItem', { TableName: 't' }, ['arn:aws:dynamodb:us-east-1:111122223333:table/t']],
    ['lambda', 'Invoke', { FunctionName: 'f' }, ['arn:aws:lambda:us-east-1:111122223333:function:f']],
    [
      'lambda',
      'Invoke',
      { FunctionName: 'f:live' },
      ['arn:aws:lambda:us-east-1:111122223333:function:f:live'],
    ],
    ['s3', 'GetObject', { Bucket: 'b' }, ['arn:aws:s3:::b/*']],
    ['s3', 'GetObject', { Bucket: 'b', Key: 'a/b.txt' }, ['arn:aws:s3:::b/a/b.txt']],
    ['s3', 'ListObjectsV2', { Bucket: 'b' }, ['arn:aws:s3:::b']],
    [
      'states',
      'StartExecution',
      { stateMachineArn: 'arn:aws:states:us-east-1:111122223333:stateMachine:m' },
      ['arn:aws:states:us-east-1:111122223333:stateMachine:m'],
    ],
  ] as const)('fills the ARN of %s %s in from constants', (service, action, constants, expected) => {
    const parameters = Object.fromEntries(
      Object.entries(constants).map(([name, value]) => [name, { value }]),
    );
    const { statement, problems } = permissions(service, action, parameters);
    expect(problems).toEqual([]);
    expect(statement.Resource).toEqual(expected);
  });

  it.each([
    ['another account', 'sns', 'Publish', 'arn:aws:sns:us-east-1:999999999999:news'],
    ['another region', 'sns', 'Publish', 'arn:aws:sns:eu-west-1:111122223333:news'],
    ['another partition', 'sns', 'Publish', 'arn:aws-cn:sns:us-east-1:111122223333:news'],
    ['another service', 'sns', 'Publish', 'arn:aws:sqs:us-east-1:111122223333:news'],
    ['any account', 'sns', 'Publish', 'arn:aws:sns:us-east-1:*:news'],
    ['another kind of thing', 'sns', 'Publish', 'arn:aws:sns:us-east-1:111122223333:news:0f'],
    ['an object where a bucket is meant', 's3', 'ListObjectsV2', 'arn:aws:s3:::b/key'],
    ['a bucket where an object is meant', 's3', 'GetObject', 'arn:aws:s3:::b'],
    [
      'an index where a table is meant',
      'dynamodb',
      'PutItem',
      'arn:aws:dynamodb:us-east-1:111122223333:table/t/index/i',
    ],
    ['everything', 'sns', 'Publish', 'arn:aws:sns:*:*:*'],
  ])('refuses an ARN of %s', (_, service, action, arn) => {
    const { problems } = permissions(service, action, {}, [arn]);
    expect(problems.map(({ path }) => path)).toEqual(['$.resources[0]']);
  });

  it('derives nothing from a constant of another account or region', () => {
    const elsewhere = { value: 'https://sqs.us-east-1.amazonaws.com/999999999999/q' };
    expect(permissions('sqs', 'SendMessage', { QueueUrl: elsewhere }).problems).toHaveLength(1);
    const topic = { value: 'arn:aws:sns:eu-west-1:111122223333:news' };
    expect(permissions('sns', 'Publish', { TopicArn: topic }).problems).toHaveLength(1);
  });
});

describe('trustPolicy', () => {
  it('lets API Gateway assume the role, for this account where it says which', () => {
    expect(JSON.parse(trustPolicy(target)).Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { Service: 'apigateway.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: { StringEqualsIfExists: { 'aws:SourceAccount': '111122223333' } },
      },
    ]);
  });
});
