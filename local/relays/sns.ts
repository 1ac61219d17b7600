// SNS, by fauxqs 1.9: topics, and delivery to queues.
import {
  type Aws,
  type CallContext,
  type RelayedService,
  ServiceError,
  type WireRequest,
  type WireResponse,
} from '../service.ts';
import { closeFauxqs, compactXml, fauxqsOf, relayTo } from './fauxqs.ts';

const operationNames = new Set([
  'ConfirmSubscription',
  'CreateTopic',
  'DeleteTopic',
  'GetSubscriptionAttributes',
  'GetTopicAttributes',
  'ListSubscriptions',
  'ListSubscriptionsByTopic',
  'ListTagsForResource',
  'ListTopics',
  'Publish',
  'PublishBatch',
  'SetSubscriptionAttributes',
  'SetTopicAttributes',
  'Subscribe',
  'TagResource',
  'Unsubscribe',
  'UntagResource',
]);

type Input = Readonly<Record<string, unknown>>;

/** A subscription is named by its topic's ARN with an id behind it; IAM looks at the topic. */
const topicOf = (arn: unknown) =>
  typeof arn === 'string' ? arn.split(':').slice(0, 6).join(':') : undefined;

export function snsService(aws: Aws): RelayedService & { close(): Promise<void> } {
  return {
    operationNames,
    authorize(operation, input, call) {
      const named = input.TopicArn ?? input.TargetArn ?? input.ResourceArn ?? topicOf(input.SubscriptionArn);
      const prefix = `arn:${aws.partition}:sns:${call.region}:${aws.account}:`;
      const created = `${prefix}${String(input.Name)}`;
      const listed = operation === 'ListTopics' || operation === 'ListSubscriptions' ? `${prefix}*` : '*';
      const resource = operation === 'CreateTopic' ? created : typeof named === 'string' ? named : listed;
      // Publishing a batch needs the permission to publish (Service Authorization Reference).
      const action = operation === 'PublishBatch' ? 'Publish' : operation;
      return [{ action: `sns:${action}`, resource }];
    },
    async relay(request, operation, input, call) {
      checkInput(operation, input);
      const { accept: _, ...headers } = request.headers;
      const form = formOf(request, operation, input);
      for (const name of arnMembers) renameAccount(form, name, aws.account);
      const body = Buffer.from(form.toString());
      const posted = { 'content-type': 'application/x-www-form-urlencoded' };
      const plain = {
        ...request,
        method: 'POST',
        path: '/',
        query: '',
        headers: { ...headers, ...posted },
        body,
      };
      const fauxqs = await fauxqsOf(aws.store, call.region);
      const response = await relayTo(fauxqs, plain, 'sns', call.region);
      fauxqs.save(operation);
      return withRequestId(response, call);
    },
    close: () => closeFauxqs(aws.store),
  };
}

/** The library knows one account. */
const libraryAccount = '000000000000';
const arnMembers = ['TopicArn', 'TargetArn', 'SubscriptionArn', 'ResourceArn'];

function renameAccount(form: URLSearchParams, name: string, account: string): void {
  const arn = form.get(name)?.split(':');
  if (arn?.[4] === account) form.set(name, arn.with(4, libraryAccount).join(':'));
}

const invalid = (reason: string) => new ServiceError('InvalidParameter', 400, `Invalid parameter: ${reason}`);
const lacking = (what: string) =>
  new ServiceError('NotImplemented', 501, `NotImplemented: ${what} is not part of the embedded AWS`);

/** What AWS refuses and the library takes, or takes and does nothing about. */
function checkInput(operation: string, input: Input): void {
  if (operation === 'CreateTopic' && !/^[\w-]{1,256}(\.fifo)?$/.test(String(input.Name))) {
    throw invalid('Topic Name');
  }
  if (operation === 'Publish') {
    if (input.PhoneNumber !== undefined) throw lacking('sns:Publish to a phone number');
    if ((input.TopicArn ?? input.TargetArn) === undefined) {
      throw invalid('TopicArn or TargetArn Reason: no value for required parameter');
    }
    if (!input.Message) throw invalid('Empty message');
  }
  if (operation === 'Subscribe' && typeof input.Protocol === 'string' && !deliverable.has(input.Protocol)) {
    throw lacking(`sns:Subscribe with protocol ${input.Protocol}`);
  }
  const entries = Array.isArray(input.PublishBatchRequestEntries) ? input.PublishBatchRequestEntries : [];
  if (entries.some((entry: Input) => entry.MessageStructure !== undefined)) {
    throw lacking('sns:PublishBatch with MessageStructure');
  }
}

/** Queues are delivered to. The others wait for a confirmation, until which AWS delivers nothing either. */
const deliverable = new Set(['sqs', 'email', 'email-json', 'http', 'https']);

/** The query as the library reads it: all of it in the form, a message per protocol resolved, targets as topics. */
function formOf(request: WireRequest, operation: string, input: Input): URLSearchParams {
  const form = new URLSearchParams(request.query);
  for (const [name, value] of new URLSearchParams(Buffer.from(request.body).toString()))
    form.set(name, value);
  if (operation !== 'Publish') return form;
  if (typeof input.TargetArn === 'string') form.set('TopicArn', input.TargetArn);
  if (input.MessageStructure === 'json') form.set('Message', messageForQueues(String(input.Message)));
  return form;
}

function messageForQueues(structured: string): string {
  let messages: Input;
  try {
    messages = JSON.parse(structured);
  } catch {
    throw invalid('Message Structure - JSON message body failed to parse');
  }
  if (typeof messages?.default !== 'string') {
    throw invalid('Message Structure - No default entry in JSON message body');
  }
  return typeof messages.sqs === 'string' ? messages.sqs : messages.default;
}

function withRequestId(response: WireResponse, { aws, requestId }: CallContext): WireResponse {
  const xml = compactXml(Buffer.from(response.body).toString());
  const id = `<RequestId>${requestId}</RequestId>`;
  return {
    status: response.status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: Buffer.from(
      xml
        .replace(/<RequestId>[^<]*<\/RequestId>/, id)
        .replace(/(arn:aws:sns:[\w-]+:)000000000000:/g, `$1${aws.account}:`),
    ),
  };
}
