// What wakes somebody up: one topic, and an alarm for each way the product can fail its promises.
import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventField, Match, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Configuration } from './configuration.ts';

export interface AlarmsProps {
  readonly config: Configuration;
  readonly key: IKey | undefined;
  readonly machines: readonly StateMachine[];
  readonly ledger: Table;
}

/** CloudWatch alarms on an expression take ten metrics at most. */
const metricsInAlarm = 10;

const sum = { statistic: 'Sum', period: Duration.minutes(5) };

export class Alarms extends Construct {
  readonly topic: ITopic;
  /** Events that reached no target. */
  readonly undelivered: Queue;
  readonly all: Alarm[] = [];
  private readonly action: SnsAction;

  constructor(scope: Construct, id: string, { config, key, machines, ledger }: AlarmsProps) {
    super(scope, id);
    this.topic = this.makeTopic(config, key);
    this.action = new SnsAction(this.topic);
    this.undelivered = this.makeQueue('Undelivered', key);
    this.watchRollbacks(machines);
    for (const machine of machines) this.watchExecutions(machine);
    this.watchLedger(ledger);
  }

  /** A dead-letter queue, with an alarm as soon as a message is in it. */
  makeQueue(id: string, key: IKey | undefined, { fifo = false } = {}): Queue {
    const queue = new Queue(this, id, {
      ...(fifo && { fifo }),
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      ...(key
        ? { encryption: QueueEncryption.KMS, encryptionMasterKey: key }
        : { encryption: QueueEncryption.SQS_MANAGED }),
    });
    const visible = queue.metricApproximateNumberOfMessagesVisible({
      statistic: 'Maximum',
      period: sum.period,
    });
    this.alarm(`${id}NotEmpty`, visible, `Messages that could not be delivered wait in ${queue.queueName}`);
    return queue;
  }

  alarm(id: string, metric: Metric | MathExpression, alarmDescription: string, threshold = 1): void {
    const alarm = metric.createAlarm(this, id, {
      alarmDescription,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(this.action);
    this.all.push(alarm);
  }

  private makeTopic({ alarmTopic }: Configuration, key: IKey | undefined): ITopic {
    if (alarmTopic !== undefined) return Topic.fromTopicArn(this, 'Topic', alarmTopic);
    const topic = new Topic(this, 'Topic', {
      displayName: 'service-proxy alarms',
      enforceSSL: true,
      ...(key && { masterKey: key }),
    });
    topic.grantPublish(new ServicePrincipal('cloudwatch.amazonaws.com'));
    return topic;
  }

  /** The execution's cause says so; the event about its end carries the cause. */
  private watchRollbacks(machines: readonly StateMachine[]): void {
    const rule = new Rule(this, 'RollbackIncompleteRule', {
      description: 'An execution failed, and something it made is still there',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          stateMachineArn: machines.map(({ stateMachineArn }) => stateMachineArn),
          status: ['FAILED'],
          cause: Match.anyOf(Match.wildcard('*"status":"ROLLBACK_INCOMPLETE"*')),
        },
      },
    });
    const execution = '$.detail.executionArn';
    rule.addTarget(
      new SnsTopic(this.topic, {
        deadLetterQueue: this.undelivered,
        message: RuleTargetInput.fromText(`ROLLBACK_INCOMPLETE: ${EventField.fromPath(execution)}`),
      }),
    );
    const matched = new Metric({
      namespace: 'AWS/Events',
      metricName: 'TriggeredRules',
      dimensionsMap: { RuleName: rule.ruleName },
      ...sum,
    });
    this.alarm('RollbackIncomplete', matched, 'An execution failed, and something it made is still there');
  }

  private watchExecutions(machine: StateMachine): void {
    const { id: name } = machine.node.scope?.node ?? machine.node;
    const ended = {
      Failed: machine.metricFailed(sum),
      TimedOut: machine.metricTimedOut(sum),
      Aborted: machine.metricAborted(sum),
    };
    for (const [how, metric] of Object.entries(ended)) {
      this.alarm(`${name}${how}`, metric, `An execution of ${name} ended ${how}`);
    }
    const longest = machine.metricTime({ statistic: 'Maximum', period: sum.period });
    const anHour = Duration.hours(1).toMilliseconds();
    this.alarm(`${name}Time`, longest, `An execution of ${name} took longer than an hour`, anHour);
    this.alarm(`${name}Throttled`, machine.metricThrottled(sum), `Step Functions holds ${name} back`);
  }

  watchFunctions(functions: readonly LambdaFunction[]): void {
    const throttles = functions.map(made => made.metricThrottles(sum));
    for (let from = 0; from < throttles.length; from += metricsInAlarm) {
      const some = throttles.slice(from, from + metricsInAlarm);
      this.alarm(
        `FunctionsThrottled${from / metricsInAlarm + 1}`,
        sumOf(some),
        'Lambda refuses to run states',
      );
    }
  }

  private watchLedger(ledger: Table): void {
    const ofTable = ['ReadThrottleEvents', 'WriteThrottleEvents'].map(name => ledger.metric(name, sum));
    this.alarm('LedgerThrottled', sumOf(ofTable), 'DynamoDB holds the ledger back');
  }
}

function sumOf(metrics: readonly IMetric[]): MathExpression {
  const usingMetrics = Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric]));
  return new MathExpression({
    expression: Object.keys(usingMetrics).join(' + '),
    usingMetrics,
    period: sum.period,
  });
}
