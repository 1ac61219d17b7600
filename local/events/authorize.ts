// What IAM must allow before an operation of EventBridge runs.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
import type { PutEventsRequestEntry, Target } from '@aws-sdk/client-eventbridge';
import type { Authorization, CallContext } from '../service.ts';
import { busArn, busName, ruleArn } from './model.ts';

type Input = Readonly<Record<string, unknown>>;

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);

export function authorize(operation: string, input: Input, { aws }: CallContext): readonly Authorization[] {
  const action = `events:${operation}`;
  const bus = busName(text(input.EventBusName));
  if (operation === 'PutEvents') {
    return entriesOf(input).map(({ EventBusName, Source = '', DetailType = '' }) => ({
      action,
      resource: busArn(aws, busName(EventBusName)),
      conditions: { 'events:source': Source, 'events:detail-type': DetailType },
    }));
  }
  if (operation === 'TestEventPattern' || operation === 'ListEventBuses') return [{ action, resource: '*' }];
  if (operation.endsWith('EventBus')) return [{ action, resource: busArn(aws, busName(text(input.Name))) }];
  const name = text(input.Rule) ?? text(input.Name);
  const resource = name === undefined ? busArn(aws, bus) : ruleArn(aws, bus, name);
  return [{ action, resource }, ...passedRoles(input).map(passRole)];
}

const entriesOf = ({ Entries }: Input): readonly PutEventsRequestEntry[] =>
  Array.isArray(Entries) ? Entries : [];

const targetsOf = ({ Targets }: Input): readonly Target[] => (Array.isArray(Targets) ? Targets : []);

const passedRoles = (input: Input) =>
  [input.RoleArn, ...targetsOf(input).map(({ RoleArn }) => RoleArn)].filter(
    (arn): arn is string => typeof arn === 'string',
  );

const passRole = (resource: string): Authorization => ({
  action: 'iam:PassRole',
  resource,
  conditions: { 'iam:PassedToService': 'events.amazonaws.com' },
});
