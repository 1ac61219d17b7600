// Amazon EventBridge of the embedded AWS: buses, rules, schedules, and the way of events to their targets.
import type { Aws, Service } from '../service.ts';
import { authorize } from './authorize.ts';
import { busOperations } from './buses.ts';
import { Deliveries } from './deliveries.ts';
import { type BusEvent, defaultBus, type RuleDocument, rules } from './model.ts';
import { compilePattern } from './pattern.ts';
import { payloadFor } from './payload.ts';
import { newEvent, putEvents } from './put-events.ts';
import { ruleOperations } from './rules.ts';
import { Schedules } from './schedules.ts';
import { targetOperations } from './targets.ts';

/** What a service of the account tells the default bus. */
export type ServiceEvent = Pick<BusEvent, 'detail-type' | 'source' | 'resources' | 'detail'>;

export interface EventsService extends Service {
  /** An event of one of AWS's own services, to the default bus. */
  publish(event: ServiceEvent): void;
  /** Goes on with what a restart interrupted: schedules, and events on their way. */
  resume(): void;
  close(): void;
}

export function eventsService(aws: Aws): EventsService {
  const deliveries = new Deliveries(aws, (bus, event, hops) => publish(bus, event, hops));
  const send = (rule: RuleDocument, event: BusEvent, hops: number) => {
    const now = aws.clock.now();
    for (const target of rule.targets) {
      deliveries.add({
        id: `${event.id}/${rule.arn}/${target.Id}`,
        ruleArn: rule.arn,
        target,
        event,
        payload: payloadFor(target, event, rule, now),
        createdAt: now,
        attempts: 0,
        nextAt: now,
        hops,
      });
    }
  };
  const publish = (bus: string, event: BusEvent, hops = 0) => {
    for (const rule of rules(aws).values()) {
      if (rule.bus !== bus || rule.state === 'DISABLED' || rule.eventPattern === undefined) continue;
      if (compilePattern(rule.eventPattern)(event)) send(rule, event, hops);
    }
  };
  const schedules = new Schedules(aws, rule => {
    const scheduled = {
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      resources: [rule.arn],
      detail: {},
    };
    send(rule, newEvent(aws, scheduled), 0);
  });
  return {
    operations: {
      ...busOperations(aws),
      ...ruleOperations(aws, (bus, name) => schedules.arm(bus, name)),
      ...targetOperations(aws),
      PutEvents: putEvents(aws, publish),
    },
    authorize,
    publish: event => publish(defaultBus, newEvent(aws, event)),
    resume() {
      schedules.resume();
      deliveries.resume();
    },
    close() {
      schedules.close();
      deliveries.close();
    },
  };
}
