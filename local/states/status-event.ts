// The event that tells the account of an execution's new status.
// https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
import type { Aws } from '../service.ts';
import { whyNotRedrivable } from './describe-executions.ts';
import type { ExecutionDocument } from './records.ts';

/** What is longer is left out of the event. */
const largest = 248 * 1024;

export function statusChangeEvent(aws: Aws, execution: ExecutionDocument) {
  const { input, output = null, stopDate = null, error = null, cause = null, redriveDate = null } = execution;
  const escaped = (text: string | null) => (text === null ? 0 : Buffer.byteLength(JSON.stringify(text)));
  const withOutput = escaped(output) <= largest;
  const withInput = escaped(input) + (withOutput ? escaped(output) : 0) <= largest;
  const why = whyNotRedrivable(aws, execution);
  return {
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    resources: [execution.executionArn],
    detail: {
      executionArn: execution.executionArn,
      stateMachineArn: execution.stateMachineArn,
      name: execution.name,
      status: execution.status,
      startDate: execution.startDate,
      stopDate,
      input: withInput ? input : null,
      output: withOutput ? output : null,
      inputDetails: { included: withInput },
      outputDetails: output === null ? null : { included: withOutput },
      error,
      cause,
      stateMachineVersionArn: null,
      stateMachineAliasArn: null,
      redriveCount: execution.redriveCount,
      redriveDate,
      redriveStatus: why === undefined ? 'REDRIVABLE' : 'NOT_REDRIVABLE',
      redriveStatusReason: why ?? null,
    },
  };
}
