// An embedded account with the product in it, and its content without what is no part of the promise.
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';

export { walkthroughInput } from '../../cli/commands/walkthrough.ts';

import { embeddedStateMachineArn, openEmbedded } from '../../cli/embedded.ts';
import { follow, type StateProgress } from '../../cli/follow.ts';
import { type Result, resultOf } from '../../cli/outcome.ts';
import { virtualClock } from '../../local/clock.ts';
import type { EmbeddedAws, Fault } from '../../local/embedded.ts';

export interface TestAccount {
  readonly aws: EmbeddedAws;
  readonly client: {
    region: string;
    credentials: EmbeddedAws['credentials'];
    requestHandler: EmbeddedAws['requestHandler'];
    endpoint: string;
    maxAttempts: number;
  };
  run(input: Record<string, unknown>): Promise<Result & { states: StateProgress[] }>;
  content(): Record<string, unknown>;
}

/** On a virtual clock: minutes of retries take milliseconds. */
export async function openAccount(faults: readonly Fault[] = []): Promise<TestAccount> {
  const aws = await openEmbedded({ clock: virtualClock(), seed: 1, faults });
  const client = {
    region: aws.region,
    credentials: aws.credentials,
    requestHandler: aws.requestHandler,
    endpoint: 'http://embedded.localhost',
    maxAttempts: 1,
  };
  const sfn = new SFNClient(client);
  return {
    aws,
    client,
    async run(input) {
      const started = await sfn.send(
        new StartExecutionCommand({ stateMachineArn: embeddedStateMachineArn, input: JSON.stringify(input) }),
      );
      const executionArn = started.executionArn ?? '';
      const states: StateProgress[] = [];
      const engine = {
        sfn,
        pollEvery: 2,
        stateMachineArn: embeddedStateMachineArn,
        address: '',
        close: async () => {},
      };
      const ended = await follow(engine, executionArn, step => states.push(step));
      return { ...resultOf(ended), states };
    },
    content: () =>
      Object.fromEntries(
        Object.entries(aws.store.content()).filter(
          ([name, documents]) => /^(apigateway|iam|lambda)\//.test(name) && Object.keys(documents).length > 0,
        ),
      ),
  };
}

export async function makeTopics(account: TestAccount, ...names: string[]): Promise<void> {
  const sns = new SNSClient(account.client);
  for (const Name of names) await sns.send(new CreateTopicCommand({ Name }));
}
