// The service behind the simulated routes: SNS with one topic, and no state to change.
import { snsService } from '../../local/relays/sns.ts';
import type { Aws, Service } from '../../local/service.ts';
import { topicArn } from './inputs.ts';

export function topics(aws: Aws): Service {
  return {
    authorize: snsService(aws).authorize,
    operations: {
      ListTopics: () => ({ Topics: [{ TopicArn: topicArn }] }),
      ListSubscriptions: () => ({ Subscriptions: [] }),
    },
  };
}
