// Scenarios of requests that come as events: served, refused, repeated, and finished by somebody else.
import {
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { ListExecutionsCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
// Read beforehand: the virtual clock does not wait for modules, and nobody waits for an answer for longer than it says.
import '../../handlers/publish-outcome.ts';
import '../../handlers/receive-request.ts';
import '../../handlers/start-request.ts';
import type { TestAccount } from '../scenarios/account.ts';
import { signed } from './inputs.ts';
import { failsLater, type Input, restOf, type Scenario } from './playing.ts';

const queue = 'told';
const queueArn = `arn:aws:sqs:us-east-1:000000000000:${queue}`;
const QueueUrl = `https://sqs.us-east-1.amazonaws.com/000000000000/${queue}`;
const openPolicy = JSON.stringify({
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: queueArn,
  },
});

/** Sends requests, and reads what the product tells of them. */
async function asking({ client, aws }: TestAccount) {
  const events = new EventBridgeClient(client);
  const sqs = new SQSClient(client);
  await sqs.send(new CreateQueueCommand({ QueueName: queue, Attributes: { Policy: openPolicy } }));
  await events.send(new PutRuleCommand({ Name: queue, EventPattern: '{"source":["service-proxy"]}' }));
  await events.send(new PutTargetsCommand({ Rule: queue, Targets: [{ Id: 'queue', Arn: queueArn }] }));
  const told: string[] = [];
  const read = async () => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    for (const { Body = '{}', ReceiptHandle } of Messages) {
      const { 'detail-type': type, detail } = JSON.parse(Body);
      told.push(`${type} ${detail.status ?? ''}`);
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  };
  return {
    request: (detail: Input) =>
      events.send(
        new PutEventsCommand({
          Entries: [{ Source: 'shop', DetailType: 'ServiceProxyRequested', Detail: JSON.stringify(detail) }],
        }),
      ),
    /** What has been told once it is so much, or after ten minutes. */
    async told(count: number): Promise<readonly string[]> {
      for (let waited = 0; waited < 600; waited++) {
        await read();
        if (told.length >= count) break;
        await aws.clock.sleep(1000);
      }
      return [...told];
    },
  };
}

const options = () => ({ requests: true, watch: true });
const request: Input = { ...signed, clientToken: 'one' };

const served: Scenario = {
  name: 'a request that is served, repeated, and contradicted',
  options,
  async play(account) {
    const { request: send, told } = await asking(account);
    await send(request);
    await told(1);
    await send(request);
    await told(2);
    await send({ ...request, path: '/another' });
    return (await told(3)).slice().sort();
  },
};

const rejected: Scenario = {
  name: 'a request that cannot be served',
  options,
  async play(account) {
    const { request: send, told } = await asking(account);
    await send({ ...signed, action: 'ListTopcis' });
    return [await told(1), await restOf(account)];
  },
};

/** Looks again and again, for ten minutes at most. */
async function until({ aws }: TestAccount, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < 600_000 && !(await isSo()); waited += 100) await aws.clock.sleep(100);
}

/** Stops the execution that runs, once there is one. */
async function stopRunning(account: TestAccount): Promise<void> {
  const { sfn, stateMachineArn } = account.engine;
  await until(account, async () => {
    const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }));
    const running = executions.find(({ status }) => status === 'RUNNING');
    if (running) await sfn.send(new StopExecutionCommand({ executionArn: running.executionArn }));
    return running !== undefined;
  });
}

/** Behind one that waits for approval: of two with one token the second finds the name taken when its turn comes. */
const inTurn: Scenario = {
  name: 'two requests with one token behind another of their API',
  options,
  async play(account) {
    const { request: send, told } = await asking(account);
    let queued = 0;
    account.aws.onCall(({ operation, caller }) => {
      if (operation === 'SendMessage' && caller?.roleArn?.endsWith('-ReceiveRequest')) queued += 1;
    });
    const inLine = (count: number) => until(account, () => queued >= count);
    await send({ ...signed, approval: true, clientToken: 'first' });
    await inLine(1);
    await send(request);
    await inLine(2);
    await send({ ...request, path: '/another' });
    await inLine(3);
    await stopRunning(account);
    return (await told(3)).slice().sort();
  },
};

const stopped: Scenario = {
  name: 'a request whose execution is stopped',
  options: () => ({
    ...options(),
    faults: [{ ...failsLater('VerifyStage', 1, 'before'), kind: 'throttle' }],
  }),
  async play(account) {
    const { request: send, told } = await asking(account);
    await send(request);
    await stopRunning(account);
    return [await told(1), await restOf(account)];
  },
};

export const requested: readonly Scenario[] = [served, rejected, inTurn, stopped];
