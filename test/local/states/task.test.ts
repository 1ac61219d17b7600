// Tasks: what is called, what the history says of it, and what Retry, Catch and time-outs make of failures.
import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../../local/service.ts';
import { anAccount, arnOf, failing, jsonata, outline, roleArn } from './account.ts';

const done = { Type: 'Succeed' };

describe('a Task with a function ARN', () => {
  it('passes Arguments to the function and records each step of the call', async () => {
    const { run } = anAccount({ functions: { double: ({ n }: { n: number }) => n * 2 } });
    const { events, output } = await run(
      jsonata({
        Double: {
          Type: 'Task',
          Resource: arnOf('double'),
          TimeoutSeconds: 9,
          Arguments: { n: '{% $states.input.n %}' },
          Assign: { doubled: '{% $states.result %}' },
          Output: { was: '{% $states.input.n %}' },
          Next: 'Show',
        },
        Show: { Type: 'Pass', Output: '{% [$states.input.was, $doubled] %}', End: true },
      }),
      { n: 21 },
    );
    expect(output).toEqual([21, 42]);
    expect(outline(events)).toEqual([
      '1 0 ExecutionStarted',
      '2 0 TaskStateEntered',
      '3 2 LambdaFunctionScheduled',
      '4 3 LambdaFunctionStarted',
      '5 4 LambdaFunctionSucceeded',
      '6 5 TaskStateExited',
      '7 6 PassStateEntered',
      '8 7 PassStateExited',
      '9 8 ExecutionSucceeded',
    ]);
    expect(events[0]?.executionStartedEventDetails).toEqual({
      input: '{"n":21}',
      inputDetails: { truncated: false },
      roleArn,
    });
    expect(events[2]?.lambdaFunctionScheduledEventDetails).toEqual({
      input: '{"n":21}',
      inputDetails: { truncated: false },
      resource: arnOf('double'),
      timeoutInSeconds: 9,
    });
    expect(events[5]?.stateExitedEventDetails).toEqual({
      name: 'Double',
      output: '{"was":21}',
      outputDetails: { truncated: false },
      assignedVariables: { doubled: '42' },
      assignedVariablesDetails: { truncated: false },
    });
  });

  it('is cut off by its TimeoutSeconds, without a cause', async () => {
    const { run } = anAccount({ functions: { stuck: () => new Promise(() => {}) } });
    const ended = await run(
      jsonata({
        Stuck: { Type: 'Task', Resource: arnOf('stuck'), TimeoutSeconds: '{% 2 + 1 %}', End: true },
      }),
    );
    expect(ended).toMatchObject({ status: 'FAILED', error: 'States.Timeout', cause: undefined, seconds: 3 });
    expect(ended.events.at(-2)).toMatchObject({
      type: 'LambdaFunctionTimedOut',
      lambdaFunctionTimedOutEventDetails: { error: 'States.Timeout' },
    });
  });
});

