// Executions through the API: started once, stopped, timed out, redriven, paged through, and resumed after a restart.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openStore } from '../../../local/store.ts';
import { anAccount, arnOf, failing, jsonata, outline } from './account.ts';

const waiting = jsonata({ Wait: { Type: 'Wait', Seconds: 60, End: true } });
const pass = { Type: 'Pass', End: true };

describe('StartExecution', () => {
  it('returns the running execution for the same name and input, and refuses the name otherwise', async () => {
    const { call, start, states } = anAccount();
    const executionArn = await start(waiting, { a: 1 }, 'once');
    const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:machine-1';
    const again = (input: string) => call('StartExecution', { stateMachineArn, name: 'once', input });
    expect(await again('{"a":1}')).toMatchObject({ executionArn });
    const refusal = {
      code: 'ExecutionAlreadyExists',
      message: `Execution Already Exists: '${executionArn}'`,
    };
    await expect(again('{"a":2}')).rejects.toMatchObject(refusal);
    await states.ended(executionArn);
    await expect(again('{"a":1}')).rejects.toMatchObject(refusal);
  });

  it('gives a name free again ninety days after its execution ended', async () => {
    const { aws, call, start, states, history } = anAccount();
    await states.ended(await start(waiting, {}, 'again'));
    await aws.clock.sleep(91 * 24 * 60 * 60 * 1000);
    const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:machine-1';
    const { executionArn }: { executionArn: string } = await call('StartExecution', {
      stateMachineArn,
      name: 'again',
    });
    await states.ended(executionArn);
    expect(await history(executionArn)).toHaveLength(4);
  });
});

describe('an execution', () => {
  it('is aborted by StopExecution with an event that follows none', async () => {
    const { aws, call, start, history } = anAccount();
    const executionArn = await start(waiting);
    await aws.clock.sleep(5000);
    await call('StopExecution', { executionArn, error: 'Enough' });
    expect(await call('DescribeExecution', { executionArn })).toMatchObject({
      status: 'ABORTED',
      error: 'Enough',
      redriveStatus: 'REDRIVABLE',
    });
    await aws.clock.sleep(100_000);
    expect(outline(await history(executionArn)).slice(2)).toEqual(['3 0 ExecutionAborted']);
  });

  it('times out as a whole; only its last event has the error', async () => {
    const { run } = anAccount();
    const ended = await run({ ...waiting, TimeoutSeconds: 3 });
    expect(ended).toMatchObject({ status: 'TIMED_OUT', error: undefined, cause: undefined, seconds: 3 });
    expect(ended.events.at(-1)).toMatchObject({
      previousEventId: 0,
      executionTimedOutEventDetails: { error: 'States.Timeout' },
    });
  });

  it('fails when its history is full, in the last event that fits', async () => {
    const { run } = anAccount();
    const states = {
      Loop: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'Loop' }], Default: 'End' },
    };
    const { events, error } = await run(jsonata({ ...states, End: pass }));
    expect(error).toBe('States.Runtime');
    expect(events.at(-1)).toMatchObject({ id: 25_000, previousEventId: 24_999, type: 'ExecutionFailed' });
  });

  it('goes on from the state that failed when it is redriven', async () => {
    let isBroken = true;
    const calls: string[] = [];
    const { call, run, states } = anAccount({
      functions: {
        f: (name: string) => {
          calls.push(name);
          return name === 'second' && isBroken ? failing('Broken') : name;
        },
      },
    });
    const task = (name: string, transition: object) => ({
      Type: 'Task',
      Resource: arnOf('f'),
      Arguments: name,
      ...transition,
    });
    const machine = jsonata({
      First: task('first', { Next: 'Second' }),
      Second: task('second', { End: true }),
    });
    const { executionArn, status } = await run(machine);
    expect(status).toBe('FAILED');
    isBroken = false;
    await call('RedriveExecution', { executionArn });
    expect(await states.ended(executionArn)).toMatchObject({ status: 'SUCCEEDED', redriveCount: 1 });
    expect(calls).toEqual(['first', 'second', 'second']);
    await expect(call('RedriveExecution', { executionArn })).rejects.toMatchObject({
      code: 'ExecutionNotRedrivable',
    });
  });

  it('tells listeners every event as it happens', async () => {
    const { start, states, history } = anAccount();
    const statuses: string[] = [];
    states.onStatusChange(({ status }) => statuses.push(status));
    const executionArn = await start(waiting);
    const heard: unknown[] = [];
    states.onHistoryEvent(executionArn, event => heard.push(event));
    await states.ended(executionArn);
    expect(heard).toEqual((await history(executionArn)).slice(2));
    expect(statuses).toEqual(['RUNNING', 'SUCCEEDED']);
  });
});

describe('GetExecutionHistory', () => {
  it('pages in either order and leaves the data out where it is not wanted', async () => {
    const { call, run } = anAccount();
    const { executionArn } = await run(jsonata({ Only: pass }), { secret: 1 });
    const ids = async (input: object): Promise<(number | undefined)[]> => {
      const { events, nextToken }: { events: { id: number }[]; nextToken?: string } = await call(
        'GetExecutionHistory',
        { executionArn, maxResults: 3, ...input },
      );
      return [...events.map(event => event.id), ...(nextToken ? await ids({ ...input, nextToken }) : [])];
    };
    expect(await ids({})).toEqual([1, 2, 3, 4]);
    expect(await ids({ reverseOrder: true })).toEqual([4, 3, 2, 1]);
    const bare = await call('GetExecutionHistory', { executionArn, includeExecutionData: false });
    expect(JSON.stringify(bare)).not.toContain('secret');
  });
});

describe('a restart', () => {
  const directory = mkdtempSync(join(tmpdir(), 'states-'));
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('resumes from the last completed state, with its variables, and keeps what the history had', async () => {
    const calls: string[] = [];
    const functions = {
      f: ({ name, token }: { name: string; token: string }) => {
        calls.push(`${name} ${token}`);
        return name === 'second' && calls.length === 2 ? new Promise(() => {}) : name;
      },
    };
    const task = (name: string, fields: object) => ({
      Type: 'Task',
      Resource: arnOf('f'),
      Arguments: { name, token: '{% $token %}' },
      ...fields,
    });
    const machine = jsonata({
      Set: { Type: 'Pass', Assign: { token: 'kept' }, Next: 'First' },
      First: task('first', { Next: 'Second' }),
      Second: task('second', { End: true }),
    });

    const before = anAccount({ functions, store: openStore(directory) });
    const executionArn = await before.start(machine);
    await before.aws.clock.sleep(1000);
    before.states.close();
    before.aws.store.close();

    const after = anAccount({ functions, store: openStore(directory) });
    after.states.resume();
    expect(await after.states.ended(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '"second"' });
    expect(calls).toEqual(['first kept', 'second kept', 'second kept']);
    const events = await after.history(executionArn);
    expect(events.map(event => event.id)).toEqual(events.map((_, index) => index + 1));
    const entered = events.filter(event => event.stateEnteredEventDetails?.name === 'Second');
    expect(entered.map(event => event.previousEventId)).toEqual([8, 8]);
    after.aws.store.close();
  });
});
