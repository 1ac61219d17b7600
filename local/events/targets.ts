// The targets of a rule: PutTargets, ListTargetsByRule, RemoveTargets.
import type * as Sdk from '@aws-sdk/client-eventbridge';
import type { Aws, Operation } from '../service.ts';
import { limitExceeded, notImplemented, validation, violated } from './errors.ts';
import { findBus, findRule, type RuleDocument, ruleKey, rules } from './model.ts';
import { page } from './paging.ts';
import { checkPayload } from './payload.ts';

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const targetsPerRule = 5;

export type TargetKind = 'states' | 'sqs' | 'lambda' | 'events';

/** What kind of target an ARN names. */
export function kindOf(arn: string): TargetKind | undefined {
  if (/^arn:[\w-]+:states:[\w-]+:\d{12}:stateMachine:[^:]+$/.test(arn)) return 'states';
  if (/^arn:[\w-]+:sqs:[\w-]+:\d{12}:[\w.-]+$/.test(arn)) return 'sqs';
  if (/^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:.+$/.test(arn)) return 'lambda';
  if (/^arn:[\w-]+:events:[\w-]+:\d{12}:event-bus\/.+$/.test(arn)) return 'events';
  return undefined;
}

const known = new Set([
  'Id',
  'Arn',
  'RoleArn',
  'Input',
  'InputPath',
  'InputTransformer',
  'SqsParameters',
  'RetryPolicy',
  'DeadLetterConfig',
]);

export function targetOperations(aws: Aws): Record<string, Operation> {
  const ruleOf = ({ Rule = '', EventBusName }: Pick<Sdk.PutTargetsRequest, 'Rule' | 'EventBusName'>) =>
    findRule(aws, findBus(aws, EventBusName).name, Rule);
  const save = (rule: RuleDocument, targets: readonly Sdk.Target[]) =>
    rules(aws).set(ruleKey(rule.bus, rule.name), { ...rule, targets });
  return {
    PutTargets(input: Sdk.PutTargetsRequest): Sdk.PutTargetsResponse {
      const rule = ruleOf(input);
      const given = input.Targets ?? [];
      for (const target of given) checkTarget(target);
      const ids = new Set(given.map(({ Id }) => Id));
      const targets = [...rule.targets.filter(({ Id }) => !ids.has(Id)), ...given];
      if (targets.length > targetsPerRule) throw limitExceeded();
      save(rule, targets);
      return { FailedEntryCount: 0, FailedEntries: [] };
    },

    ListTargetsByRule(input: Sdk.ListTargetsByRuleRequest): Sdk.ListTargetsByRuleResponse {
      const { items, ...next } = page(ruleOf(input).targets, input);
      return { Targets: [...items], ...next };
    },

    RemoveTargets(input: Sdk.RemoveTargetsRequest): Sdk.RemoveTargetsResponse {
      const rule = ruleOf(input);
      const ids = new Set(input.Ids);
      save(
        rule,
        rule.targets.filter(({ Id = '' }) => !ids.has(Id)),
      );
      const missing = [...ids].filter(id => rule.targets.every(({ Id }) => Id !== id));
      const FailedEntries = missing.map(TargetId => ({
        TargetId,
        ErrorCode: 'ResourceNotFoundException',
        ErrorMessage: `Rule ${rule.name} does not have a target with the Id ${TargetId}.`,
      }));
      return { FailedEntryCount: FailedEntries.length, FailedEntries };
    },
  };
}

function checkTarget(target: Sdk.Target): void {
  const { Id = '', Arn = '', RoleArn, SqsParameters, RetryPolicy } = target;
  if (!/^[\w.-]{1,64}$/.test(Id)) {
    throw violated('id', Id, 'Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+');
  }
  if (!Arn.startsWith('arn:')) {
    throw validation(`Parameter ${Arn} is not valid. Reason: Provided Arn is not in correct format.`);
  }
  const unknown = Object.entries(target).find(([name, value]) => value !== undefined && !known.has(name));
  if (unknown) throw notImplemented(`${unknown[0]} of a target`);
  const kind = kindOf(Arn);
  if (!kind) throw notImplemented(`the target ${Arn}`);
  if (RoleArn === undefined && (kind === 'states' || kind === 'events')) {
    throw validation(`RoleArn is required for target ${Arn}.`);
  }
  if (Arn.endsWith('.fifo') && SqsParameters?.MessageGroupId === undefined) {
    throw validation(`Parameter(s) SqsParameters must be specified for target: ${Id}.`);
  }
  checkRetries(RetryPolicy ?? {});
  checkPayload(target);
}

function checkRetries({ MaximumRetryAttempts: tries, MaximumEventAgeInSeconds: age }: Sdk.RetryPolicy): void {
  if (tries !== undefined && (tries < 0 || tries > 185)) {
    throw violated('retryPolicy.maximumRetryAttempts', tries, 'Member must have value between 0 and 185');
  }
  if (age !== undefined && (age < 60 || age > 86_400)) {
    throw violated(
      'retryPolicy.maximumEventAgeInSeconds',
      age,
      'Member must have value between 60 and 86400',
    );
  }
}
