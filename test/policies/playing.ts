// What a scenario is, and what is compared of it: how each execution ended, and what is in the account and the ledger then.
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import type { ProductOptions } from '../../cli/embedded.ts';
import { rolePath } from '../../core/role.ts';
import type { Fault } from '../../local/embedded.ts';
import { ledgerTable } from '../../statemachine/settings.ts';
import type { TestAccount } from '../scenarios/account.ts';

export interface Scenario {
  readonly name: string;
  readonly options?: () => ProductOptions;
  /** What happened, in a form that can be compared. */
  play(account: TestAccount): Promise<unknown>;
}

export type Input = Readonly<Record<string, unknown>>;

/** All that Step Functions says of the end of an execution, with what its last states could not do. */
export async function endOf({ engine }: TestAccount, executionArn: string): Promise<unknown> {
  const { status, output, error, cause } = await engine.sfn.send(
    new DescribeExecutionCommand({ executionArn }),
  );
  return withoutIds({ status, output, error, cause });
}

/** What is given anew each time: ids, times, hashes. Another attempt more makes no other outcome. */
export const withoutIds = (value: unknown): string =>
  JSON.stringify(value)
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '#')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '#')
    .replaceAll(/\b(?=[a-z]*\d)[a-z0-9]{6,}\b|\b[A-Z]{4}[A-Z0-9]{17}\b|\b\d{10,}\b/g, '#');

/** Keys of the ledger's notes on executions, of their calls, and of their places in line for locks. */
async function notesOf({ client }: TestAccount): Promise<string[]> {
  const { Items = [] } = await new DynamoDBClient(client).send(new ScanCommand({ TableName: ledgerTable }));
  return Items.map(({ pk, sk }) => `${pk?.S} ${sk?.S}`).filter(key =>
    /^(EXECUTION|CALLS)#| PLACE#/.test(key),
  );
}

/** The APIs and roles that the product made, the ledger, and its notes. */
export async function restOf(account: TestAccount): Promise<string[]> {
  const made = Object.entries(account.content()).flatMap(([collection, documents]) =>
    Object.values(documents as Readonly<Record<string, { readonly path?: string }>>)
      .filter(({ path }) => collection.startsWith('apigateway/') || path === rolePath)
      .map(document => [collection, document]),
  );
  const all = [...made, ...(await account.ledger()), ...(await notesOf(account))];
  return all.map(withoutIds).sort();
}

export async function runAll(account: TestAccount, inputs: readonly Input[]): Promise<unknown[]> {
  const ended: unknown[] = [];
  for (const input of inputs) {
    const { executionArn } = await account.run(input);
    ended.push(await endOf(account, executionArn));
  }
  return ended;
}

export const scenario = (
  name: string,
  inputs: readonly Input[],
  faults: readonly Fault[] = [],
  options: ProductOptions = {},
): Scenario => ({
  name,
  options: () => ({ ...options, faults }),
  play: async account => [await runAll(account, inputs), await restOf(account)],
});

const upTo = (times: number, from = 1) => Array.from({ length: times }, (_, index) => index + from);

/** The first executions get through; then the function fails as often as it is called. */
export const failsLater = (state: string, from = 1, when: Fault['when'] = 'after'): Fault => ({
  ...{ service: 'lambda', operation: 'Invoke', functionName: `service-proxy-${state}` },
  ...{ kind: 'serverError', when, attempts: upTo(40, from) },
});

/** So many calls take effect, and nobody sees the answer. */
export const lost = (service: string, operation: string, times = 200, from = 1): Fault => ({
  ...{ service, operation, kind: 'serverError', when: 'after', attempts: upTo(times, from) },
});

export const refused = (service: string, operation: string, from = 1): Fault => ({
  ...lost(service, operation, 200, from),
  ...{ kind: 'denied', when: 'before' },
});

/** Made without an answer, and not found again before the way back. */
export const unfound = (create: string, find: string, from = 1): Fault[] => [
  lost('apigateway', create),
  { ...lost('apigateway', find, 6, from), when: 'before' },
];

export const neverFound = (create: string, find: string, inputs: readonly Input[], from = 1): Scenario =>
  scenario(`what ${create} made is found on the way back only`, inputs, unfound(create, find, from));
