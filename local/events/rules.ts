// Rules: PutRule and what reads, lists, enables and deletes them, and TestEventPattern.
import type * as Sdk from '@aws-sdk/client-eventbridge';
import type { Aws, Operation } from '../service.ts';
import { validation, violated } from './errors.ts';
import {
  busName,
  defaultBus,
  findBus,
  findRule,
  type RuleDocument,
  ruleArn,
  ruleKey,
  rules,
} from './model.ts';
import { page } from './paging.ts';
import { compilePattern } from './pattern.ts';
import { readSchedule } from './schedule.ts';

const describe = (rule: RuleDocument) => ({
  Name: rule.name,
  Arn: rule.arn,
  EventBusName: rule.bus,
  State: rule.state,
  ...(rule.eventPattern !== undefined && { EventPattern: rule.eventPattern }),
  ...(rule.scheduleExpression !== undefined && { ScheduleExpression: rule.scheduleExpression }),
  ...(rule.description !== undefined && { Description: rule.description }),
  ...(rule.roleArn !== undefined && { RoleArn: rule.roleArn }),
});

/** `onChange` is told of every rule that has been put, switched or deleted. */
export function ruleOperations(
  aws: Aws,
  onChange: (bus: string, name: string) => void,
): Record<string, Operation> {
  const change = (rule: RuleDocument) => {
    rules(aws).set(ruleKey(rule.bus, rule.name), rule);
    onChange(rule.bus, rule.name);
  };
  const switchTo = (state: Sdk.RuleState) => (input: Sdk.EnableRuleRequest) => {
    change({ ...findRule(aws, findBus(aws, input.EventBusName).name, input.Name ?? ''), state });
    return {};
  };
  return {
    PutRule(input: Sdk.PutRuleRequest): Sdk.PutRuleResponse {
      const rule = ruleFrom(aws, input);
      change(rule);
      return { RuleArn: rule.arn };
    },

    DescribeRule: ({ Name = '', EventBusName }: Sdk.DescribeRuleRequest): Sdk.DescribeRuleResponse => ({
      ...describe(findRule(aws, findBus(aws, EventBusName).name, Name)),
      CreatedBy: aws.account,
    }),

    ListRules(input: Sdk.ListRulesRequest): Sdk.ListRulesResponse {
      const bus = findBus(aws, input.EventBusName).name;
      const found = [...rules(aws).values()]
        .filter(rule => rule.bus === bus && rule.name.startsWith(input.NamePrefix ?? ''))
        .sort((one, other) => (one.name < other.name ? -1 : 1));
      const { items, ...next } = page(found, input);
      return { Rules: items.map(describe), ...next };
    },

    // What is not there counts as deleted.
    DeleteRule({ Name = '', EventBusName }: Sdk.DeleteRuleRequest): object {
      const bus = busName(EventBusName);
      const rule = rules(aws).get(ruleKey(bus, Name));
      if (rule && rule.targets.length > 0) throw validation("Rule can't be deleted since it has targets.");
      rules(aws).delete(ruleKey(bus, Name));
      onChange(bus, Name);
      return {};
    },

    EnableRule: switchTo('ENABLED'),
    DisableRule: switchTo('DISABLED'),

    TestEventPattern({ Event = '', EventPattern = '' }: Sdk.TestEventPatternRequest) {
      const test = compilePattern(EventPattern);
      return { Result: test(eventOf(Event)) };
    },
  };
}

function ruleFrom(aws: Aws, input: Sdk.PutRuleRequest): RuleDocument {
  const {
    Name = '',
    EventPattern,
    ScheduleExpression,
    State = 'ENABLED',
    Description,
    RoleArn,
    Tags,
  } = input;
  if (!/^[\w.-]{1,64}$/.test(Name)) {
    throw violated('name', Name, 'Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+');
  }
  const bus = findBus(aws, input.EventBusName).name;
  if (EventPattern === undefined && ScheduleExpression === undefined) {
    throw validation('Parameter(s) EventPattern or ScheduleExpression must be specified.');
  }
  if (EventPattern !== undefined) compilePattern(EventPattern);
  if (ScheduleExpression !== undefined) {
    readSchedule(ScheduleExpression);
    if (bus !== defaultBus)
      throw validation('ScheduleExpression is supported only on the default event bus.');
  }
  const existing = rules(aws).get(ruleKey(bus, Name));
  return {
    name: Name,
    bus,
    arn: ruleArn(aws, bus, Name),
    ...(EventPattern !== undefined && { eventPattern: EventPattern }),
    ...(ScheduleExpression !== undefined && { scheduleExpression: ScheduleExpression }),
    state: State,
    ...(Description !== undefined && { description: Description }),
    ...(RoleArn !== undefined && { roleArn: RoleArn }),
    targets: existing?.targets ?? [],
    createdAt: existing?.createdAt ?? aws.clock.now(),
    tags: existing?.tags ?? Tags ?? [],
  };
}

const required = ['id', 'account', 'source', 'time', 'region', 'detail-type'];

function eventOf(text: string): unknown {
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    throw validation('Parameter Event is not valid. Reason: Invalid JSON');
  }
  const missing = required.filter(
    name => typeof event !== 'object' || event === null || !Object.hasOwn(event, name),
  );
  if (missing.length > 0) {
    throw validation(`Parameter Event is not valid. Reason: missing ${missing.join(', ')}`);
  }
  return event;
}
