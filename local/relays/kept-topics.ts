// Topics and subscriptions of the library as documents of the account, and back.
import type { Store } from '../store.ts';
import type { LibraryStores, Subscription, Topic } from './fauxqs-stores.ts';
import type { Row } from './mirror.ts';

type TopicDocument = Omit<Topic, 'tags'> & { readonly tags: Readonly<Record<string, string>> };

const topics = 'sns/topics';
const subscriptions = 'sns/subscriptions';

export function* topicRows({ snsStore }: LibraryStores): Generator<Row> {
  for (const topic of snsStore.listTopics()) {
    const document: TopicDocument = { ...topic, tags: Object.fromEntries(topic.tags) };
    yield { collection: topics, key: topic.arn, marks: [JSON.stringify(document)], document: () => document };
  }
  for (const subscription of snsStore.listSubscriptions()) {
    const marks = [JSON.stringify(subscription)];
    const document = (): Subscription => structuredClone(subscription);
    yield { collection: subscriptions, key: subscription.arn, marks, document };
  }
}

export function restoreTopics(store: Store, { snsStore }: LibraryStores): void {
  for (const document of store.collection<TopicDocument>(topics).values()) {
    const { tags, ...topic } = structuredClone(document);
    snsStore.topics.set(topic.arn, { ...topic, tags: new Map(Object.entries(tags)) });
  }
  for (const subscription of store.collection<Subscription>(subscriptions).values()) {
    snsStore.subscriptions.set(subscription.arn, structuredClone(subscription));
  }
}
