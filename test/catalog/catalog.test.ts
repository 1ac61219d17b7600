// Look-up in the committed catalog.
import { describe, expect, it } from 'vitest';
import { findOperation, listServices, readService } from '../../catalog/catalog.ts';

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
    expect(findOperation('sns', 'constructor')).toMatchObject({ missing: 'action' });
    expect(findOperation('__proto__', 'x')).toMatchObject({ missing: 'service' });
  });

  it('holds the whole of every service it lists', () => {
    for (const service of listServices()) {
      const actions = Object.keys(readService(service)?.operations ?? {});
      expect(actions.length).toBeGreaterThan(20);
      for (const action of actions) expect(findOperation(service, action)).toMatchObject({ service, action });
    }
  });
});
