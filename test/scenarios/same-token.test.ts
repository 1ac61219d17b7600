// The same client token, however often and by whichever way it comes: the effects of one execution, one outcome for all.
import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterEach, describe, expect, it } from 'vitest';
import { runExecution } from '../../cli/run-execution.ts';
import { openAccount, type TestAccount, walkthroughInput } from './account.ts';

let account: TestAccount | undefined;
afterEach(async () => {
  await account?.aws.close();
  account = undefined;
});

const input = { ...walkthroughInput, clientToken: 'order-42' };

async function start({ engine, aws }: TestAccount, given: object): Promise<string> {
  const started = await engine.sfn.send(
    new StartExecutionCommand({ stateMachineArn: engine.stateMachineArn, input: JSON.stringify(given) }),
  );
  const executionArn = started.executionArn ?? '';
  await (await aws.states()).ended(executionArn);
  return executionArn;
}

const ending = async ({ engine }: TestAccount, executionArn: string) => {
  const { status, output, error, cause } = await engine.sfn.send(
    new DescribeExecutionCommand({ executionArn }),
  );
  return { status, output: output && JSON.parse(output), error, cause };
};

const calls = ({ aws }: TestAccount) => {
  const made: string[] = [];
  aws.onCall(({ service, operation = '' }) => {
    if (['apigateway', 'iam'].includes(service ?? '') && /^(Create|Put|Update|Delete)/.test(operation))
      made.push(operation);
  });
  return made;
};

describe('a client token', () => {
  it('gives 20 executions started at once the outcome and the effects of one', async () => {
    account = await openAccount();
    const opened = account;
    const made = calls(account);
    const arns = await Promise.all(Array.from({ length: 20 }, () => start(opened, input)));
    const endings = await Promise.all(arns.map(arn => ending(opened, arn)));
    expect(endings[0]).toMatchObject({ status: 'SUCCEEDED', output: { stage: 'test' } });
    for (const one of endings) expect(one).toEqual(endings[0]);
    expect(made.filter(operation => operation === 'CreateRestApi')).toHaveLength(1);
  });

  it('gives one that comes after a failure that failure, and changes nothing', async () => {
    const functionName = 'service-proxy-VerifyStage';
    account = await openAccount([
      { service: 'lambda', operation: 'Invoke', functionName, kind: 'serverError' },
    ]);
    const first = await ending(account, await start(account, input));
    const made = calls(account);
    expect(await ending(account, await start(account, input))).toEqual(first);
    expect(first).toMatchObject({ status: 'FAILED', error: 'Lambda.ServiceException' });
    expect(made).toEqual([]);
  });

  it('is refused with another input, before anything is changed', async () => {
    account = await openAccount();
    await start(account, input);
    const made = calls(account);
    const second = await ending(account, await start(account, { ...input, path: '/elsewhere' }));
    expect(second).toMatchObject({ status: 'FAILED', error: 'InvalidInput' });
    expect(made).toEqual([]);
  });

  it('names the execution on the command line, which reports the first outcome again', async () => {
    account = await openAccount();
    const first = await runExecution(account.engine, input, () => {});
    const made = calls(account);
    expect(await runExecution(account.engine, input, () => {})).toEqual(first);
    await expect(
      runExecution(account.engine, { ...input, path: '/elsewhere' }, () => {}),
    ).rejects.toMatchObject({ name: 'InvalidInput' });
    expect(made).toEqual([]);
  });
});
