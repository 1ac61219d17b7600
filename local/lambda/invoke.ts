// Invocations: Invoke over the wire, and what other services of the account ask a function for.
import type * as Sdk from '@aws-sdk/client-lambda';
import { findAccessKey } from '../credentials.ts';
import { decide, denialMessage } from '../iam/evaluate.ts';
import { type Aws, type CallContext, type Credentials, ServiceError } from '../service.ts';
import type { FindFunction, FoundFunction } from './find.ts';
import { allowsCaller, allowsService } from './policy.ts';
import { largestPayload, type Outcome } from './results.ts';
import type { Runner } from './run.ts';

const invokeAction = 'lambda:InvokeFunction';

type Invocation = Parameters<Aws['invokeFunction']>[0];

/** What Invoke needs permission for; nothing more where the function's own policy names the caller. */
export function invokeAuthorizations(
  { aws, caller }: CallContext,
  { name, qualifiedArn }: { name: string; qualifiedArn: string },
) {
  const needed = { action: invokeAction, resource: qualifiedArn };
  const isSilent = decide(aws, caller, needed) === 'no identity-based policy';
  return isSilent && allowsCaller(aws, name, qualifiedArn, caller) ? [] : [needed];
}

export function invokeOperation(aws: Aws, find: FindFunction, runner: Runner) {
  return async (input: Sdk.InvocationRequest, call: CallContext): Promise<Sdk.InvocationResponse> => {
    const { FunctionName, Qualifier, InvocationType = 'RequestResponse', LogType, Payload } = input;
    const found = find(FunctionName, Qualifier);
    if (InvocationType === 'DryRun') return { StatusCode: 204 };
    const event = eventOf(Payload);
    if (InvocationType === 'Event') {
      void runInBackground(aws, runner, found, event, call.requestId);
      return { StatusCode: 202 };
    }
    const startedAt = performance.now();
    const outcome = await runner.run(found, event, call.requestId);
    const isTail = LogType === 'Tail';
    return {
      StatusCode: 200,
      ExecutedVersion: outcome.executedVersion,
      Payload: outcome.payload as NonNullable<Sdk.InvocationResponse['Payload']>,
      ...(outcome.functionError !== undefined && { FunctionError: outcome.functionError }),
      ...(isTail && { LogResult: logOf(outcome, call.requestId, performance.now() - startedAt) }),
    };
  };
}

export function invokeFunctionOf(aws: Aws, find: FindFunction, runner: Runner): Aws['invokeFunction'] {
  return async ({ functionArn, payload, as, signal }) => {
    signal?.throwIfAborted();
    // A service that names no version asks for $LATEST, and is told so.
    const found = find(functionArn, '$LATEST');
    requireAllowed(aws, functionArn, found, as);
    const run = runner.run(found, eventOf(payload), aws.ids.uuid());
    return signal ? await unlessAborted(run, signal) : await run;
  };
}

/** The caller stops waiting; the function goes on, as on Lambda. */
function unlessAborted<T>(run: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    run.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function requireAllowed(
  aws: Aws,
  resource: string,
  { name, arn }: FoundFunction,
  as: Invocation['as'],
): void {
  const action = invokeAction;
  if ('servicePrincipal' in as) {
    // Statements of the policy speak of the function, whichever way its version was said.
    if (allowsService(aws, { name, qualifiedArn: arn }, as)) return;
    throw denied(
      `User: ${as.servicePrincipal} is not authorized to perform: ${action} on resource: ${resource} because no resource-based policy allows the ${action} action`,
    );
  }
  const caller = callerOf(aws, as);
  const authorization = { action, resource };
  const decision = decide(aws, caller, authorization);
  const isSilent = decision === 'no identity-based policy';
  if (decision === 'allowed' || (isSilent && allowsCaller(aws, name, arn, caller))) return;
  throw denied(denialMessage(caller, authorization, decision));
}

const denied = (message: string) => new ServiceError('AccessDeniedException', 403, message);

function callerOf(aws: Aws, { accessKeyId, sessionToken }: Credentials) {
  const key = findAccessKey(aws, accessKeyId, sessionToken);
  if (key) return key.caller;
  throw new ServiceError(
    'UnrecognizedClientException',
    403,
    'The security token included in the request is invalid.',
  );
}

function eventOf(payload: Uint8Array | undefined): string {
  const text = Buffer.from(payload ?? []).toString() || '{}';
  if (Buffer.byteLength(text) > largestPayload) {
    throw new ServiceError(
      'RequestTooLargeException',
      413,
      `Request must be smaller than ${largestPayload} bytes for the InvokeFunction operation`,
    );
  }
  try {
    JSON.parse(text);
  } catch (error) {
    const { message } = error as SyntaxError;
    const invalid = `Could not parse request body into json: Could not parse payload into json: ${message}`;
    throw new ServiceError('InvalidRequestContentException', 400, invalid);
  }
  return text;
}

/** An asynchronous event that fails is tried twice more, after one minute and two more. */
async function runInBackground(aws: Aws, runner: Runner, found: FoundFunction, event: string, id: string) {
  try {
    for (const minutes of [1, 2, 0]) {
      const { functionError } = await runner.run(found, event, id);
      if (functionError === undefined || minutes === 0) return;
      await aws.clock.sleep(minutes * 60_000, runner.closing);
    }
  } catch (thrown) {
    // Nobody waits for the answer who could be told.
    if (!runner.closing.aborted) process.emitWarning(thrown instanceof Error ? thrown : String(thrown));
  }
}

/** The last 4 KB of the log, as Lambda returns it. */
function logOf({ log }: Outcome, requestId: string, milliseconds: number): string {
  const duration = milliseconds.toFixed(2);
  const billed = Math.ceil(milliseconds);
  const text = `START RequestId: ${requestId} Version: $LATEST\n${log}END RequestId: ${requestId}\nREPORT RequestId: ${requestId}\tDuration: ${duration} ms\tBilled Duration: ${billed} ms\n`;
  return Buffer.from(text).subarray(-4096).toString('base64');
}
