// Calls a Lambda function as the state machine's role, and says its errors as Step Functions does.
import { rootCredentials } from '../credentials.ts';
import { findRoleByArn } from '../iam/model.ts';
import { type Aws, type Credentials, type FunctionResult, ServiceError } from '../service.ts';
import { RuntimeError, StateFailure } from './failure.ts';
import { isObject, type Json } from './json.ts';
import type { Run } from './run.ts';

export interface Invoked {
  /** JSON text. */
  readonly payload: string;
  readonly executedVersion: string;
}

export async function invoke(
  run: Run,
  functionArn: string,
  payload: Json,
  signal: AbortSignal,
): Promise<Invoked> {
  let result: FunctionResult;
  try {
    result = await run.aws.invokeFunction({
      functionArn,
      payload: Buffer.from(JSON.stringify(payload)),
      as: credentialsOf(run),
      signal,
    });
  } catch (thrown) {
    signal.throwIfAborted();
    throw serviceFailure(run.aws, thrown);
  }
  const text = Buffer.from(result.payload).toString() || 'null';
  if (result.functionError !== undefined) throw functionFailure(text);
  return { payload: text, executedVersion: result.executedVersion };
}

/** A role that the account does not know stands for its root user, so that a definition can be tried without IAM. */
function credentialsOf({ aws, roleArn, executionArn }: Run): Credentials {
  if (!findRoleByArn(aws, roleArn)) return rootCredentials;
  const sessionName = executionArn.slice(executionArn.lastIndexOf(':') + 1).slice(0, 64);
  return aws.assumeRole(roleArn, 'states.amazonaws.com', sessionName);
}

/** The function's own error: its type is the error's name, the whole payload its cause. */
function functionFailure(payload: string): StateFailure {
  let type: unknown;
  try {
    const content: unknown = JSON.parse(payload);
    type = isObject(content) ? content.errorType : undefined;
  } catch {
    type = undefined;
  }
  return new StateFailure(typeof type === 'string' && type ? type : 'Lambda.Unknown', payload);
}

function serviceFailure(aws: Aws, thrown: unknown): StateFailure {
  if (!(thrown instanceof ServiceError)) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new StateFailure('Lambda.SdkClientException', `Unable to execute HTTP request: ${message}`);
  }
  const isDenied = thrown.code === 'AccessDenied' || thrown.code === 'AccessDeniedException';
  const code = isDenied ? 'AccessDeniedException' : thrown.code;
  // The SDK has no class of its own for a denied call.
  const name = isDenied ? 'AWSLambdaException' : code;
  const request = `Service: AWSLambda; Status Code: ${thrown.status}; Error Code: ${code}; Request ID: ${aws.ids.uuid()}; Proxy: null`;
  return new StateFailure(`Lambda.${name}`, `${thrown.message} (${request})`);
}

const known = new Set(['FunctionName', 'Payload', 'Qualifier', 'InvocationType']);

/** What lambda:invoke is asked to call. */
export function invokeArguments({ aws }: Run, given: Json): { functionArn: string; payload: Json } {
  const refuse = (why: string) =>
    new RuntimeError(
      `The Arguments '${JSON.stringify(given)}' could not be used to start the Task: [${why}]`,
    );
  if (!isObject(given)) throw refuse('The value must be an OBJECT');
  const unknown = Object.keys(given).find(field => !known.has(field));
  if (unknown !== undefined) throw refuse(`The field "${unknown}" is not supported by Step Functions`);
  const { FunctionName: name, Payload: payload = {}, Qualifier: qualifier, InvocationType: type } = given;
  if (name === undefined) throw refuse("The field 'FunctionName' is required but was missing");
  if (typeof name !== 'string') throw refuse("The value for the field 'FunctionName' must be a STRING");
  if (type !== undefined && type !== 'RequestResponse') {
    throw refuse(`The embedded AWS has no InvocationType ${JSON.stringify(type)}`);
  }
  const functionArn = name.startsWith('arn:')
    ? name
    : `arn:${aws.partition}:lambda:${aws.region}:${aws.account}:function:${name.replace(/^\d{12}:(function:)?/, '')}`;
  const isQualified = typeof qualifier === 'string' && functionArn.split(':').length === 7;
  return { functionArn: isQualified ? `${functionArn}:${qualifier}` : functionArn, payload: payload as Json };
}

/** The response of lambda:invoke as the AWS SDK of Step Functions hands it on. */
export function invokeOutput(aws: Aws, { payload, executedVersion }: Invoked): Json {
  const requestId = aws.ids.uuid();
  const length = String(Buffer.byteLength(payload));
  const date = new Date(aws.clock.now()).toUTCString();
  const headers = {
    Connection: 'keep-alive',
    'Content-Length': length,
    'Content-Type': 'application/json',
    Date: date,
    'X-Amz-Executed-Version': executedVersion,
    'x-amzn-Remapped-Content-Length': '0',
    'x-amzn-RequestId': requestId,
  };
  return {
    ExecutedVersion: executedVersion,
    Payload: JSON.parse(payload),
    SdkHttpMetadata: {
      AllHttpHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
      HttpHeaders: headers,
      HttpStatusCode: 200,
    },
    SdkResponseMetadata: { RequestId: requestId },
    StatusCode: 200,
  };
}
