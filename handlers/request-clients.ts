// The clients of the functions that events call: apart from the states' own, for no state needs SQS or EventBridge.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { ServiceProxyError } from '../core/errors.ts';
import type { AllowedTargets } from '../core/target.ts';
import type { Target } from './clients.ts';

/** What the deployer configured for requests that come as events. */
export interface RequestSettings {
  readonly stateMachineArn: string;
  /** What is started, where that is not the state machine itself: an alias of it. */
  readonly startArn?: string;
  /** FIFO queue between the event and the execution. */
  readonly queueUrl: string;
  /** Bus that gets the outcome events. */
  readonly eventBus: string;
  readonly ledgerTable: string;
  readonly allow: readonly string[];
  readonly deny: readonly string[];
  readonly targets?: AllowedTargets;
}

export interface RequestClients {
  readonly sfn: SFNClient;
  readonly sqs: SQSClient;
  readonly events: EventBridgeClient;
  readonly dynamodb: DynamoDBClient;
  readonly settings: RequestSettings;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export const makeRequestClients = (
  settings: RequestSettings,
  target: Target = {},
  now: () => number = Date.now,
): RequestClients => ({
  settings,
  now,
  sfn: new SFNClient(target),
  sqs: new SQSClient({ ...target, useQueueUrlAsEndpoint: target.endpoint === undefined }),
  events: new EventBridgeClient(target),
  dynamodb: new DynamoDBClient(target),
});

function requestClientsFromEnvironment(): RequestClients {
  const settings = process.env.SERVICE_PROXY_REQUESTS;
  if (!settings)
    throw new ServiceProxyError(
      'Refused',
      'SERVICE_PROXY_REQUESTS is not set: deploy the function with the stack',
    );
  return makeRequestClients(JSON.parse(settings));
}

/** A function of this kind: given an event, and its clients. */
export type RequestFunction = (event: unknown, clients: RequestClients) => Promise<unknown>;

/** As Lambda calls it: the clients are made when it is first called. */
export function serveRequests(run: RequestFunction): (event: unknown) => Promise<unknown> {
  let clients: RequestClients | undefined;
  return event => {
    clients ??= requestClientsFromEnvironment();
    return run(event, clients);
  };
}
