// Choice, Wait, Fail, Parallel and Map: where they lead, what they wait for, and how their events are linked.
import { describe, expect, it } from 'vitest';
import { anAccount, arnOf, failing, jsonata, outline } from './account.ts';

const pass = { Type: 'Pass', End: true };

describe('Choice', () => {
  const choice = jsonata({
    Which: {
      Type: 'Choice',
      Choices: [{ Condition: '{% $states.input.n > 1 %}', Next: 'Many', Assign: { taken: 'rule' } }],
      Assign: { taken: 'default' },
      Default: 'Few',
    },
    Many: { Type: 'Pass', Output: '{% ["many", $taken] %}', End: true },
    Few: { Type: 'Pass', Output: '{% ["few", $taken] %}', End: true },
  });

  it('takes the first rule that holds, with its own Assign, or else the default with the state’s', async () => {
    const { run } = anAccount();
    expect((await run(choice, { n: 2 })).output).toEqual(['many', 'rule']);
    expect((await run(choice, { n: 1 })).output).toEqual(['few', 'default']);
  });

  it('fails where a condition is no boolean, naming the rule', async () => {
    const { run } = anAccount();
    const states = { Which: { Type: 'Choice', Choices: [{ Condition: '{% 1 %}', Next: 'End' }] }, End: pass };
    const { cause, events } = await run(jsonata(states));
    expect(cause).toBe(
      "An error occurred while executing the state 'Which' (entered at the event id #2). The JSONata expression '1' specified for the field 'Choices[0]/Condition' returned an unexpected result type. Expected 'boolean', but was 'number' for value: 1",
    );
    expect(events[2]).toMatchObject({
      previousEventId: 0,
      evaluationFailedEventDetails: { location: 'Choices[0]/Condition', state: 'Which' },
    });
  });

  it('fails with States.Runtime where no rule holds and there is no default', async () => {
    const { run } = anAccount();
    const states = {
      Which: { Type: 'Choice', Choices: [{ Condition: '{% false %}', Next: 'End' }] },
      End: pass,
    };
    expect(await run(jsonata(states))).toMatchObject({
      error: 'States.Runtime',
      cause: expect.stringContaining('Failed to transition out of the state.'),
    });
  });
});

describe('Wait', () => {
  it('waits for seconds or until a time', async () => {
    const { run } = anAccount();
    const later = '{% $fromMillis($millis() + 60000) %}';
    const { seconds } = await run(
      jsonata({
        First: { Type: 'Wait', Seconds: '{% $states.input %}', Next: 'Second' },
        Second: { Type: 'Wait', Timestamp: later, End: true },
      }),
      86_400,
    );
    expect(seconds).toBe(86_460);
  });

  it('fails on a time that is none, in an event after the state was entered', async () => {
    const { run } = anAccount();
    const { error, events } = await run(
      jsonata({ Until: { Type: 'Wait', Timestamp: "{% 'tomorrow' %}", End: true } }),
    );
    expect(error).toBe('States.QueryEvaluationError');
    expect(outline(events).slice(2)).toEqual(['3 2 EvaluationFailed', '4 3 ExecutionFailed']);
  });
});

describe('Fail', () => {
  it('ends with the error and cause it evaluates, or with neither', async () => {
    const { run } = anAccount();
    const fail = { Type: 'Fail', Error: '{% $states.input.error %}', Cause: 'because' };
    expect(await run(jsonata({ Fail: fail }), { error: 'Mine' })).toMatchObject({
      status: 'FAILED',
      error: 'Mine',
      cause: 'because',
    });
    const { events } = await run(jsonata({ Fail: { Type: 'Fail' } }));
    expect(events.at(-1)?.executionFailedEventDetails).toEqual({});
  });
});

