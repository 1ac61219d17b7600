// What every step promises: running it twice is running it once, and its way back takes away exactly what it made.
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, describe, expect, it } from 'vitest';
import { steps } from '../../statemachine/steps.ts';
import { openAccount, type TestAccount, walkthroughInput } from '../scenarios/account.ts';

let account: TestAccount | undefined;
afterEach(async () => {
  await account?.aws.close();
  account = undefined;
});

const name = 'contract';
const arn = `arn:aws:states:us-east-1:000000000000:execution:ServiceProxyProvisioning:${name}`;
const execution = { arn, name, startedAt: '2026-01-01T00:00:00.000Z' };

/** Calls the functions as the state machine does, and keeps what they return. */
function callerOf({ client, aws }: TestAccount) {
  const lambda = new LambdaClient(client);
  const outputs: Record<string, unknown> = {};
  return async function call(state: string, attempt = 0): Promise<void> {
    const event = { execution, attempt, outputs, input: walkthroughInput };
    const FunctionName = `service-proxy-${state}`;
    const { FunctionError, Payload } = await lambda.send(
      new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }),
    );
    const answer = JSON.parse(Payload?.transformToString() ?? 'null');
    if (FunctionError && answer.errorType === 'NotStabilized' && attempt < 30) {
      await aws.clock.sleep(5000);
      return call(state, attempt + 1);
    }
    if (FunctionError) throw new Error(`${state}: ${answer.errorType}: ${answer.errorMessage}`);
    outputs[state] = answer.output;
  };
}

const rollbacksFrom = (index: number) =>
  steps
    .slice(0, index + 1)
    .reverse()
    .flatMap(({ rollback }) => rollback?.name ?? []);

describe.each(steps.map((step, index) => [step.name, index] as const))('%s', (state, index) => {
  it('does the same when it is delivered twice, and so does its way back', async () => {
    account = await openAccount();
    const call = callerOf(account);
    const [before, ledger] = [account.content(), await account.ledger()];
    await call('PlanChanges');
    for (const { name: earlier } of steps.slice(0, index)) await call(earlier);
    await call(state);
    const once = account.content();
    await call(state, 1);
    expect(account.content()).toEqual(once);
    for (const rollback of rollbacksFrom(index)) {
      await call(rollback);
      const taken = account.content();
      await call(rollback, 1).catch((error: Error) => {
        // Nothing is changed without the lock, which the first delivery had released by then.
        if (!error.message.includes('late call')) throw error;
      });
      expect(account.content()).toEqual(taken);
    }
    expect(account.content()).toEqual(before);
    expect(await account.ledger()).toEqual(ledger);
  });
});

describe('the way back', () => {
  it('changes nothing where nothing was made', async () => {
    account = await openAccount();
    const call = callerOf(account);
    await call('PlanChanges');
    const before = account.content();
    for (const rollback of rollbacksFrom(steps.length - 1)) await call(rollback);
    expect(account.content()).toEqual(before);
  });

  it('leaves alone what was there before', async () => {
    account = await openAccount();
    await account.run(walkthroughInput);
    const [before, ledger] = [account.content(), await account.ledger()];
    const call = callerOf(account);
    await call('PlanChanges');
    for (const step of steps) await call(step.name);
    for (const rollback of rollbacksFrom(steps.length - 1)) await call(rollback);
    expect(account.content()).toEqual(before);
    expect(await account.ledger()).toEqual(ledger);
  });
});
