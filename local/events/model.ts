// The documents EventBridge keeps in the account: buses, rules with their targets, and events on their way.
import type { RuleState, Tag, Target } from '@aws-sdk/client-eventbridge';
import type { Aws } from '../service.ts';
import type { Collection } from '../store.ts';
import { busMissing, ruleMissing } from './errors.ts';

/** An event as its targets receive it. */
export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

export interface BusDocument {
  readonly name: string;
  readonly arn: string;
  readonly description?: string;
  readonly createdAt: number;
  readonly tags: readonly Tag[];
}

export interface RuleDocument {
  readonly name: string;
  readonly bus: string;
  readonly arn: string;
  readonly eventPattern?: string;
  readonly scheduleExpression?: string;
  readonly state: RuleState;
  readonly description?: string;
  readonly roleArn?: string;
  readonly targets: readonly Target[];
  readonly createdAt: number;
  readonly tags: readonly Tag[];
}

/** One event for one target: kept until it has been delivered or given up. */
export interface DeliveryDocument {
  readonly id: string;
  readonly ruleArn: string;
  readonly target: Target;
  readonly event: BusEvent;
  /** What the target gets: JSON text. */
  readonly payload: string;
  readonly createdAt: number;
  readonly attempts: number;
  readonly nextAt: number;
  /** How many buses it has come over: EventBridge passes an event on only once. */
  readonly hops: number;
}

export const buses = (aws: Aws): Collection<BusDocument> => aws.store.collection('events/buses');
/** By bus and name. */
export const rules = (aws: Aws): Collection<RuleDocument> => aws.store.collection('events/rules');
export const deliveries = (aws: Aws): Collection<DeliveryDocument> =>
  aws.store.collection('events/deliveries');

export const defaultBus = 'default';

const prefix = ({ partition, region, account }: Aws) => `arn:${partition}:events:${region}:${account}:`;
export const busArn = (aws: Aws, name: string) => `${prefix(aws)}event-bus/${name}`;
export const ruleArn = (aws: Aws, bus: string, name: string) =>
  `${prefix(aws)}rule/${bus === defaultBus ? '' : `${bus}/`}${name}`;

/** A bus is named by its name or its ARN. */
export const busName = (nameOrArn: string = defaultBus) => nameOrArn.replace(/^arn:.*:event-bus\//, '');

/** Every account has the default bus from its first day. */
export function findBus(aws: Aws, nameOrArn?: string): BusDocument {
  const name = busName(nameOrArn);
  const bus = buses(aws).get(name);
  if (bus) return bus;
  if (name === defaultBus) return { name, arn: busArn(aws, name), createdAt: 0, tags: [] };
  throw busMissing(name);
}

export const ruleKey = (bus: string, name: string) => `${bus}/${name}`;

export function findRule(aws: Aws, bus: string, name: string): RuleDocument {
  const rule = rules(aws).get(ruleKey(bus, name));
  if (!rule) throw ruleMissing(name, bus);
  return rule;
}
