// Provisioning by events on the embedded AWS: the same functions, queue and rules as in an account.
import { rollbackMachineOf } from '../core/failure.ts';
import type { AllowedTargets } from '../core/target.ts';
import type { BuiltInFunction, EmbeddedOptions } from '../local/embedded.ts';
import type { policyDocument } from '../statemachine/policies.ts';
import {
  endedPattern,
  mostReceives,
  type RequestFunctionSetup,
  requestFunctions,
  requestPattern,
  requestQueueName,
} from '../statemachine/requests.ts';
import { allowedActions, deniedActions, functionPrefix, ledgerTable } from '../statemachine/settings.ts';

const eventBus = 'default';
const requestQueue = requestQueueName(functionPrefix);
const failedRequests = `${functionPrefix}failed-requests.fifo`;
const deadRequests = `${functionPrefix}undelivered-requests`;

const modules = {
  ReceiveRequest: () => import('../handlers/receive-request.ts'),
  StartRequest: () => import('../handlers/start-request.ts'),
  PublishOutcome: () => import('../handlers/publish-outcome.ts'),
} satisfies Record<RequestFunctionSetup['name'], unknown>;

/** What openEmbedded adds to the account; `policyOf` writes a function's policy for it. */
export function requestSetup(
  stateMachineArn: string,
  policyOf: (name: string, permissions: Parameters<typeof policyDocument>[0]) => object,
  targets?: AllowedTargets,
) {
  const [, partition, , region = '', account] = stateMachineArn.split(':');
  const queueArn = (name: string) => `arn:${partition}:sqs:${region}:${account}:${name}`;
  const settings = {
    stateMachineArn,
    queueUrl: `https://sqs.${region}.amazonaws.com/${account}/${requestQueue}`,
    eventBus,
    ledgerTable,
    allow: allowedActions,
    deny: deniedActions,
    ...(targets && { targets }),
  };
  const functions = requestFunctions(eventBus, functionPrefix).map(
    ({ name, timeoutSeconds, permissions }): BuiltInFunction => ({
      name: `${functionPrefix}${name}`,
      timeoutSeconds,
      policy: policyOf(name, permissions),
      /** Loaded with the first request: neither SQS nor EventBridge costs anything before that. */
      async invoke(event, { credentials, requestHandler, now }) {
        const [{ run }, { makeRequestClients }] = await Promise.all([
          modules[name](),
          import('../handlers/request-clients.ts'),
        ]);
        const target = { region, credentials, requestHandler, endpoint: 'http://embedded.localhost' };
        return run(event, makeRequestClients(settings, target, now));
      },
    }),
  );
  const calls = (name: RequestFunctionSetup['name']) => ({
    kind: 'function' as const,
    name: `${functionPrefix}${name}`,
    DeadLetterConfig: { Arn: queueArn(deadRequests) },
  });
  const machines = [stateMachineArn, rollbackMachineOf(stateMachineArn)];
  const redrive = { deadLetterTargetArn: queueArn(failedRequests), maxReceiveCount: mostReceives };
  return {
    functions,
    queues: [
      {
        QueueName: deadRequests,
        Attributes: { Policy: JSON.stringify(letsEventBridgeSend(queueArn(deadRequests))) },
      },
      { QueueName: failedRequests, Attributes: { FifoQueue: 'true' } },
      {
        QueueName: requestQueue,
        Attributes: { FifoQueue: 'true', VisibilityTimeout: '30', RedrivePolicy: JSON.stringify(redrive) },
      },
    ],
    eventSources: [{ queue: requestQueue, function: `${functionPrefix}StartRequest`, retryAfterSeconds: 1 }],
    rules: [
      { name: 'service-proxy-requests', eventPattern: requestPattern, targets: [calls('ReceiveRequest')] },
      {
        name: 'service-proxy-outcomes',
        eventPattern: endedPattern(machines),
        targets: [calls('PublishOutcome')],
      },
    ],
  } satisfies EmbeddedOptions;
}

const letsEventBridgeSend = (Resource: string) => ({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:SendMessage', Resource },
  ],
});