describe('lambda:invoke', () => {
  const invoke = (fields: object) => ({
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: { FunctionName: 'f', Payload: { a: 1 } },
    End: true,
    ...fields,
  });

  it('answers as the Lambda API does', async () => {
    const { run } = anAccount({ functions: { f: event => event } });
    const { output, events } = await run(jsonata({ Call: invoke({}) }));
    expect(output).toMatchObject({ ExecutedVersion: '$LATEST', Payload: { a: 1 }, StatusCode: 200 });
    expect(events.slice(2, 5).map(event => event.type)).toEqual([
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
    ]);
    expect(events[2]?.taskScheduledEventDetails).toEqual({
      resource: 'invoke',
      resourceType: 'lambda',
      region: 'us-east-1',
      parameters: '{"FunctionName":"f","Payload":{"a":1}}',
    });
  });

  it('names a missing function as the SDK of Step Functions does, and States.TaskFailed catches it', async () => {
    const { run } = anAccount();
    const catcher = { ErrorEquals: ['States.TaskFailed'], Next: 'Caught' };
    const { output } = await run(jsonata({ Call: invoke({ Catch: [catcher] }), Caught: done }));
    expect(output).toMatchObject({
      Error: 'Lambda.ResourceNotFoundException',
      Cause: expect.stringMatching(
        /^Function not found: arn:aws:lambda:us-east-1:000000000000:function:f:\$LATEST \(Service: AWSLambda; Status Code: 404;/,
      ),
    });
  });

  it('fails with States.DataLimitExceeded when the result is too large, which States.ALL catches', async () => {
    const { run } = anAccount({ functions: { f: () => 'é'.repeat(131_072) } });
    const catcher = { ErrorEquals: ['States.ALL'], Next: 'Caught' };
    const { output } = await run(jsonata({ Call: invoke({ Catch: [catcher] }), Caught: done }));
    expect(output).toEqual({
      Error: 'States.DataLimitExceeded',
      Cause:
        "The state/task 'lambda' returned a result with a size exceeding the maximum number of bytes service limit.",
    });
  });

  it('waits for the task token, by its heartbeats, and goes on with what is sent', async () => {
    let token = '';
    const { aws, call, start, states, history } = anAccount({
      functions: {
        f: (sent: string) => {
          token = sent;
        },
      },
    });
    const waiting = invoke({
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Arguments: { FunctionName: 'f', Payload: '{% $states.context.Task.Token %}' },
      HeartbeatSeconds: 10,
    });
    const executionArn = await start(jsonata({ Wait: waiting }));
    await aws.clock.sleep(8000);
    await call('SendTaskHeartbeat', { taskToken: token });
    await aws.clock.sleep(8000);
    await call('SendTaskSuccess', { taskToken: token, output: '{"done":true}' });
    expect(await states.ended(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '{"done":true}' });
    expect((await history(executionArn)).map(event => event.type).slice(2, 6)).toEqual([
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
    ]);
    await expect(call('SendTaskSuccess', { taskToken: token, output: '1' })).rejects.toMatchObject({
      code: 'TaskTimedOut',
    });

    const missed = await start(jsonata({ Wait: waiting }));
    expect(await states.ended(missed)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });
});

describe('Retry and Catch', () => {
  it('retries with growing, bounded delays, by the first retrier that names the error', async () => {
    const calls: number[] = [];
    const { run, aws } = anAccount({
      functions: { f: (_, { now }) => failing('Busy', String(calls.push(now))) },
    });
    const begin = aws.clock.now();
    const retrier = {
      ErrorEquals: ['Busy'],
      IntervalSeconds: 2,
      BackoffRate: 3,
      MaxAttempts: 3,
      MaxDelaySeconds: 10,
    };
    const { status, error, events } = await run(
      jsonata({
        Call: {
          Type: 'Task',
          Resource: arnOf('f'),
          Retry: [{ ErrorEquals: ['Other'] }, retrier, { ErrorEquals: ['States.ALL'], MaxAttempts: 9 }],
          End: true,
        },
      }),
    );
    expect([status, error]).toEqual(['FAILED', 'Busy']);
    expect(calls.map(now => (now - begin) / 1000)).toEqual([0, 2, 8, 18]);
    expect(outline(events).slice(4, 6)).toEqual(['5 4 LambdaFunctionFailed', '6 5 LambdaFunctionScheduled']);
  });

  it('spreads delays over their whole length with full jitter', async () => {
    const retry = [
      { ErrorEquals: ['States.ALL'], IntervalSeconds: 8, MaxAttempts: 1, JitterStrategy: 'FULL' },
    ];
    const { run } = anAccount({ functions: { f: () => failing('Busy') }, random: () => 0.25 });
    const { seconds } = await run(
      jsonata({ Call: { Type: 'Task', Resource: arnOf('f'), Retry: retry, End: true } }),
    );
    expect(seconds).toBe(2);
  });

  it('gives a catcher the error, its own Assign and its own Output', async () => {
    const { run } = anAccount({ functions: { f: () => failing('NotStabilized', 'later') } });
    const { output, events } = await run(
      jsonata({
        Call: {
          Type: 'Task',
          Resource: arnOf('f'),
          Assign: { result: '{% $states.result %}' },
          Catch: [
            { ErrorEquals: ['States.Timeout'], Next: 'Fine' },
            {
              ErrorEquals: ['States.ALL'],
              Assign: { name: '{% $states.errorOutput.Error %}' },
              Output:
                '{% $merge([$states.input, {"message": $parse($states.errorOutput.Cause).errorMessage}]) %}',
              Next: 'Caught',
            },
          ],
          Next: 'Fine',
        },
        Caught: { Type: 'Pass', Output: '{% [$name, $states.input] %}', End: true },
        Fine: done,
      }),
      { kept: 1 },
    );
    expect(output).toEqual(['NotStabilized', { kept: 1, message: 'later' }]);
    expect(outline(events)[5]).toBe('6 5 TaskStateExited');
  });

  it('catches what cannot be evaluated, but never States.Runtime', async () => {
    const { run } = anAccount({ functions: { f: () => null } });
    const call = (fields: object) =>
      jsonata({
        Call: {
          Type: 'Task',
          Resource: 'arn:aws:states:::lambda:invoke',
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
          End: true,
          ...fields,
        },
        Caught: { Type: 'Pass', Output: '{% $states.input.Error %}', End: true },
      });
    const evaluation = await run(call({ Arguments: { FunctionName: '{% $nothing %}' } }));
    expect(evaluation.output).toBe('States.QueryEvaluationError');
    expect(outline(evaluation.events).slice(2, 4)).toEqual(['3 0 EvaluationFailed', '4 3 TaskStateExited']);
    const runtime = await run(call({ Arguments: { Payload: 1 } }));
    expect(runtime).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });

  it('says Lambda.AWSLambdaException where the call is denied', async () => {
    const denied = new ServiceError('AccessDeniedException', 403, 'User: x is not authorized');
    const { run } = anAccount({
      functions: {
        f: () => {
          throw denied;
        },
      },
    });
    const { error } = await run(jsonata({ Call: { Type: 'Task', Resource: arnOf('f'), End: true } }));
    expect(error).toBe('Lambda.AWSLambdaException');
  });
});
