// Provisioning by events: its functions with what each may do, its queues, and the rules that feed it.
import { eventSource, requestDetailType } from '../core/event-names.ts';
import { rollbackStateMachineName } from '../core/failure.ts';
import { allow, type Permission } from '../core/step.ts';
import { ledger } from '../handlers/permissions.ts';
import { stateMachineName } from './settings.ts';

/** The FIFO queue between events and executions. */
export const requestQueueName = (functionPrefix: string) => `${functionPrefix}requests.fifo`;

/** As long as an execution may take, in looks at it: SQS allows a thousand. */
export const mostReceives = 1000;

export interface RequestFunctionSetup {
  readonly name: 'ReceiveRequest' | 'StartRequest' | 'PublishOutcome';
  /** Source file without its ending. */
  readonly file: string;
  readonly timeoutSeconds: number;
  readonly permissions: readonly Permission[];
}

/** Step Functions asks for this ARN where an alias is started too (its guide: "Authorization for versions and aliases"). */
const machine = `arn:{partition}:states:{region}:{account}:stateMachine:${stateMachineName}`;
const executionsOf = (machine: string) => `arn:{partition}:states:{region}:{account}:execution:${machine}:*`;

const describesExecutions = allow(
  ['states:DescribeExecution'],
  [executionsOf(stateMachineName), executionsOf(rollbackStateMachineName)],
);
const describesRequested = allow(['states:DescribeExecution'], [executionsOf(stateMachineName)]);

export function requestFunctions(eventBus: string, functionPrefix: string): readonly RequestFunctionSetup[] {
  const queue = `arn:{partition}:sqs:{region}:{account}:${requestQueueName(functionPrefix)}`;
  const putsEvents = allow(
    ['events:PutEvents'],
    [`arn:{partition}:events:{region}:{account}:event-bus/${eventBus}`],
    { StringEquals: { 'events:source': eventSource } },
  );
  return [
    {
      name: 'ReceiveRequest',
      file: 'receive-request',
      timeoutSeconds: 30,
      permissions: [allow(['sqs:SendMessage'], [queue]), describesRequested, putsEvents],
    },
    {
      name: 'StartRequest',
      file: 'start-request',
      timeoutSeconds: 5,
      permissions: [
        allow(['states:StartExecution'], [machine]),
        describesRequested,
        putsEvents,
        allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [queue]),
      ],
    },
    {
      name: 'PublishOutcome',
      file: 'publish-outcome',
      timeoutSeconds: 30,
      permissions: [describesExecutions, putsEvents, ledger('GetItem')],
    },
  ];
}

export const requestPattern = { 'detail-type': [requestDetailType] };

export const endedPattern = (stateMachineArns: readonly string[]) => ({
  source: ['aws.states'],
  'detail-type': ['Step Functions Execution Status Change'],
  detail: { status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'], stateMachineArn: stateMachineArns },
});
