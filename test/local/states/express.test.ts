// Express state machines: run at once or on their own, and gone when they have ended.
import { expect, it } from 'vitest';
import { type Account, anAccount, jsonata, roleArn } from './account.ts';

const refused = (call: Promise<unknown>) => call.then(String, (error: { code?: string }) => error.code);

async function anExpressMachine(states: Readonly<Record<string, object>>, machine: object = {}) {
  const account = anAccount();
  const { stateMachineArn }: { stateMachineArn: string } = await account.call('CreateStateMachine', {
    name: 'fast',
    type: 'EXPRESS',
    roleArn,
    definition: JSON.stringify(jsonata(states, machine)),
  });
  const startSync = (input: object): Promise<object> =>
    account.call('StartSyncExecution', {
      stateMachineArn,
      input: JSON.stringify(input),
    });
  return { account, stateMachineArn, startSync };
}

const double = { Double: { Type: 'Pass', Output: '{% $states.input.n * 2 %}', End: true } };
const kept = ({ aws }: Account) =>
  Object.keys(aws.store.content()).filter(name => /executions|history|checkpoints/.test(name));

it('answers a synchronous start with the output, and keeps nothing', async () => {
  const { account, stateMachineArn, startSync } = await anExpressMachine(double);
  expect(await startSync({ n: 21 })).toMatchObject({
    executionArn: expect.stringMatching(
      /^arn:aws:states:us-east-1:000000000000:express:fast:[0-9a-f-]{36}:[0-9a-f-]{36}$/,
    ),
    stateMachineArn,
    status: 'SUCCEEDED',
    input: '{"n":21}',
    output: '42',
  });
  const content = account.aws.store.content();
  expect(kept(account).flatMap(name => Object.keys(content[name] ?? {}))).toEqual([]);
});

it('says how it failed, and that it took too long', async () => {
  const failing = await anExpressMachine({ No: { Type: 'Fail', Error: 'Sorry', Cause: 'no' } });
  expect(await failing.startSync({})).toMatchObject({ status: 'FAILED', error: 'Sorry', cause: 'no' });
  const slow = await anExpressMachine({ Wait: { Type: 'Wait', Seconds: 301, End: true } });
  expect(await slow.startSync({})).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
});

it('starts on its own, under one name as often as asked', async () => {
  const { account, stateMachineArn } = await anExpressMachine(double);
  const start = (): Promise<{ executionArn: string }> =>
    account.call('StartExecution', {
      stateMachineArn,
      name: 'a',
      input: '{"n":1}',
    });
  const [one, other] = [await start(), await start()];
  expect(one.executionArn).not.toBe(other.executionArn);
  expect(await refused(account.call('DescribeExecution', one))).toBe('InvalidArn');
  expect(await refused(account.call('ListExecutions', { stateMachineArn }))).toBe(
    'StateMachineTypeNotSupported',
  );
  expect(await account.call('DescribeStateMachine', { stateMachineArn })).toMatchObject({ type: 'EXPRESS' });
});

it('is the only type that starts synchronously', async () => {
  const account = anAccount();
  const executionArn = await account.start(jsonata(double), { n: 1 });
  const stateMachineArn = executionArn
    .replace(':execution:', ':stateMachine:')
    .split(':')
    .slice(0, 7)
    .join(':');
  expect(await refused(account.call('StartSyncExecution', { stateMachineArn }))).toBe(
    'StateMachineTypeNotSupported',
  );
});
