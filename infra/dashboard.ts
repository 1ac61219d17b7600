// One page for who is on call: the alarms, then executions, functions and ledger.
import { AlarmStatusWidget, Dashboard, GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';

export interface DashboardContent {
  readonly alarms: Alarms;
  readonly machines: readonly StateMachine[];
  readonly functions: readonly LambdaFunction[];
  readonly ledger: Table;
}

const graph = (title: string, left: IMetric[], width = 12) => new GraphWidget({ title, left, width });

export function addDashboard(
  scope: Construct,
  { alarms, machines, functions, ledger }: DashboardContent,
): void {
  const executions = machines.map(machine => {
    const ended = [
      machine.metricSucceeded(),
      machine.metricFailed(),
      machine.metricTimedOut(),
      machine.metricAborted(),
    ];
    const times = ['p50', 'p99', 'Maximum'].map(statistic =>
      machine.metricTime({ statistic, label: statistic }),
    );
    const { id } = machine.node.scope?.node ?? machine.node;
    return [graph(id, [machine.metricStarted(), ...ended]), graph(`Time of ${id}`, times)];
  });
  const labelled = (made: LambdaFunction) => ({ label: made.node.id });
  new Dashboard(scope, 'Dashboard', {
    widgets: [
      [new AlarmStatusWidget({ title: 'Alarms', alarms: alarms.all, width: 24 })],
      ...executions,
      [
        graph(
          'Longest invocation',
          functions.map(made => made.metricDuration({ statistic: 'Maximum', ...labelled(made) })),
        ),
        graph(
          'Attempts that failed',
          functions.map(made => made.metricErrors(labelled(made))),
        ),
      ],
      [
        graph('Ledger', [
          ledger.metricConsumedReadCapacityUnits(),
          ledger.metricConsumedWriteCapacityUnits(),
        ]),
        graph('Undelivered messages', [alarms.undelivered.metricApproximateNumberOfMessagesVisible()]),
      ],
    ],
  });
}
