// SQS, by fauxqs.
import type { Aws, CallContext, RelayedService, WireRequest, WireResponse } from '../service.ts';
import { closeFauxqs, fauxqsOf, relayTo } from './fauxqs.ts';

const operationNames = new Set([
  'ChangeMessageVisibility',
  'ChangeMessageVisibilityBatch',
  'CreateQueue',
  'DeleteMessage',
  'DeleteMessageBatch',
  'DeleteQueue',
  'GetQueueAttributes',
  'GetQueueUrl',
  'ListQueueTags',
  'ListQueues',
  'PurgeQueue',
  'ReceiveMessage',
  'SendMessage',
  'SendMessageBatch',
  'SetQueueAttributes',
  'TagQueue',
  'UntagQueue',
]);

function queueArn(input: Readonly<Record<string, unknown>>, { aws, region }: CallContext): string {
  const { QueueUrl: url, QueueName: name } = input;
  const queue = typeof url === 'string' ? url.slice(url.lastIndexOf('/') + 1) : name;
  return typeof queue === 'string' ? `arn:${aws.partition}:sqs:${region}:${aws.account}:${queue}` : '*';
}

/** Queue URLs name the address the caller itself came by, so that it can use them. */
function atCallersAddress(response: WireResponse, { headers }: WireRequest): WireResponse {
  const type = String(response.headers['content-type'] ?? '');
  if (!type.includes('json') || !headers.host) return response;
  const body = Buffer.from(response.body).toString();
  const named = body.replaceAll(/https?:\/\/[^/"]+(?=\/\d{12}\/)/g, `http://${headers.host}`);
  return named === body ? response : { ...response, body: Buffer.from(named) };
}

export function sqsService(aws: Aws): RelayedService & { close(): Promise<void> } {
  return {
    operationNames,
    authorize(operation, input, call) {
      const resource = operation === 'ListQueues' ? '*' : queueArn(input, call);
      // A batch needs the permission for the single call (Service Authorization Reference).
      return [{ action: `sqs:${operation.replace(/Batch$/, '')}`, resource }];
    },
    async relay(request, _operation, _input, call) {
      const app = await fauxqsOf(aws.store, call.region);
      // The library takes JSON at its root only.
      const response = await relayTo(app, { ...request, path: '/', query: '' }, 'sqs', call.region);
      return atCallersAddress(response, request);
    },
    close: () => closeFauxqs(aws.store),
  };
}
