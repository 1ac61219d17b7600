// An embedded account for these tests, with SDK clients and virtual time.
import {
  EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
  PutRuleCommand,
  PutTargetsCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { SFNClient } from '@aws-sdk/client-sfn';
import {
  CreateQueueCommand,
  type Message,
  type MessageSystemAttributeName,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach } from 'vitest';
import { virtualClock } from '../../../local/clock.ts';
import { createEmbeddedAws, type EmbeddedAws, type EmbeddedOptions } from '../../../local/embedded.ts';

const open: EmbeddedAws[] = [];
afterEach(async () => {
  for (const aws of open.splice(0)) await aws.close();
});

export const queueArn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
export const queueUrl = (name: string) => `https://sqs.us-east-1.amazonaws.com/000000000000/${name}`;

/** Lets EventBridge send into any queue of the account. */
export const openPolicy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: '*',
    },
  ],
});

export async function anAccount(options: EmbeddedOptions = {}) {
  const aws = await createEmbeddedAws({ clock: virtualClock(), ...options });
  open.push(aws);
  const { region, credentials, requestHandler } = aws;
  const client = { region, credentials, requestHandler, maxAttempts: 1 };
  const events = new EventBridgeClient(client);
  const sqs = new SQSClient(client);
  return {
    aws,
    client,
    events,
    sqs,
    iam: new IAMClient(client),
    sfn: new SFNClient(client),
    async queue(name: string, attributes: Readonly<Record<string, string>> = { Policy: openPolicy }) {
      await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
      return queueArn(name);
    },
    async rule(name: string, pattern: object, ...targets: Target[]) {
      await events.send(new PutRuleCommand({ Name: name, EventPattern: JSON.stringify(pattern) }));
      await events.send(new PutTargetsCommand({ Rule: name, Targets: targets }));
    },
    put: (...Entries: PutEventsRequestEntry[]) => events.send(new PutEventsCommand({ Entries })),
    /** Everything in the queue once the account has had so many seconds of its time. */
    async received(name: string, seconds = 1): Promise<readonly Message[]> {
      await aws.clock.sleep(seconds * 1000);
      const MessageSystemAttributeNames: MessageSystemAttributeName[] = ['MessageGroupId'];
      const input = {
        QueueUrl: queueUrl(name),
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames,
      };
      return (await sqs.send(new ReceiveMessageCommand(input))).Messages ?? [];
    },
  };
}

export const anEntry = (detail: object = {}, more: PutEventsRequestEntry = {}): PutEventsRequestEntry => ({
  Source: 'orders',
  DetailType: 'OrderPlaced',
  Detail: JSON.stringify(detail),
  ...more,
});
