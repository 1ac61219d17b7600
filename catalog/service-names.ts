// Which service a name means: the catalog's id, a name the models give it, or one that people use.
import { nearest } from '../core/nearest.ts';

export interface NamedService {
  readonly service: string;
  readonly names: readonly string[];
}

/** Names people use that no model states, without spaces and signs. */
const nicknames: Readonly<Record<string, string>> = {
  cloudwatchevents: 'events',
  cloudwatchlogs: 'logs',
  cognito: 'cognito-idp',
  cognitouserpools: 'cognito-idp',
  cwlogs: 'logs',
  ddb: 'dynamodb',
  dynamo: 'dynamodb',
  elasticloadbalancing: 'elbv2',
  eventbridge: 'events',
  kinesisfirehose: 'firehose',
  parameterstore: 'ssm',
  sfn: 'stepfunctions',
  statemachine: 'stepfunctions',
  systemsmanager: 'ssm',
};

/** `Amazon Simple Notification Service (SNS)`, `amazon-sns` and `SNS` are the same without what surrounds them. */
const plain = (name: string): string => {
  const letters = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return letters.replace(/^(?:amazon|aws)(?=.)/, '');
};

/** A name that several services share means the one of that id. */
export function serviceId(name: string, services: readonly NamedService[]): string | undefined {
  const wanted = plain(name);
  if (wanted === '') return undefined;
  const byId = services.find(({ service }) => plain(service) === wanted);
  if (byId) return byId.service;
  const nickname = Object.hasOwn(nicknames, wanted) ? nicknames[wanted] : undefined;
  if (nickname !== undefined && services.some(({ service }) => service === nickname)) return nickname;
  const named = services.filter(({ names }) => names.some(one => plain(one) === wanted));
  return named.length === 1 ? named[0]?.service : undefined;
}

export function nearestServices(name: string, services: readonly NamedService[]): string[] {
  const owners = new Map<string, string>(Object.entries(nicknames));
  for (const { service, names } of services) {
    for (const one of [service, ...names]) if (!owners.has(one)) owners.set(one, service);
  }
  const sharing = services.filter(({ names }) => names.some(one => plain(one) === plain(name)));
  const near = nearest(name, owners.keys()).map(one => owners.get(one) ?? one);
  return [...new Set([...sharing.map(({ service }) => service), ...near])].slice(0, 5);
}