describe('Parallel', () => {
  it('gives every branch its Arguments and its own variables', async () => {
    const { run } = anAccount();
    const branch = (value: number) => ({
      StartAt: `B${value}`,
      States: {
        [`B${value}`]: { Type: 'Pass', Assign: { x: value }, Next: `C${value}` },
        [`C${value}`]: { Type: 'Pass', Output: '{% [$states.input, $x] %}', End: true },
      },
    });
    const { output, events } = await run(
      jsonata({
        Set: { Type: 'Pass', Assign: { x: 0 }, Next: 'Both' },
        Both: { Type: 'Parallel', Arguments: '{% $x %}', Branches: [branch(1), branch(2)], Next: 'After' },
        After: { Type: 'Pass', Output: '{% [$states.input, [$x]] %}', End: true },
      }),
    );
    expect(output).toEqual([[0, 1], [0, 2], [0]]);
    const [succeeded, exited] = events.filter(event =>
      /ParallelState(Succeeded|Exited)/.test(event.type ?? ''),
    );
    expect(exited?.previousEventId).toBe(succeeded?.previousEventId);
  });

  it('cuts the other branches off when one fails', async () => {
    let isStopped = false;
    const { run } = anAccount({
      functions: {
        stuck: (_, { signal }) =>
          new Promise(() => signal?.addEventListener('abort', () => (isStopped = true), { once: true })),
        fails: () => failing('Broken'),
      },
    });
    const branch = (name: string) => ({
      StartAt: name,
      States: { [name]: { Type: 'Task', Resource: arnOf(name), End: true } },
    });
    const { events, output } = await run(
      jsonata({
        Both: {
          Type: 'Parallel',
          Branches: [branch('stuck'), branch('fails')],
          Catch: [{ ErrorEquals: ['Broken'], Output: '{% $states.errorOutput.Error %}', Next: 'Caught' }],
          End: true,
        },
        Caught: pass,
      }),
    );
    expect(isStopped).toBe(true);
    expect(output).toBe('Broken');
    expect(outline(events).slice(9, 14)).toEqual([
      '10 9 LambdaFunctionFailed',
      '11 7 TaskStateAborted',
      '12 10 TaskStateAborted',
      '13 10 ParallelStateFailed',
      '14 13 ParallelStateExited',
    ]);
  });
});

describe('Map', () => {
  const map = (fields: object, inner: object = pass) => ({
    Type: 'Map',
    ItemProcessor: { StartAt: 'Inner', States: { Inner: inner } },
    End: true,
    ...fields,
  });

  it('runs no more iterations at once than MaxConcurrency allows', async () => {
    const { run } = anAccount();
    const wait = { Type: 'Wait', Seconds: 10, End: true };
    const each = async (limit: number) =>
      (await run(jsonata({ Each: map({ MaxConcurrency: limit }, wait) }), [1, 2, 3, 4, 5])).seconds;
    expect(await each(2)).toBe(30);
    expect(await each(0)).toBe(10);
  });

  it('gives each iteration what ItemSelector makes of its item', async () => {
    const { run } = anAccount();
    const selector = { item: '{% $states.context.Map.Item.Value %}', of: '{% $count($states.input.list) %}' };
    const { output } = await run(
      jsonata({ Each: map({ Items: '{% $states.input.list %}', ItemSelector: selector }) }),
      {
        list: ['a', 'b'],
      },
    );
    expect(output).toEqual([
      { item: 'a', of: 2 },
      { item: 'b', of: 2 },
    ]);
  });

  it('starts over when it is retried, and says it failed only at the end', async () => {
    const { run } = anAccount();
    const retry = [{ ErrorEquals: ['No'], MaxAttempts: 1 }];
    const { events, error } = await run(
      jsonata({ Each: map({ Retry: retry }, { Type: 'Fail', Error: 'No' }) }),
      [7],
    );
    expect(error).toBe('No');
    expect(outline(events).slice(2)).toEqual([
      '3 2 MapStateStarted',
      '4 3 MapIterationStarted',
      '5 4 FailStateEntered',
      '6 5 MapIterationFailed',
      '7 5 MapStateStarted',
      '8 7 MapIterationStarted',
      '9 8 FailStateEntered',
      '10 9 MapIterationFailed',
      '11 9 MapStateFailed',
      '12 11 ExecutionFailed',
    ]);
  });

  it('refuses an input that is no list', async () => {
    const { run } = anAccount();
    const { cause, events } = await run(jsonata({ Each: map({}) }), { a: 1 });
    expect(cause).toContain('Map state input must be an array but was: {"a":1}');
    expect(outline(events).slice(2)).toEqual([
      '3 0 EvaluationFailed',
      '4 3 MapStateFailed',
      '5 4 ExecutionFailed',
    ]);
  });
});
