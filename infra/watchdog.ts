// Gives the watchdog the end of every execution that did not succeed, and sweeps every hour for what it missed.
import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { sweepRule } from '../statemachine/rules.ts';

export interface WatchdogProps {
  readonly stateMachine: StateMachine;
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  readonly undelivered: IQueue;
}

export function addWatchdog(scope: Construct, { stateMachine, functions, undelivered }: WatchdogProps): void {
  const called = functions.get('Watchdog');
  if (!called) throw new Error('there is no function Watchdog');
  const rule = new Rule(scope, 'WatchdogRule', {
    description: 'Executions that may have ended without their rollback',
    eventPattern: {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: {
        stateMachineArn: [stateMachine.stateMachineArn],
        status: ['FAILED', 'ABORTED', 'TIMED_OUT'],
      },
    },
  });
  rule.addTarget(
    new LambdaTarget(called, {
      deadLetterQueue: undelivered,
      maxEventAge: Duration.hours(24),
      retryAttempts: 185,
    }),
  );

  const swept = functions.get('Sweep');
  if (!swept) throw new Error('there is no function Sweep');
  const schedule = new Rule(scope, 'SweepRule', {
    description: 'Dead executions, orphans and changes by hand',
    schedule: Schedule.expression(sweepRule.scheduleExpression ?? ''),
  });
  const event = RuleTargetInput.fromObject({ stateMachineArn: stateMachine.stateMachineArn });
  schedule.addTarget(new LambdaTarget(swept, { event, deadLetterQueue: undelivered, retryAttempts: 2 }));
}
