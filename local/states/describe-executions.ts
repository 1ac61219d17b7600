// What is said of executions: DescribeExecution, ListExecutions, and the definition each one runs.
import type {
  DescribeExecutionInput,
  DescribeExecutionOutput,
  DescribeStateMachineForExecutionInput,
  ListExecutionsInput,
} from '@aws-sdk/client-sfn';
import type { Aws } from '../service.ts';
import { checkArn, nameIn } from './arns.ts';
import { checkMember, executionMissing, typeNotSupported } from './errors.ts';
import { findMachine, findRevision } from './machines.ts';
import { page } from './paging.ts';
import { type ExecutionDocument, executions, isExpress, machines } from './records.ts';
import { historyLimit } from './run.ts';

const redrivableFor = 14 * 24 * 60 * 60 * 1000;
const statuses = ['SUCCEEDED', 'TIMED_OUT', 'PENDING_REDRIVE', 'ABORTED', 'FAILED', 'RUNNING'];

export function findExecution(aws: Aws, arn: string): ExecutionDocument {
  const document = executions(aws).get(arn);
  if (!document) throw executionMissing(arn);
  return document;
}

export function whyNotRedrivable(
  aws: Aws,
  { status, stopDate = 0, eventCount = 0 }: ExecutionDocument,
): string | undefined {
  if (status === 'RUNNING' || status === 'SUCCEEDED') return `Execution is ${status} and cannot be redriven`;
  if (stopDate + redrivableFor < aws.clock.now()) return 'Execution redrive period exceeded';
  if (eventCount >= historyLimit - 1) return 'Execution history event limit exceeded';
  return undefined;
}

export const describeExecutionOperations = (aws: Aws) => ({
  DescribeExecution: (given: DescribeExecutionInput): DescribeExecutionOutput => {
    const document = findExecution(aws, checkArn('executionArn', given.executionArn, 'execution'));
    const {
      startDate,
      stopDate,
      redriveDate,
      revisionId: _r,
      eventCount: _c,
      input,
      output,
      ...rest
    } = document;
    const isWhole = given.includedData !== 'METADATA_ONLY';
    const why = whyNotRedrivable(aws, document);
    return {
      ...rest,
      startDate: new Date(startDate),
      ...(stopDate !== undefined && { stopDate: new Date(stopDate) }),
      ...(redriveDate !== undefined && { redriveDate: new Date(redriveDate) }),
      ...(isWhole && { input }),
      inputDetails: { included: isWhole },
      ...(output !== undefined && { ...(isWhole && { output }), outputDetails: { included: isWhole } }),
      redriveStatus: why === undefined ? 'REDRIVABLE' : 'NOT_REDRIVABLE',
      ...(why !== undefined && { redriveStatusReason: why }),
    };
  },

  DescribeStateMachineForExecution: (given: DescribeStateMachineForExecutionInput) => {
    const document = findExecution(aws, checkArn('executionArn', given.executionArn, 'execution'));
    const { stateMachineArn, revisionId } = document;
    const { updateDate, ...revision } = findRevision(aws, stateMachineArn, revisionId);
    const machine = machines(aws).get(stateMachineArn);
    return {
      stateMachineArn,
      name: nameIn(stateMachineArn),
      ...revision,
      revisionId,
      updateDate: new Date(updateDate),
      loggingConfiguration: machine?.loggingConfiguration,
      tracingConfiguration: machine?.tracingConfiguration,
    };
  },

  ListExecutions: (given: ListExecutionsInput) => {
    checkMember('statusFilter', given.statusFilter, statuses);
    const arn = checkArn('stateMachineArn', given.stateMachineArn, 'stateMachine');
    if (isExpress(findMachine(aws, arn))) throw typeNotSupported();
    const { redriveFilter: redrive, statusFilter: status } = given;
    checkMember('redriveFilter', redrive, ['REDRIVEN', 'NOT_REDRIVEN']);
    const found = [...executions(aws).values()]
      .filter(execution => execution.stateMachineArn === arn)
      .filter(execution => !status || execution.status === status)
      .filter(execution => !redrive || execution.redriveCount > 0 === (redrive === 'REDRIVEN'))
      .sort((one, other) => other.startDate - one.startDate);
    const { items, ...next } = page(found, given);
    return { executions: items.map(listItem), ...next };
  },
});

function listItem(document: ExecutionDocument) {
  const {
    executionArn: arn,
    stateMachineArn,
    name,
    status,
    startDate,
    stopDate,
    redriveCount,
    redriveDate,
  } = document;
  return {
    executionArn: arn,
    stateMachineArn,
    name,
    status,
    startDate: new Date(startDate),
    ...(stopDate !== undefined && { stopDate: new Date(stopDate) }),
    redriveCount,
    ...(redriveDate !== undefined && { redriveDate: new Date(redriveDate) }),
  };
}
