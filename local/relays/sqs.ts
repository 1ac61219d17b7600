// SQS, by fauxqs 1.9, in its JSON protocol.
import {
  type Aws,
  type CallContext,
  type RelayedService,
  ServiceError,
  type WireRequest,
  type WireResponse,
} from '../service.ts';
import { closeFauxqs, fauxqsOf, libraryHost, relayTo } from './fauxqs.ts';

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

type Document = Record<string, unknown>;

/** A queue by its URL, whatever address the URL names, or by its name alone. */
const queueName = (url: string) => url.slice(url.lastIndexOf('/') + 1);

export function sqsService(aws: Aws): RelayedService & { close(): Promise<void> } {
  /** The library knows a queue by the address it would have, in the account it keeps to itself. */
  const libraryUrl = (url: string, region: string) => {
    const account = /\/(\d{12})\/[^/]+$/.exec(url)?.[1] ?? aws.account;
    const address = `http://sqs.${region}.${libraryHost}/000000000000/`;
    return account === aws.account ? `${address}${queueName(url)}` : url;
  };
  return {
    operationNames,
    authorize(operation, input, call) {
      const { QueueUrl: url, QueueName } = input;
      const name = typeof url === 'string' ? queueName(url) : QueueName;
      const prefix = `arn:${aws.partition}:sqs:${call.region}:${aws.account}:`;
      const resource = typeof name === 'string' ? `${prefix}${name}` : '*';
      // A batch needs the permission for the single call (Service Authorization Reference).
      return [{ action: `sqs:${operation.replace(/Batch$/, '')}`, resource }];
    },
    async relay(request, operation, input, call) {
      checkInput(operation, input);
      const document = JSON.parse(Buffer.from(request.body).toString() || '{}') as Document;
      const { QueueUrl } = document;
      const known =
        typeof QueueUrl === 'string'
          ? { ...document, QueueUrl: libraryUrl(QueueUrl, call.region) }
          : document;
      const headers = { ...request.headers, 'content-type': 'application/x-amz-json-1.0' };
      const body = Buffer.from(JSON.stringify(known));
      const plain = { ...request, path: '/', query: '', headers, body };
      const fauxqs = await fauxqsOf(aws.store, call.region);
      const response = await relayTo(fauxqs, plain, 'sqs', call.region);
      fauxqs.save(operation);
      return corrected(response, request, operation, input, call);
    },
    close: () => closeFauxqs(aws.store),
  };
}

function checkInput(operation: string, { QueueName }: Readonly<Document>): void {
  const isName = typeof QueueName === 'string' && /^[\w-]{1,80}$/.test(QueueName.replace(/\.fifo$/, ''));
  if (operation === 'CreateQueue' && QueueName !== undefined && !isName) {
    throw new ServiceError(
      'InvalidParameterValue',
      400,
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    );
  }
}

function corrected(
  response: WireResponse,
  { headers }: WireRequest,
  operation: string,
  input: Readonly<Document>,
  { requestId, aws }: CallContext,
): WireResponse {
  const text = Buffer.from(response.body).toString();
  const answer = (text ? JSON.parse(text) : {}) as Document;
  // Queue URLs name the address the caller itself came by, so that it can use them.
  const host = headers.host ?? `sqs.${aws.region}.amazonaws.com`;
  // Only a client in this process calls AWS's own host names, and it believes to do so over TLS.
  const scheme = host.endsWith('.amazonaws.com') ? 'https' : 'http';
  const publicUrl = (url: string) => `${scheme}://${host}/${aws.account}/${queueName(url)}`;
  if (typeof answer.QueueUrl === 'string') answer.QueueUrl = publicUrl(answer.QueueUrl);
  if (Array.isArray(answer.QueueUrls)) {
    // AWS leaves an empty list out.
    if (answer.QueueUrls.length === 0) delete answer.QueueUrls;
    else answer.QueueUrls = answer.QueueUrls.map(url => publicUrl(String(url)));
  }
  if (operation === 'ReceiveMessage' && !hasNames(input.MessageAttributeNames)) {
    answer.Messages = withoutAttributes(answer.Messages);
  }
  return {
    status: response.status,
    headers: { ...response.headers, 'x-amzn-requestid': requestId },
    body: Buffer.from(text ? JSON.stringify(answer) : ''),
  };
}

const hasNames = (names: unknown) => Array.isArray(names) && names.length > 0;

/** AWS returns the attributes that were asked for; the library all of them when none were. */
function withoutAttributes(messages: unknown): unknown {
  if (!Array.isArray(messages)) return messages;
  return messages.map(
    ({ MessageAttributes: _, MD5OfMessageAttributes: __, ...message }: Document) => message,
  );
}
