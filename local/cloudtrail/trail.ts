// What CloudTrail knows of the calls that changed something: the last ten thousand, in memory.
import { isMutating } from '../../core/recorded-call.ts';
import type { Aws, Caller, ServiceError } from '../service.ts';

/** One call that has been answered. */
export interface TrailedCall {
  readonly aws: Aws;
  readonly service: string;
  readonly operation: string;
  readonly caller: Caller;
  readonly requestId: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly output?: Readonly<Record<string, unknown>>;
  /** What it was answered with instead. */
  readonly error?: ServiceError;
}

export interface TrailEvent {
  readonly id: string;
  /** Milliseconds since the epoch: when it was called, and from when on it can be looked up. */
  readonly at: number;
  readonly visibleAt: number;
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly source: string;
  readonly accessKeyId: string;
  readonly userName: string;
  /** As CloudTrail's log files have it. */
  readonly document: Readonly<Record<string, unknown>>;
}

export interface Trail {
  note(call: TrailedCall): void;
  /** Newest first. */
  events(aws: Pick<Aws, 'account' | 'region'>): readonly TrailEvent[];
}

const mostEvents = 10_000;

/** Services whose every call is a management event, but for those that carry data. */
const recorded = new Set(['apigateway', 'events', 'iam', 'lambda', 'states', 'sts']);
const dataEvents = new Set(['Invoke', 'PutEvents', 'TestInvokeMethod']);

/** `delay` is how long after a call it can be looked up: on AWS up to 15 minutes. */
export function openTrail(delay: () => number = () => 0): Trail {
  const kept: TrailEvent[] = [];
  return {
    note(call) {
      const { service, operation } = call;
      if (!recorded.has(service) || !isMutating(operation) || dataEvents.has(operation)) return;
      kept.unshift(eventOf(call, delay()));
      if (kept.length > mostEvents) kept.length = mostEvents;
    },
    events: ({ account, region }) => kept.filter(one => one.account === account && one.region === region),
  };
}

function eventOf(call: TrailedCall, delay: number): TrailEvent {
  const { aws, service, operation, caller, requestId, input, output, error } = call;
  const at = aws.clock.now();
  const id = aws.ids.uuid();
  const source = `${service}.amazonaws.com`;
  const document = {
    eventVersion: '1.08',
    userIdentity: identityOf(caller),
    eventTime: new Date(at).toISOString().replace(/\.\d+Z$/, 'Z'),
    eventSource: source,
    eventName: operation,
    awsRegion: aws.region,
    sourceIPAddress: '127.0.0.1',
    requestParameters: withoutPayload(operation, input),
    responseElements: operation === 'StartExecution' && output ? started(output) : null,
    ...(error && { errorCode: error.code, errorMessage: error.message }),
    requestID: requestId,
    eventID: id,
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: aws.account,
  };
  const { account, region } = aws;
  const userName = caller.roleArn === undefined ? 'root' : caller.arn.slice(caller.arn.lastIndexOf('/') + 1);
  const { accessKeyId } = caller;
  return {
    id,
    at,
    visibleAt: at + delay,
    account,
    region,
    name: operation,
    source,
    accessKeyId,
    userName,
    document,
  };
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
function identityOf({ account, arn, roleArn, accessKeyId }: Caller): object {
  const who = { arn, accountId: account, accessKeyId };
  if (roleArn === undefined) return { type: 'Root', principalId: account, ...who };
  const sessionIssuer = { type: 'Role', arn: roleArn, accountId: account };
  return { type: 'AssumedRole', ...who, sessionContext: { sessionIssuer } };
}

/** Names and ids only; of an execution's input CloudTrail says that it is hidden. */
function withoutPayload(operation: string, input: Readonly<Record<string, unknown>>): object {
  const named = Object.entries(input).filter(
    ([name, value]) => typeof value === 'string' && /(?:name|id|arn|httpMethod|pathPart)$/i.test(name),
  );
  const parameters = named
    .filter(([name]) => name !== 'ExternalId')
    .map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value]);
  return {
    ...Object.fromEntries(parameters),
    ...(operation === 'StartExecution' && { input: 'HIDDEN_DUE_TO_SECURITY_REASONS' }),
  };
}

function started({ executionArn, startDate }: Readonly<Record<string, unknown>>): object {
  return { executionArn, ...(startDate instanceof Date && { startDate: startDate.toUTCString() }) };
}
