// How events reach their targets, and what becomes of those that do not.
import { CreateEventBusCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateStateMachineCommand, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import type { BuiltInFunction } from '../../../local/embedded.ts';
import { anAccount, anEntry, openPolicy, queueArn } from './account.ts';

type Account = Awaited<ReturnType<typeof anAccount>>;

async function aRole({ iam }: Account, name: string, service: string, ...Statement: object[]) {
  const trust = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: `${service}.amazonaws.com` }, Action: 'sts:AssumeRole' },
    ],
  };
  const made = await iam.send(
    new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust) }),
  );
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  if (Statement.length > 0)
    await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: 'p', PolicyDocument }));
  return made.Role?.Arn ?? '';
}

const definition = JSON.stringify({
  QueryLanguage: 'JSONata',
  StartAt: 'Pass',
  States: { Pass: { Type: 'Pass', End: true } },
});

async function aMachine(account: Account): Promise<string> {
  const roleArn = await aRole(account, 'machine', 'states');
  const made = await account.sfn.send(new CreateStateMachineCommand({ name: 'M', definition, roleArn }));
  return made.stateMachineArn ?? '';
}

const executionsOf = async ({ sfn }: Account, stateMachineArn: string) =>
  (await sfn.send(new ListExecutionsCommand({ stateMachineArn }))).executions ?? [];

describe('a queue', () => {
  it('gets the event as EventBridge writes it', async () => {
    const { queue, rule, put, received } = await anAccount();
    await rule('one', { source: ['orders'] }, { Id: 'q', Arn: await queue('a') });
    const { Entries } = await put(anEntry({ id: 7 }, { Resources: ['arn:aws:s3:::b'] }));
    const [message] = await received('a');
    expect(JSON.parse(message?.Body ?? '')).toEqual({
      version: '0',
      id: Entries?.[0]?.EventId,
      'detail-type': 'OrderPlaced',
      source: 'orders',
      account: '000000000000',
      time: '2026-01-01T00:00:00Z',
      region: 'us-east-1',
      resources: ['arn:aws:s3:::b'],
      detail: { id: 7 },
    });
  });

  it('gets a constant, a part of the event, or what a template makes of it', async () => {
    const { queue, rule, put, received } = await anAccount();
    const Arn = await queue('a');
    await rule(
      'one',
      { source: ['orders'] },
      { Id: '1', Arn, Input: '{"a":1}' },
      { Id: '2', Arn, InputPath: '$.detail.items[1]' },
      {
        Id: '3',
        Arn,
        InputTransformer: {
          InputPathsMap: { who: '$.detail.who', items: '$.detail.items', none: '$.detail.none' },
          InputTemplate:
            '{"text":"for <who>, <none>","items":<items>,"none":<none>,"rule":<aws.events.rule-name>}',
        },
      },
    );
    await put(anEntry({ who: 'A "B"', items: [{ n: 1 }, { n: 2 }] }));
    const bodies = (await received('a')).map(({ Body = '' }) => JSON.parse(Body));
    expect(bodies).toEqual([
      { a: 1 },
      { n: 2 },
      { text: 'for A "B", ', items: [{ n: 1 }, { n: 2 }], none: null, rule: 'one' },
    ]);
  });

  it('gets the message group of a FIFO target', async () => {
    const { queue, rule, put, received } = await anAccount();
    const attributes = { FifoQueue: 'true', ContentBasedDeduplication: 'true', Policy: openPolicy };
    const Arn = await queue('a.fifo', attributes);
    await rule('one', { source: ['orders'] }, { Id: 'q', Arn, SqsParameters: { MessageGroupId: 'g' } });
    await put(anEntry());
    expect((await received('a.fifo'))[0]?.Attributes?.MessageGroupId).toBe('g');
  });

  it('whose policy does not let EventBridge in gets nothing; the dead-letter queue says why', async () => {
    const { queue, rule, put, received } = await anAccount();
    const Arn = await queue('closed', {});
    const target = { Id: 'q', Arn, DeadLetterConfig: { Arn: await queue('dead') } };
    await rule('one', { source: ['orders'] }, target);
    await put(anEntry());
    const [message] = await received('dead');
    expect(await received('closed')).toEqual([]);
    expect(message?.MessageAttributes?.ERROR_CODE?.StringValue).toBe('AccessDenied');
    expect(message?.MessageAttributes?.RULE_ARN?.StringValue).toContain('rule/one');
  });
});

