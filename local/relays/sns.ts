// SNS, by fauxqs.
import type { Aws, RelayedService } from '../service.ts';
import { closeFauxqs, fauxqsOf, relayTo } from './fauxqs.ts';

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

export function snsService(aws: Aws): RelayedService & { close(): Promise<void> } {
  return {
    operationNames,
    authorize(operation, input, call) {
      const named = input.TopicArn ?? input.TargetArn ?? input.ResourceArn ?? input.SubscriptionArn;
      const created = `arn:${aws.partition}:sns:${call.region}:${aws.account}:${String(input.Name)}`;
      const resource = operation === 'CreateTopic' ? created : typeof named === 'string' ? named : '*';
      // Publishing a batch needs the permission to publish (Service Authorization Reference).
      const action = operation === 'PublishBatch' ? 'Publish' : operation;
      return [{ action: `sns:${action}`, resource }];
    },
    async relay(request, _operation, _input, call) {
      return relayTo(await fauxqsOf(aws.store, call.region), request, 'sns', call.region);
    },
    close: () => closeFauxqs(aws.store),
  };
}
