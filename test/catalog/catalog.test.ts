// Look-up in the committed catalog.
import { describe, expect, it } from 'vitest';
import { findOperation, listServices, readService } from '../../catalog/catalog.ts';

it('names each format of an ARN by itself', () => {
  const found = findOperation('lexv2-runtime', 'RecognizeText');
  expect('iam' in found && found.iam.resources).toContain(
    'arn:{partition}:lex:{region}:{account}:bot-alias/{BotId}/{BotAliasId}',
  );
});

describe('findOperation', () => {
  it.each([
    ['sns', 'ListTopics', 'sns'],
    ['SNS', 'listtopics', 'sns'],
    ['Amazon SNS', 'LISTTOPICS', 'sns'],
    ['Simple Notification Service', 'ListTopics', 'sns'],
    ['amazon-sns', 'ListTopics', 'sns'],
    ['states', 'StartExecution', 'stepfunctions'],
    ['Step Functions', 'startExecution', 'stepfunctions'],
    ['eventbridge', 'PutEvents', 'events'],
    ['AWS Lambda', 'invoke', 'lambda'],
    ['dynamo', 'getitem', 'dynamodb'],
    ['ddb', 'getitem', 'dynamodb'],
    ['CloudWatch', 'PutMetricData', 'cloudwatch'],
    ['monitoring', 'PutMetricData', 'cloudwatch'],
    ['ses', 'SendEmail', 'ses'],
  ])('finds %s %s as %s, spelled as in the model', (service, action, id) => {
    const found = findOperation(service, action);
    expect(found).toMatchObject({ service: id });
    expect('action' in found && found.action.toLowerCase()).toBe(action.toLowerCase());
    expect('action' in found && found.action).toMatch(/^[A-Z]/);
  });

  it('says what is missing, with the nearest names', () => {
    expect(findOperation('snss', 'ListTopics')).toEqual({
      missing: 'service',
      nearest: expect.arrayContaining(['sns']),
    });
    expect(findOperation('sns', 'ListTopic')).toEqual({
      missing: 'action',
      nearest: expect.arrayContaining(['ListTopics']),
    });
    expect(findOperation('s3', 'S3.getobject')).toMatchObject({
      missing: 'action',
      nearest: expect.arrayContaining(['GetObject']),
    });
    expect(findOperation('S3.getobject', '')).toEqual({ missing: 'service', nearest: ['s3 GetObject'] });
    expect(findOperation('clodwatch', '')).toMatchObject({ nearest: expect.arrayContaining(['cloudwatch']) });
    expect(findOperation('sns', 'constructor')).toMatchObject({ missing: 'action' });
    expect(findOperation('__proto__', 'x')).toMatchObject({ missing: 'service' });
  });

  it('holds the whole of every service it lists', () => {
    for (const service of listServices()) {
      const actions = Object.keys(readService(service)?.operations ?? {});
      expect(actions.length).toBeGreaterThan(0);
      // All operations of a service share its table of shapes.
      for (const action of actions.slice(0, 3))
        expect(findOperation(service, action)).toMatchObject({ service, action });
    }
  });
});
