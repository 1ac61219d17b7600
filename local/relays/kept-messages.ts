// Queues and their messages as documents of the account, and back: visible, delayed or received as they were.
import type { Store } from '../store.ts';
import type { LibraryStores, Message, Queue } from './fauxqs-stores.ts';
import type { Row } from './mirror.ts';

interface QueueDocument {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly created: number;
  readonly modified: number;
  readonly sequence: number;
}

interface MessageDocument {
  readonly queueUrl: string;
  readonly message: Message;
  readonly delayed?: true;
  readonly received?: { readonly receiptHandle: string; readonly visibilityDeadline: number };
}

/** A message of a FIFO queue that must not come twice within five minutes. */
interface SentDocument {
  readonly queueUrl: string;
  readonly id: string;
  readonly sent: { readonly messageId: string; readonly sequenceNumber?: string };
  readonly expiry: number;
}

const queues = 'sqs/queues';
const messages = 'sqs/messages';
const sentIds = 'sqs/deduplication';

export function* messageRows({ sqsStore }: LibraryStores): Generator<Row> {
  for (const queue of sqsStore.listQueues()) {
    yield queueRow(queue);
    const { ready, delayed, inflight } = queue.inspectMessages();
    for (const message of ready) yield messageRow(queue, message, {}, 'ready');
    for (const message of delayed) yield messageRow(queue, message, { delayed: true }, 'delayed');
    for (const { message, ...received } of inflight) {
      yield messageRow(queue, message, { received }, received.receiptHandle, received.visibilityDeadline);
    }
    for (const [id, { value, expiry }] of queue.deduplicationCache.items) {
      const document = (): SentDocument => ({ queueUrl: queue.url, id, sent: { ...value }, expiry });
      yield { collection: sentIds, key: `${queue.url}#${id}`, marks: [expiry], document };
    }
  }
}

function queueRow(queue: Queue): Row {
  const { name, url, arn } = queue;
  const document: QueueDocument = {
    name,
    url,
    arn,
    attributes: { ...queue.attributes },
    tags: Object.fromEntries(queue.tags),
    created: queue.createdTimestamp,
    modified: queue.lastModifiedTimestamp,
    sequence: queue.sequenceCounter,
  };
  return { collection: queues, key: url, marks: [JSON.stringify(document)], document: () => document };
}

function messageRow(
  { url: queueUrl }: Queue,
  message: Message,
  state: Pick<MessageDocument, 'delayed' | 'received'>,
  ...marks: readonly unknown[]
): Row {
  return {
    collection: messages,
    key: `${queueUrl}#${message.messageId}`,
    marks: [...marks, message.approximateReceiveCount],
    document: (): MessageDocument => ({ queueUrl, message: structuredClone(message), ...state }),
  };
}

export function restoreMessages(store: Store, { sqsStore }: LibraryStores): void {
  for (const { name, url, arn, attributes, tags, ...kept } of store
    .collection<QueueDocument>(queues)
    .values()) {
    const queue = sqsStore.createQueue(name, url, arn, { ...attributes }, { ...tags });
    Object.assign(queue, { createdTimestamp: kept.created, lastModifiedTimestamp: kept.modified });
    queue.sequenceCounter = kept.sequence;
  }
  for (const document of store.collection<MessageDocument>(messages).values()) {
    const queue = sqsStore.getQueue(document.queueUrl);
    if (queue) restoreMessage(queue, structuredClone(document));
  }
  for (const { queueUrl, id, sent, expiry } of store.collection<SentDocument>(sentIds).values()) {
    const cache = sqsStore.getQueue(queueUrl)?.deduplicationCache;
    cache?.set(id, { ...sent });
    Object.assign(cache?.items.get(id) ?? {}, { expiry });
  }
}

function restoreMessage(queue: Queue, { message, delayed, received }: MessageDocument): void {
  const group = message.messageGroupId ?? '__default';
  if (received) {
    queue.inflightMessages.set(received.receiptHandle, { message, ...received });
    if (queue.isFifo()) queue.fifoLockedGroups.set(group, (queue.fifoLockedGroups.get(group) ?? 0) + 1);
    return;
  }
  if (!queue.isFifo()) {
    (delayed ? queue.delayedMessages : queue.messages).push(message);
    return;
  }
  const groups = delayed ? queue.fifoDelayed : queue.fifoMessages;
  groups.set(group, [...(groups.get(group) ?? []), message]);
}
