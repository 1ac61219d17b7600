// Following an execution elsewhere: through lost connections, and past Ctrl-C, which leaves it running.
import { SFNClient } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { follow, type StateProgress } from '../../cli/follow.ts';
import { Interrupted, unlessInterrupted } from '../../cli/interrupt.ts';
import { EngineUnreachable } from '../../cli/unreachable.ts';
import { openAccount, type TestAccount, walkthroughInput } from '../scenarios/account.ts';

let account: TestAccount;
beforeEach(async () => {
  account = await openAccount();
});
afterEach(() => account.aws.close());

/** A client whose connection is lost at these calls, counted from 1. */
function unsteady(lost: readonly number[]): SFNClient {
  const sfn = new SFNClient(account.client);
  let calls = 0;
  sfn.middlewareStack.add(
    next => args => {
      calls += 1;
      if (lost.includes(calls)) throw new EngineUnreachable('there', new Error('connection lost'));
      return next(args);
    },
    { step: 'initialize' },
  );
  return sfn;
}

const lineOf = ({ state, phase }: StateProgress) => `${phase} ${state}`;

it('goes on after lost connections, and says nothing twice', async () => {
  const { executionArn, states } = await account.run(walkthroughInput);
  const lines: string[] = [];
  const engine = { sfn: unsteady([1, 3, 4]), pollEvery: 1, patience: 60_000 };
  const ended = await follow(engine, executionArn, step => lines.push(lineOf(step)));
  expect(ended.status).toBe('SUCCEEDED');
  expect(lines).toEqual(states.map(lineOf));
});

it('gives up once its patience is at an end', async () => {
  const { executionArn } = await account.run(walkthroughInput);
  const engine = { sfn: unsteady([1, 2, 3, 4, 5, 6]), pollEvery: 1, patience: 300 };
  await expect(follow(engine, executionArn, () => {})).rejects.toThrow('No engine answers at there');
});

it('says how to follow or stop the execution when somebody presses Ctrl-C', async () => {
  const following = unlessInterrupted('arn:of:it', new Promise(() => {}), ' --endpoint-url http://there');
  process.emit('SIGINT');
  const farewell = await following.catch((error: unknown) => error);
  expect(farewell).toBeInstanceOf(Interrupted);
  expect(String(farewell)).toContain('service-proxy follow arn:of:it --endpoint-url http://there\n');
  expect(String(farewell)).toContain(
    'stop-execution --execution-arn arn:of:it --endpoint-url http://there\n',
  );
});
