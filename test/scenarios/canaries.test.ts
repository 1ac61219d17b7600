// Secrets planted in constants, headers, bodies, unknown fields and errors: none of them is in anything that is kept.
import { GetExecutionHistoryCommand, type HistoryEvent, SFNClient } from '@aws-sdk/client-sfn';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { embeddedSettings } from '../../cli/embedded.ts';
import { makeClients } from '../../handlers/clients.ts';
import { loadCalls } from '../../handlers/ledger.ts';
import { csvOf } from '../../history/csv.ts';
import type { Definition } from '../../history/graph.ts';
import { pageOf } from '../../history/page.ts';
import { showInText } from '../../history/show-text.ts';
import { definition } from '../../statemachine/definition.ts';
import { openAccount, type TestAccount, walkthroughInput } from './account.ts';
import { readArchive } from './archived.ts';
import { makeTargetRole, other, roleArn, targets } from './elsewhere.ts';

let account: TestAccount;
let printed = '';
beforeEach(async () => {
  printed = '';
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation(text => {
      printed += String(text);
      return true;
    });
  }
  account = await openAccount([], { archive: true, targets });
  await makeTargetRole(account, { agreed: canary('external-id') });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await account.aws.close();
});

const canary = (place: string) => `CANARY-${place}-b7e1f0`;
const topic = 'arn:aws:sns:us-east-1:000000000000:orders';
const queue = 'https://sqs.us-east-1.amazonaws.com/000000000000/orders';

const elsewhere = (id: string) => ({ roleArn, region: other.region, externalId: canary(id) });

/** Each input, and what it is expected to end in. */
const inputs: readonly (readonly [string, Record<string, unknown>])[] = [
  [
    'SUCCEEDED',
    {
      service: 'sns',
      action: 'Publish',
      stage: 'test',
      parameters: {
        TopicArn: { value: topic },
        Message: { value: canary('constant') },
        Subject: { from: 'header', name: 'X-Subject' },
      },
      test: { parameters: { Subject: canary('header') }, expectStatus: 200 },
    },
  ],
  [
    'FAILED',
    {
      service: 'sqs',
      action: 'SendMessage',
      stage: 'test',
      path: '/send',
      resources: ['arn:aws:sqs:us-east-1:000000000000:orders'],
      parameters: { QueueUrl: { value: queue }, MessageBody: { from: 'body' } },
      test: { parameters: { MessageBody: canary('body') }, expectStatus: 201 },
    },
  ],
  ['SUCCEEDED', { ...walkthroughInput, target: elsewhere('external-id') }],
  ['FAILED', { ...walkthroughInput, target: elsewhere('wrong-external-id') }],
  ['FAILED', { ...walkthroughInput, target: { ...elsewhere('refused-external-id'), region: 'eu-west-2' } }],
  ['FAILED', { ...walkthroughInput, approval: true }],
  [
    'FAILED',
    {
      service: 'sns',
      action: 'ListTopics',
      stage: 'test',
      password: canary('unknown-field'),
      parameters: { NoSuchMember: { value: canary('refused') } },
    },
  ],
];

/** Step Functions keeps what the caller gave it: the execution's input, on its way to the first function. */
function withoutOwnInput(event: HistoryEvent): object {
  const { executionStartedEventDetails, stateEnteredEventDetails, taskScheduledEventDetails, ...rest } =
    event;
  const isFirst = stateEnteredEventDetails?.name === 'PlanChanges' || (event.id ?? 0) <= 3;
  return { ...rest, ...(!isFirst && { stateEnteredEventDetails, taskScheduledEventDetails }) };
}

it('finds no canary in histories, ledger, logs, archive, exports and pages', async () => {
  await new SNSClient(account.client).send(new CreateTopicCommand({ Name: 'orders' }));
  await new SQSClient(account.client).send(new CreateQueueCommand({ QueueName: 'orders' }));
  const kept = new Map<string, string>();
  const tokens = new Set<string>();
  const sfn = new SFNClient(account.client);
  const clients = makeClients(embeddedSettings, account.client);
  for (const [index, [status, input]] of inputs.entries()) {
    const ended = await account.run(input);
    expect([index, ended.status, 'cause' in ended ? ended.cause : '']).toEqual([
      index,
      status,
      expect.anything(),
    ]);
    const { executionArn } = ended;
    const history = await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
    kept.set(`history ${index}`, JSON.stringify(history.events?.map(withoutOwnInput)));
    for (const [, token = ''] of JSON.stringify(history.events).matchAll(/taskToken\\*":\\*"([^"\\]+)/g))
      tokens.add(token);
    const name = executionArn.slice(executionArn.lastIndexOf(':') + 1);
    kept.set(`ledger's calls ${index}`, JSON.stringify(await loadCalls(clients, name)));
  }
  const { entries, records } = await readArchive(account, inputs.length);
  const asl = JSON.parse(JSON.stringify(definition())) as Definition;
  kept.set('CSV', csvOf(entries));
  kept.set('index', JSON.stringify(entries));
  kept.set('records', JSON.stringify(records));
  kept.set('pages', records.map(({ execution }) => pageOf(execution, asl)).join(''));
  kept.set('texts', records.map(({ execution }) => showInText(execution)).join(''));
  kept.set('output', printed);
  const found = [...kept].flatMap(([where, text]) =>
    [...text.matchAll(/CANARY-[a-z-]+/g)].map(([which]) => `${which} in the ${where}`),
  );
  expect(found).toEqual([]);
  // Histories are Step Functions' own: whoever may read them may read the token there.
  const told = [...kept].filter(([where]) => !where.startsWith('history'));
  expect(tokens.size).toBe(1);
  for (const token of tokens) expect(told.filter(([, text]) => text.includes(token))).toEqual([]);
  const stacks = [...kept].filter(([, text]) => /\.(ts|mjs|js):\d+:\d+/.test(text)).map(([where]) => where);
  expect(stacks).toEqual([]);
  // Names of resources are no secrets: an audit needs them.
  expect(kept.get('records')).toContain(topic);
});
