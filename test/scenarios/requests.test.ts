// Provisioning by events: a request is put on the bus, its execution runs, and its outcome is told on the bus.
import {
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SFNClient,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { Ajv } from 'ajv';
import { afterEach, describe, expect, it } from 'vitest';
import { embeddedStateMachineArn, openEmbedded } from '../../cli/embedded.ts';
import { eventSchemas } from '../../core/event-schemas.ts';
import { virtualClock } from '../../local/clock.ts';
import type { EmbeddedAws, Fault } from '../../local/embedded.ts';
import { openPolicy, queueArn, queueUrl } from '../local/events/account.ts';

const open: EmbeddedAws[] = [];
afterEach(async () => {
  for (const aws of open.splice(0)) await aws.close();
});

interface Told {
  readonly type: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What an event has against the schema that is published for it. */
function problemsOf(event: { readonly 'detail-type': string }): unknown[] {
  const { $schema: _, ...schema } = eventSchemas[event['detail-type']] ?? {};
  const validate = new Ajv({ strict: false, validateFormats: false }).compile({ ...schema });
  return validate(event) ? [] : (validate.errors ?? []);
}

/** An account that takes requests; everything the product says on the bus is kept in a queue. */
async function anAccount(faults: readonly Fault[] = []) {
  const aws = await openEmbedded({ clock: virtualClock(), seed: 1, requests: true, watch: true, faults });
  open.push(aws);
  const { region, credentials, requestHandler } = aws;
  const client = { region, credentials, requestHandler, maxAttempts: 1 };
  const events = new EventBridgeClient(client);
  const sqs = new SQSClient(client);
  const sfn = new SFNClient(client);
  await sqs.send(new CreateQueueCommand({ QueueName: 'told', Attributes: { Policy: openPolicy } }));
  await events.send(new PutRuleCommand({ Name: 'told', EventPattern: '{"source":["service-proxy"]}' }));
  await events.send(new PutTargetsCommand({ Rule: 'told', Targets: [{ Id: 'q', Arn: queueArn('told') }] }));
  const told: Told[] = [];
  const readTold = async () => {
    const QueueUrl = queueUrl('told');
    for (;;) {
      const input = { QueueUrl, MaxNumberOfMessages: 10 };
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(input));
      for (const { Body = '', ReceiptHandle } of Messages) {
        const event = JSON.parse(Body);
        expect(problemsOf(event)).toEqual([]);
        told.push({ type: event['detail-type'], detail: event.detail });
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
      if (Messages.length === 0) return told;
    }
  };
  return {
    aws,
    sfn,
    request: (detail: object, source = 'team-a') =>
      events.send(
        new PutEventsCommand({
          Entries: [{ Source: source, DetailType: 'ServiceProxyRequested', Detail: JSON.stringify(detail) }],
        }),
      ),
    /** What has been told once there are so many events, or nothing comes any more. */
    async told(count: number) {
      for (let waited = 0; waited < 3600 && (await readTold()).length < count; waited += 5) {
        await aws.clock.sleep(5000);
      }
      return told;
    },
    async executions() {
      const { executions = [] } = await sfn.send(
        new ListExecutionsCommand({ stateMachineArn: embeddedStateMachineArn }),
      );
      return executions;
    },
  };
}

const route = (path: string, more: object = {}) => ({
  service: 'sns',
  action: 'ListTopics',
  stage: 'test',
  api: { name: 'Events' },
  path,
  ...more,
});

describe('a request', () => {
  it('is provisioned, removed, and each outcome is told', async () => {
    const { request, told, sfn } = await anAccount();
    await request(route('/topics', { clientToken: 'one' }));
    const [provisioned] = await told(1);
    expect(provisioned).toMatchObject({
      type: 'ServiceProxyProvisioned',
      detail: {
        clientToken: 'one',
        requestedBy: 'team-a in 000000000000',
        stage: 'test',
        routeCount: 1,
        routes: [{ path: '/topics', httpMethod: 'GET', service: 'sns', action: 'ListTopics' }],
      },
    });
    const { status } = await sfn.send(
      new DescribeExecutionCommand({ executionArn: String(provisioned?.detail.executionArn) }),
    );
    expect(status).toBe('SUCCEEDED');
    await request(route('/topics', { operation: 'remove' }));
    expect((await told(2))[1]?.type).toBe('ServiceProxyRemoved');
  });

  it('that is malformed is answered with every problem, and starts nothing', async () => {
    const { request, told, executions } = await anAccount();
    await request({ service: 'sns', action: 'ListTopcis', stage: 'a b', extra: 1, clientToken: 'bad' });
    const [rejected, ...more] = await told(2);
    expect(more).toEqual([]);
    expect(rejected).toMatchObject({ type: 'ServiceProxyRejected', detail: { clientToken: 'bad' } });
    const at = (path: string) => expect.objectContaining({ path });
    expect(rejected?.detail.problems).toEqual(expect.arrayContaining([at('$.stage'), at('$.extra')]));
    expect(await executions()).toEqual([]);
  });

  it('for an action that does not exist is answered before anything is queued', async () => {
    const { request, told, executions } = await anAccount();
    await request(route('/x', { action: 'ListTopcis' }));
    const [rejected] = await told(1);
    expect(JSON.stringify(rejected)).toContain('ListTopics');
    expect(await executions()).toEqual([]);
  });

  it('that comes a hundred times is one execution, and whoever is told is told the same', async () => {
    const { request, told, executions } = await anAccount();
    await Promise.all(Array.from({ length: 100 }, () => request(route('/topics', { clientToken: 'same' }))));
    const outcomes = await told(1);
    expect(new Set(outcomes.map(outcome => JSON.stringify(outcome))).size).toBe(1);
    expect(outcomes[0]?.type).toBe('ServiceProxyProvisioned');
    expect(await executions()).toHaveLength(1);
  });

  it('that comes again after its end is told the same outcome again', async () => {
    const { request, told, executions } = await anAccount();
    await request(route('/topics', { clientToken: 'same' }));
    await told(1);
    await request(route('/topics', { clientToken: 'same' }), 'team-b');
    const [first, second] = await told(2);
    expect(second).toEqual(first);
    expect(await executions()).toHaveLength(1);
  });

  it('for something else with the same token is refused', async () => {
    const { request, told } = await anAccount();
    await request(route('/topics', { clientToken: 'same' }));
    await told(1);
    await request(route('/others', { clientToken: 'same' }));
    expect((await told(2))[1]).toMatchObject({
      type: 'ServiceProxyRejected',
      detail: { clientToken: 'same', problems: [{ path: '$.clientToken' }] },
    });
  });

  it('waits until the one before it, for the same API, has ended', async () => {
    const { request, told, executions } = await anAccount();
    for (const path of ['/a', '/b', '/c']) await request(route(path));
    const outcomes = await told(3);
    expect(outcomes.map(({ type }) => type)).toEqual(Array(3).fill('ServiceProxyProvisioned'));
    const times = (await executions())
      .map(({ startDate, stopDate }) => [startDate?.getTime() ?? 0, stopDate?.getTime() ?? 0] as const)
      .sort(([one], [other]) => one - other);
    for (const [index, [startDate]] of times.entries()) {
      expect(startDate).toBeGreaterThanOrEqual(times[index - 1]?.[1] ?? 0);
    }
  });

  it('whose execution fails is told what was rolled back', async () => {
    const { request, told } = await anAccount([
      {
        service: 'lambda',
        operation: 'Invoke',
        functionName: 'service-proxy-VerifyStage',
        kind: 'serverError',
        when: 'after',
      },
    ]);
    await request(route('/topics', { clientToken: 'one' }));
    expect((await told(1))[0]).toMatchObject({
      type: 'ServiceProxyRolledBack',
      detail: { clientToken: 'one', failedState: 'VerifyStage', rolledBack: expect.any(Array) },
    });
  });

  it('whose execution is stopped is told once its rollback has ended', async () => {
    const { aws, request, told, executions, sfn } = await anAccount([
      {
        service: 'lambda',
        operation: 'Invoke',
        functionName: 'service-proxy-VerifyStage',
        kind: 'throttle',
        when: 'before',
      },
    ]);
    await request(route('/topics', { clientToken: 'one' }));
    const running = async () => (await executions()).find(({ status }) => status === 'RUNNING');
    for (let waited = 0; waited < 100 && !(await running()); waited++) await aws.clock.sleep(100);
    const executionArn = (await running())?.executionArn;
    await sfn.send(new StopExecutionCommand({ executionArn }));
    expect(await told(1)).toMatchObject([
      {
        type: 'ServiceProxyRolledBack',
        detail: { clientToken: 'one', executionArn, error: 'ABORTED' },
      },
    ]);
  });
});
