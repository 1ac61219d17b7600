// An embedded account with the product in it, and its content without what is no part of the promise.
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';

export { walkthroughInput } from '../../cli/commands/walkthrough.ts';

import {
  embeddedStateMachineArn,
  functionPolicy,
  openEmbedded,
  type ProductOptions,
} from '../../cli/embedded.ts';
import type { Engine } from '../../cli/engine.ts';
import { follow, type StateProgress } from '../../cli/follow.ts';
import { type Result, resultOf } from '../../cli/outcome.ts';
import { virtualClock } from '../../local/clock.ts';
import type { EmbeddedAws, Fault } from '../../local/embedded.ts';
import { allFunctions } from '../../statemachine/functions.ts';
import { ledgerTable } from '../../statemachine/settings.ts';
import { allows, onAsked } from '../policies/asked.ts';
import { ledgerTable as table } from '../simulation/ledger-table.ts';
import { undeclared } from '../undeclared.ts';

export interface TestAccount {
  readonly aws: EmbeddedAws;
  readonly client: {
    region: string;
    credentials: EmbeddedAws['credentials'];
    requestHandler: EmbeddedAws['requestHandler'];
    endpoint: string;
    maxAttempts: number;
  };
  readonly engine: Engine;
  run(input: Record<string, unknown>): Promise<Result & { states: StateProgress[] }>;
  content(): Record<string, unknown>;
  /** What the ledger says of APIs and locks, without its notes on single executions. */
  ledger(): Promise<unknown[]>;
}

interface PolicyDocument {
  readonly Statement: readonly {
    readonly Action: string | readonly string[];
    readonly Resource: string | readonly string[];
  }[];
}

/** What each function may do by its own account, whatever the conditions. */
const declaredFor = ({ targets }: ProductOptions) =>
  new Map(
    allFunctions().map(({ name, permissions }) => {
      const { Statement } = functionPolicy(permissions, targets) as PolicyDocument;
      return [
        name,
        Statement.map(({ Action, Resource }) => ({ actions: [Action].flat(), resources: [Resource].flat() })),
      ];
    }),
  );

/**
 * On a virtual clock, where minutes of retries take milliseconds, and with the simulation's ledger table in the place
 * of DynamoDB, unless other services are given.
 */
export async function openAccount(
  faults: readonly Fault[] = [],
  options: ProductOptions = {},
): Promise<TestAccount> {
  const aws = await openEmbedded({
    clock: virtualClock(),
    seed: 1,
    faults,
    ...options,
    services: options.services ?? { dynamodb: table().service },
  });
  // Who gives policies looks at what they do.
  const declared = options.policies ? new Map() : declaredFor(options);
  onAsked(aws, asked => {
    const { functionName, action } = asked;
    const statements = declared.get(functionName);
    if (statements && !allows(statements, asked))
      undeclared.add(`${functionName} does not declare ${action}`);
  });
  // The state machines' own roles are made with them, on first use.
  const states = await aws.states();
  const client = {
    region: aws.region,
    credentials: aws.credentials,
    requestHandler: aws.requestHandler,
    endpoint: 'http://embedded.localhost',
    maxAttempts: 1,
  };
  const sfn = new SFNClient(client);
  const engine = {
    sfn,
    account: client,
    pollEvery: 2,
    stateMachineArn: embeddedStateMachineArn,
    address: '',
    close: async () => {},
  };
  return {
    aws,
    client,
    engine,
    async run(input) {
      const started = await sfn.send(
        new StartExecutionCommand({ stateMachineArn: embeddedStateMachineArn, input: JSON.stringify(input) }),
      );
      const executionArn = started.executionArn ?? '';
      // Followed once it has ended: polling takes more time than the execution.
      await states.ended(executionArn);
      const progress: StateProgress[] = [];
      const ended = await follow(engine, executionArn, step => progress.push(step));
      return { ...resultOf(ended), states: progress };
    },
    content: () =>
      Object.fromEntries(
        Object.entries(aws.store.content()).filter(
          ([name, documents]) => /^(apigateway|iam|lambda)\//.test(name) && Object.keys(documents).length > 0,
        ),
      ),
    async ledger() {
      const { Items = [] } = await new DynamoDBClient(client).send(
        new ScanCommand({ TableName: ledgerTable }),
      );
      // A lock that is free keeps its epoch.
      const isFree = (item: (typeof Items)[number]) => item.pk?.S?.startsWith('LOCK#') && !item.holder;
      const isNote = (item: (typeof Items)[number]) => /^(?:EXECUTION|CALLS)#/.test(item.pk?.S ?? '');
      const kept = Items.filter(item => !isNote(item) && !isFree(item));
      return kept.sort((one, other) =>
        `${one.pk?.S}${one.sk?.S}`.localeCompare(`${other.pk?.S}${other.sk?.S}`),
      );
    },
  };
}

export async function makeTopics(account: TestAccount, ...names: string[]): Promise<void> {
  const sns = new SNSClient(account.client);
  for (const Name of names) await sns.send(new CreateTopicCommand({ Name }));
}
