// What an invocation comes to: a payload, or the payload of a failure in the words of Lambda's runtime.
import type { FunctionResult } from '../service.ts';

export interface Outcome extends FunctionResult {
  /** What the function printed. */
  readonly log: string;
}

/** Of a synchronous invocation, either way. */
export const largestPayload = 6 * 1024 * 1024;

const executedVersion = '$LATEST';

export function success(payload: string, log = ''): Outcome {
  const content = Buffer.from(payload);
  // The limit on the response leaves room for the envelope.
  const limit = largestPayload + 100;
  if (content.length > limit) {
    const message = `Response payload size exceeded maximum allowed payload size (${limit} bytes).`;
    return failure({ errorType: 'Function.ResponseSizeTooLarge', errorMessage: message }, log);
  }
  return { payload: content, executedVersion, log };
}

export interface Failure {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export function failure(content: Failure | string, log = ''): Outcome {
  const payload = Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
  return { payload, functionError: 'Unhandled', executedVersion, log };
}

export function timedOut(requestId: string, seconds: number): Outcome {
  const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`;
  return failure({ errorType: 'Sandbox.Timedout', errorMessage });
}

export function exited(requestId: string, exitCode: number): Outcome {
  const end = exitCode === 0 ? 'Runtime exited without providing a reason' : exitReason(exitCode);
  return failure({ errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${requestId} Error: ${end}` });
}

const exitReason = (exitCode: number) => `Runtime exited with error: exit status ${exitCode}`;