describe('a state machine', () => {
  it('is started once for an event, by a role that may', async () => {
    const account = await anAccount();
    const Arn = await aMachine(account);
    const allowed = { Effect: 'Allow', Action: 'states:StartExecution', Resource: Arn };
    const RoleArn = await aRole(account, 'starter', 'events', allowed);
    await account.rule('one', { source: ['orders'] }, { Id: 'm', Arn, RoleArn, InputPath: '$.detail' });
    await account.put(anEntry({ n: 1 }));
    await account.aws.clock.sleep(1000);
    expect(await executionsOf(account, Arn)).toHaveLength(1);
  });

  it('is not started by a role that may not', async () => {
    const account = await anAccount();
    const Arn = await aMachine(account);
    const RoleArn = await aRole(account, 'starter', 'events');
    const DeadLetterConfig = { Arn: await account.queue('dead') };
    await account.rule('one', { source: ['orders'] }, { Id: 'm', Arn, RoleArn, DeadLetterConfig });
    await account.put(anEntry());
    const [message] = await account.received('dead');
    expect(message?.MessageAttributes?.ERROR_MESSAGE?.StringValue).toContain('states:StartExecution');
    expect(await executionsOf(account, Arn)).toEqual([]);
  });
});

/** Fails as often as it is told, and keeps what it got. */
function aFunction(failures: number) {
  const events: unknown[] = [];
  const builtIn: BuiltInFunction = {
    name: 'consumer',
    timeoutSeconds: 3,
    policy: { Version: '2012-10-17', Statement: [] },
    async invoke(event) {
      events.push(event);
      if (events.length <= failures) throw new Error('not yet');
      return {};
    },
  };
  return { events, builtIn };
}

describe('a function', () => {
  const functionTarget = { kind: 'function', name: 'consumer', InputPath: '$.detail' } as const;
  const declared = { name: 'one', eventPattern: { source: ['orders'] }, targets: [functionTarget] };

  it('is invoked by a rule declared with the account, again when it fails', async () => {
    const { events, builtIn } = aFunction(2);
    const { aws, put } = await anAccount({ functions: [builtIn], rules: [declared] });
    await put(anEntry({ n: 1 }));
    await aws.clock.sleep(60_000);
    expect(events).toEqual([{ n: 1 }, { n: 1 }, { n: 1 }]);
    expect(aws.store.content()['events/deliveries']).toBeUndefined();
  });

  it('is given up after as many tries as the target says', async () => {
    const { events, builtIn } = aFunction(100);
    const RetryPolicy = { MaximumRetryAttempts: 2 };
    const DeadLetterConfig = { Arn: queueArn('dead') };
    const target = { ...functionTarget, RetryPolicy, DeadLetterConfig };
    const rules = [{ ...declared, targets: [target] }];
    const { queue, put, received } = await anAccount({ functions: [builtIn], rules });
    await queue('dead');
    await put(anEntry());
    const [message] = await received('dead', 600);
    expect(events).toHaveLength(3);
    expect(message?.MessageAttributes?.EXHAUSTED_RETRY_CONDITION?.StringValue).toBe('MaximumRetryAttempts');
  });

  it('is told of every change of an execution’s status', async () => {
    const { events, builtIn } = aFunction(0);
    const eventPattern = { source: ['aws.states'] };
    const stateMachines = [{ name: 'M', definition }];
    const rules = [{ name: 'one', eventPattern, targets: [{ kind: 'function', name: 'consumer' } as const] }];
    const { aws, sfn } = await anAccount({ functions: [builtIn], stateMachines, rules });
    const { StartExecutionCommand } = await import('@aws-sdk/client-sfn');
    const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:M';
    await sfn.send(new StartExecutionCommand({ stateMachineArn, name: 'x', input: '{"n":1}' }));
    await aws.clock.sleep(1000);
    const executionArn = 'arn:aws:states:us-east-1:000000000000:execution:M:x';
    const said = { executionArn, stateMachineArn, name: 'x', input: '{"n":1}' };
    expect(events).toMatchObject([
      { 'detail-type': 'Step Functions Execution Status Change', resources: [executionArn] },
      { detail: { ...said, status: 'SUCCEEDED', output: '{"n":1}', outputDetails: { included: true } } },
    ]);
    expect(events[0]).toMatchObject({ detail: { ...said, status: 'RUNNING', stopDate: null, output: null } });
  });
});

describe('another bus', () => {
  it('gets the event from a role that may put it there', async () => {
    const account = await anAccount();
    const { events, queue, rule, put, received } = account;
    const made = await events.send(new CreateEventBusCommand({ Name: 'team' }));
    const Arn = made.EventBusArn ?? '';
    const RoleArn = await aRole(account, 'forward', 'events', {
      Effect: 'Allow',
      Action: 'events:PutEvents',
      Resource: Arn,
    });
    await rule('forward', { source: ['orders'] }, { Id: 'b', Arn, RoleArn });
    const EventPattern = '{"source":["orders"]}';
    await events.send(new PutRuleCommand({ Name: 'all', EventBusName: 'team', EventPattern }));
    const Targets = [{ Id: 'q', Arn: await queue('a') }];
    await events.send(new PutTargetsCommand({ Rule: 'all', EventBusName: 'team', Targets }));
    await put(anEntry({ n: 1 }));
    expect(await received('a')).toHaveLength(1);
  });
});
