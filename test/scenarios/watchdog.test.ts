// The watchdog hears of every execution's end, and has those finished that did not end by themselves.
import { DescribeExecutionCommand, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { afterEach, describe, expect, it } from 'vitest';
import { rollbackMachineOf } from '../../core/failure.ts';
import { makeTopics, openAccount, type TestAccount, walkthroughInput } from './account.ts';
import { runUntil } from './interrupted.ts';

let account: TestAccount | undefined;
afterEach(async () => {
  await account?.aws.close();
  account = undefined;
});

/** Without the permission of the rule itself, made with it on first use. */
const contentOf = (account: TestAccount) => {
  const { 'lambda/policies': _, ...content } = account.content();
  return content;
};

/** Resolves when the next rollback execution has ended. */
async function rollbackEnded({ aws }: TestAccount): Promise<void> {
  const states = await aws.states();
  await new Promise<void>(resolve => {
    const forget = states.onStatusChange(({ status, stateMachineArn }) => {
      if (status === 'RUNNING' || !stateMachineArn.endsWith('ServiceProxyRollback')) return;
      forget();
      resolve();
    });
  });
}

const rollbacks = async ({ engine }: TestAccount) => {
  const stateMachineArn = rollbackMachineOf(engine.stateMachineArn);
  return (await engine.sfn.send(new ListExecutionsCommand({ stateMachineArn }))).executions ?? [];
};

describe('the watchdog', () => {
  it.each(['CreateRestApi', 'PutIntegration', 'VerifyStage'])(
    'has an execution rolled back that was stopped in %s, within two minutes',
    async state => {
      account = await openAccount([], { watch: true });
      await makeTopics(account, 'orders');
      const [before, ledger] = [contentOf(account), await account.ledger()];
      const ended = rollbackEnded(account);
      await runUntil(account, walkthroughInput, state, 'entered');
      const stopped = account.aws.clock.now();
      await ended;
      expect(account.aws.clock.now() - stopped).toBeLessThan(120_000);
      expect(contentOf(account)).toEqual(before);
      expect(await account.ledger()).toEqual(ledger);
      expect((await rollbacks(account)).map(({ status }) => status)).toEqual(['SUCCEEDED']);
    },
  );

  it('leaves an execution alone that rolled back by itself', async () => {
    const functionName = 'service-proxy-VerifyStage';
    const fault = { service: 'lambda', operation: 'Invoke', functionName, kind: 'serverError' } as const;
    account = await openAccount([fault], { watch: true });
    const { executionArn, status } = await account.run(walkthroughInput);
    expect(status).toBe('FAILED');
    await account.engine.sfn.send(new DescribeExecutionCommand({ executionArn }));
    await account.aws.clock.sleep(10_000);
    expect(await rollbacks(account)).toEqual([]);
  });
});
