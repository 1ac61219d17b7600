// The Task state: a Lambda function called by its ARN, or through lambda:invoke, perhaps with a callback.
import { attempt } from './attempt.ts';
import { complete, type Outcome } from './complete.ts';
import { type Limits, withinLimits } from './deadline.ts';
import type { TaskState } from './definition.ts';
import { StateFailure, tooLarge } from './failure.ts';
import { invoke, invokeArguments, invokeOutput } from './invoke.ts';
import { isTooLarge, type Json } from './json.ts';
import { input, output, record } from './run.ts';
import type { Visit } from './visit.ts';

type TaskVisit = Visit<TaskState>;

export function runTask(visit: TaskVisit): Promise<Outcome> {
  const { state } = visit;
  return attempt(visit, async () => {
    const { resource } = state;
    const isCallback = resource.kind === 'lambda:invoke' && resource.waitForTaskToken;
    visit.taskToken = isCallback ? visit.thread.run.tokens.issue() : undefined;
    const given = state.arguments ? await visit.evaluate(state.arguments) : visit.input;
    const limits: Limits = {
      timeoutSeconds: await visit.number(state.timeoutSeconds, 'TimeoutSeconds'),
      heartbeatSeconds: await visit.number(state.heartbeatSeconds, 'HeartbeatSeconds'),
    };
    const result =
      resource.kind === 'function'
        ? await callFunction(visit, resource.functionArn, given, limits)
        : await callIntegration(visit, given, limits);
    return complete(visit, state, result, { result });
  });
}

const failureDetails = ({ error, cause }: StateFailure) => ({
  ...(error !== undefined && { error }),
  ...(cause !== undefined && { cause }),
});

const timeoutOf = ({ timeoutSeconds }: Limits) =>
  timeoutSeconds === undefined ? {} : { timeoutInSeconds: timeoutSeconds };

async function callFunction(
  visit: TaskVisit,
  functionArn: string,
  given: Json,
  limits: Limits,
): Promise<Json> {
  const { thread } = visit;
  record(thread, 'LambdaFunctionScheduled', {
    lambdaFunctionScheduledEventDetails: { ...input(given), resource: functionArn, ...timeoutOf(limits) },
  });
  record(thread, 'LambdaFunctionStarted');
  try {
    const { payload } = await withinLimits(thread, { ...limits, heartbeatSeconds: undefined }, signal =>
      invoke(thread.run, functionArn, given, signal),
    );
    if (isTooLarge(payload)) throw tooLarge(functionArn);
    record(thread, 'LambdaFunctionSucceeded', { lambdaFunctionSucceededEventDetails: output(payload) });
    return JSON.parse(payload);
  } catch (thrown) {
    if (!(thrown instanceof StateFailure) || thread.signal.aborted) throw thrown;
    const details = failureDetails(thrown);
    if (thrown.error === 'States.Timeout') {
      record(thread, 'LambdaFunctionTimedOut', { lambdaFunctionTimedOutEventDetails: details });
    } else {
      record(thread, 'LambdaFunctionFailed', { lambdaFunctionFailedEventDetails: details });
    }
    throw thrown;
  }
}

async function callIntegration(visit: TaskVisit, given: Json, limits: Limits): Promise<Json> {
  const { thread, taskToken } = visit;
  const { run } = thread;
  const call = invokeArguments(run, given);
  const resource = { resource: taskToken ? 'invoke.waitForTaskToken' : 'invoke', resourceType: 'lambda' };
  const { timeoutSeconds, heartbeatSeconds } = limits;
  const bounds = { timeoutSeconds, heartbeatSeconds: taskToken ? heartbeatSeconds : undefined };
  record(thread, 'TaskScheduled', {
    taskScheduledEventDetails: {
      ...resource,
      region: run.aws.region,
      parameters: JSON.stringify(given),
      ...timeoutOf(limits),
      ...(heartbeatSeconds !== undefined && { heartbeatInSeconds: heartbeatSeconds }),
    },
  });
  record(thread, 'TaskStarted', { taskStartedEventDetails: resource });
  try {
    const result = await withinLimits(thread, bounds, async (signal, onHeartbeat) => {
      // The callback may come before the function has answered.
      const answer = taskToken ? run.tokens.answer(taskToken, signal, onHeartbeat) : undefined;
      answer?.catch(() => {
        // Whoever awaits the answer below reports it; until then a rejection is not lost, only early.
      });
      const invoked = await invoke(run, call.functionArn, call.payload, signal);
      if (isTooLarge(invoked.payload)) throw tooLarge('lambda');
      const response = invokeOutput(run.aws, invoked);
      if (!answer) return response;
      record(thread, 'TaskSubmitted', {
        taskSubmittedEventDetails: { ...resource, ...output(JSON.stringify(response)) },
      });
      return answer;
    });
    const text = JSON.stringify(result);
    if (isTooLarge(text)) throw tooLarge('lambda');
    record(thread, 'TaskSucceeded', { taskSucceededEventDetails: { ...resource, ...output(text) } });
    return result;
  } catch (thrown) {
    if (!(thrown instanceof StateFailure) || thread.signal.aborted) throw thrown;
    const details = { ...resource, ...failureDetails(thrown) };
    if (thrown.error === 'States.Timeout') {
      record(thread, 'TaskTimedOut', { taskTimedOutEventDetails: details });
    } else {
      record(thread, 'TaskFailed', { taskFailedEventDetails: details });
    }
    throw thrown;
  }
}
