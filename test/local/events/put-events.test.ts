// PutEvents, buses, rules and targets as EventBridge answers.
import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  ListEventBusesCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { anAccount, anEntry } from './account.ts';

describe('PutEvents', () => {
  it('answers every entry for itself', async () => {
    const { put } = await anAccount();
    const answer = await put(
      anEntry(),
      anEntry({}, { Source: 'aws.ec2' }),
      anEntry({}, { Detail: '{' }),
      anEntry({}, { Detail: '[]' }),
      anEntry({}, { DetailType: '' }),
      anEntry({}, { EventBusName: 'none' }),
    );
    expect(answer.FailedEntryCount).toBe(5);
    expect(answer.Entries?.[0]).toEqual({ EventId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(answer.Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      'NotAuthorizedForSource',
      'MalformedDetail',
      'MalformedDetail',
      'InvalidArgument',
      'ResourceNotFoundException',
    ]);
  });

  it('refuses more than ten entries, and more than 256 KiB', async () => {
    const { events, put } = await anAccount();
    const eleven = Array.from({ length: 11 }, () => anEntry());
    await expect(events.send(new PutEventsCommand({ Entries: eleven }))).rejects.toThrow(
      'Member must have length less than or equal to 10',
    );
    await expect(put(anEntry({ text: 'x'.repeat(262_144) }))).rejects.toThrow(
      'Total size of the entries in the request is over the limit.',
    );
  });
});

describe('buses and rules', () => {
  it('keep an event on its bus', async () => {
    const { events, queue, put, received, rule } = await anAccount();
    const Arn = await queue('default');
    const other = await queue('orders');
    await rule('all', { source: ['orders'] }, { Id: 'q', Arn });
    await events.send(new CreateEventBusCommand({ Name: 'team' }));
    const EventPattern = '{"source":["orders"]}';
    await events.send(new PutRuleCommand({ Name: 'all', EventBusName: 'team', EventPattern }));
    const Targets = [{ Id: 'q', Arn: other }];
    await events.send(new PutTargetsCommand({ Rule: 'all', EventBusName: 'team', Targets }));
    await put(anEntry({ n: 1 }, { EventBusName: 'team' }));
    expect(await received('default')).toEqual([]);
    expect(await received('orders')).toHaveLength(1);
    await expect(events.send(new DeleteEventBusCommand({ Name: 'team' }))).rejects.toThrow(
      'since it has rules',
    );
    const { EventBuses = [] } = await events.send(new ListEventBusesCommand({}));
    expect(EventBuses.map(({ Name }) => Name)).toEqual(['default', 'team']);
  });

  it('are read back as they were put, and deleted without their targets only', async () => {
    const { events, queue, rule } = await anAccount();
    await rule('one', { source: ['a'] }, { Id: 'q', Arn: await queue('a') });
    const { Rules } = await events.send(new ListRulesCommand({ NamePrefix: 'o' }));
    expect(Rules).toEqual([
      {
        Name: 'one',
        Arn: 'arn:aws:events:us-east-1:000000000000:rule/one',
        EventBusName: 'default',
        State: 'ENABLED',
        EventPattern: '{"source":["a"]}',
      },
    ]);
    await expect(events.send(new DeleteRuleCommand({ Name: 'one' }))).rejects.toThrow('since it has targets');
    await events.send(new RemoveTargetsCommand({ Rule: 'one', Ids: ['q'] }));
    const { Targets } = await events.send(new ListTargetsByRuleCommand({ Rule: 'one' }));
    expect(Targets).toEqual([]);
    await events.send(new DeleteRuleCommand({ Name: 'one' }));
    await expect(events.send(new DescribeRuleCommand({ Name: 'one' }))).rejects.toThrow(
      'Rule one does not exist on EventBus default.',
    );
  });

  it('send nothing while they are disabled', async () => {
    const { events, queue, rule, put, received } = await anAccount();
    await rule('one', { source: ['orders'] }, { Id: 'q', Arn: await queue('a') });
    await events.send(new DisableRuleCommand({ Name: 'one' }));
    await put(anEntry());
    expect(await received('a')).toEqual([]);
  });

  it('test a pattern without a rule', async () => {
    const { events } = await anAccount();
    const Event = JSON.stringify({
      id: '1',
      account: '000000000000',
      source: 'a',
      time: '2026-01-01T00:00:00Z',
      region: 'us-east-1',
      'detail-type': 'b',
    });
    const test = (EventPattern: string, event = Event) =>
      events.send(new TestEventPatternCommand({ EventPattern, Event: event }));
    expect((await test('{"source":["a"]}')).Result).toBe(true);
    expect((await test('{"source":["b"]}')).Result).toBe(false);
    await expect(test('{"source":["b"]}', '{}')).rejects.toThrow('Parameter Event is not valid');
  });

  it('refuse a target that EventBridge could never reach', async () => {
    const { events, rule } = await anAccount();
    await rule('one', { source: ['a'] }, { Id: 'q', Arn: 'arn:aws:sqs:us-east-1:000000000000:q' });
    const put = (target: object) =>
      events.send(new PutTargetsCommand({ Rule: 'one', Targets: [{ Id: 'x', Arn: '', ...target }] }));
    await expect(put({ Arn: 'arn:aws:states:us-east-1:000000000000:stateMachine:M' })).rejects.toThrow(
      'RoleArn is required for target',
    );
    await expect(put({ Arn: 'arn:aws:sqs:us-east-1:000000000000:q.fifo' })).rejects.toThrow(
      'Parameter(s) SqsParameters must be specified for target: x.',
    );
    await expect(put({ Arn: 'arn:aws:ecs:us-east-1:000000000000:cluster/c' })).rejects.toThrow(
      'NotImplemented: the target arn:aws:ecs:us-east-1:000000000000:cluster/c',
    );
  });
});

describe('permissions', () => {
  it('let a role put events on the buses, and from the sources, that its policy names', async () => {
    const { aws, iam, client } = await anAccount();
    const trust = {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    };
    const policy = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'events:PutEvents',
          Resource: 'arn:aws:events:us-east-1:000000000000:event-bus/default',
          Condition: { StringEquals: { 'events:source': 'orders' } },
        },
      ],
    };
    const { Role } = await iam.send(
      new CreateRoleCommand({ RoleName: 'sender', AssumeRolePolicyDocument: JSON.stringify(trust) }),
    );
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: 'sender',
        PolicyName: 'p',
        PolicyDocument: JSON.stringify(policy),
      }),
    );
    const credentials = aws.assumeRole(Role?.Arn ?? '', 'lambda.amazonaws.com', 's');
    const { EventBridgeClient } = await import('@aws-sdk/client-eventbridge');
    const sender = new EventBridgeClient({ ...client, credentials });
    const { FailedEntryCount } = await sender.send(new PutEventsCommand({ Entries: [anEntry()] }));
    expect(FailedEntryCount).toBe(0);
    const foreign = new PutEventsCommand({ Entries: [anEntry({}, { Source: 'billing' })] });
    await expect(sender.send(foreign)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});
