// By choice in the input: somebody approves the plan first, and a failure is kept as it is until somebody has looked.
import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { afterEach, describe, expect, it } from 'vitest';
import { resultOf } from '../../cli/outcome.ts';
import { openAccount, type TestAccount, walkthroughInput } from './account.ts';
import { decide, startWaiting } from './approving.ts';

let account: TestAccount | undefined;
afterEach(async () => {
  await account?.aws.close();
  account = undefined;
});

const input = { ...walkthroughInput, approval: true };

async function resultAfter({ engine, aws }: TestAccount, executionArn: string) {
  await (await aws.states()).ended(executionArn);
  return resultOf(await engine.sfn.send(new DescribeExecutionCommand({ executionArn })));
}

describe('an execution with approval', () => {
  it('changes nothing before it is approved, and goes on then', async () => {
    account = await openAccount();
    const hold = account.aws.clock.hold(60_000);
    const before = account.content();
    const arn = await startWaiting(account, 'approved', input);
    expect(account.content()).toEqual(before);
    await decide(account, 'approved', 'APPROVED');
    hold();
    expect(await resultAfter(account, arn)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('ends refused when it is rejected, with nothing changed', async () => {
    account = await openAccount();
    const hold = account.aws.clock.hold(60_000);
    const before = account.content();
    const arn = await startWaiting(account, 'rejected', input);
    await decide(account, 'rejected', 'REJECTED', 'wrong stage');
    hold();
    expect(await resultAfter(account, arn)).toMatchObject({
      status: 'FAILED',
      error: 'Rejected',
      cause: 'rejected by alice: wrong stage',
      failedState: 'RequestApproval',
    });
    expect(account.content()).toEqual(before);
  });

  it('ends refused when nobody answers for 12 hours', async () => {
    account = await openAccount();
    const before = account.content();
    const started = account.aws.clock.now();
    const result = await account.run(input);
    expect(result).toMatchObject({
      status: 'FAILED',
      error: 'States.Timeout',
      failedState: 'RequestApproval',
    });
    expect(account.aws.clock.now() - started).toBeGreaterThanOrEqual(12 * 60 * 60_000);
    expect(account.content()).toEqual(before);
  });

  it('can be decided on once', async () => {
    account = await openAccount();
    const hold = account.aws.clock.hold(60_000);
    const arn = await startWaiting(account, 'once', input);
    await decide(account, 'once', 'REJECTED');
    hold();
    await resultAfter(account, arn);
    await expect(decide(account, 'once', 'APPROVED')).rejects.toThrow('does not wait for approval');
  });

  it('does not go on when what was approved is no longer what would be done', async () => {
    account = await openAccount();
    const hold = account.aws.clock.hold(60_000);
    const arn = await startWaiting(account, 'stale', input);
    const other = await account.run(walkthroughInput);
    expect(other.status).toBe('SUCCEEDED');
    const served = account.content();
    await decide(account, 'stale', 'APPROVED');
    hold();
    expect(await resultAfter(account, arn)).toMatchObject({ status: 'FAILED', error: 'Refused' });
    expect(account.content()).toEqual(served);
  });
});
