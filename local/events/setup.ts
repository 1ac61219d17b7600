// The rules that an embedded account has from the start, each with a role or a policy for its targets.
import type { Target } from '@aws-sdk/client-eventbridge';
import { resourcePolicies } from '../lambda/model.ts';
import type { Aws, Service } from '../service.ts';
import { ensureRole, rootCall } from '../setup.ts';
import { defaultBus, ruleArn } from './model.ts';

export interface RuleSetup {
  readonly name: string;
  readonly eventPattern?: object;
  readonly scheduleExpression?: string;
  readonly targets: readonly TargetSetup[];
}

/** A target by its name in this account; a queue's own policy has to let EventBridge send. */
export interface TargetSetup
  extends Pick<
    Target,
    'Input' | 'InputPath' | 'InputTransformer' | 'RetryPolicy' | 'SqsParameters' | 'DeadLetterConfig'
  > {
  readonly kind: 'stateMachine' | 'function' | 'queue';
  readonly name: string;
}

/** Makes the rules; one that is there already gets the pattern and the targets it should have now. */
export async function ensureRules(aws: Aws, events: Service, rules: readonly RuleSetup[]): Promise<void> {
  for (const { name, eventPattern, scheduleExpression, targets } of rules) {
    const call = rootCall(aws);
    const EventPattern = eventPattern && JSON.stringify(eventPattern);
    await events.operations.PutRule?.(
      { Name: name, EventPattern, ScheduleExpression: scheduleExpression },
      call,
    );
    const Targets = targets.map(target => targetOf(aws, name, target));
    await events.operations.PutTargets?.({ Rule: name, Targets }, call);
  }
}

function targetOf(aws: Aws, rule: string, { kind, name, ...given }: TargetSetup): Target {
  const arn = (service: string, resource: string) =>
    `arn:${aws.partition}:${service}:${aws.region}:${aws.account}:${resource}`;
  switch (kind) {
    case 'queue':
      return { Id: name.replace(/\W/g, '-'), Arn: arn('sqs', name), ...given };
    case 'function':
      letInvoke(aws, name, ruleArn(aws, defaultBus, rule));
      return { Id: name, Arn: arn('lambda', `function:${name}`), ...given };
    case 'stateMachine': {
      const Arn = arn('states', `stateMachine:${name}`);
      return { Id: name, Arn, RoleArn: roleToStart(aws, rule, Arn), ...given };
    }
    default:
      return kind satisfies never;
  }
}

function roleToStart(aws: Aws, rule: string, Resource: string): string {
  const Statement = [{ Effect: 'Allow', Action: 'states:StartExecution', Resource }];
  return ensureRole(aws, {
    name: `${rule}Role`,
    path: '/service-proxy-rules/',
    servicePrincipal: 'events.amazonaws.com',
    policy: { Version: '2012-10-17', Statement },
  });
}

function letInvoke(aws: Aws, name: string, sourceArn: string): void {
  const sid = `rule-${sourceArn.slice(sourceArn.lastIndexOf('/') + 1)}`;
  const statements = resourcePolicies(aws).get(name)?.statements ?? [];
  if (statements.some(({ Sid }) => Sid === sid)) return;
  const statement = {
    Sid: sid,
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'lambda:InvokeFunction',
    Resource: `arn:${aws.partition}:lambda:${aws.region}:${aws.account}:function:${name}`,
    Condition: { ArnLike: { 'AWS:SourceArn': sourceArn } },
  } as const;
  resourcePolicies(aws).set(name, { revisionId: aws.ids.uuid(), statements: [...statements, statement] });
}
