// Who called StartExecution: CloudTrail knows, some minutes later.
import { type CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import type { ArchivedExecution, StartedBy } from '../history/archived-execution.ts';

/** CloudTrail's times have whole seconds, and are those of its own clock. */
const window = 10_000;

/** Of fifty events each: other state machines of the account are started as well. */
const mostPages = 10;

/** What is read of an event in CloudTrail's log format. */
interface LoggedCall {
  readonly userIdentity?: { readonly arn?: string; readonly invokedBy?: string };
  readonly sourceIPAddress?: string;
  readonly responseElements?: { readonly executionArn?: string } | null;
}

/**
 * Undefined while CloudTrail does not know the call: it may take 15 minutes.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
export async function findCaller(
  cloudtrail: CloudTrailClient,
  { executionArn, startedAt }: Pick<ArchivedExecution, 'executionArn' | 'startedAt'>,
): Promise<StartedBy | undefined> {
  const at = Date.parse(startedAt);
  let NextToken: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const found = await cloudtrail.send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'StartExecution' }],
        StartTime: new Date(at - window),
        EndTime: new Date(at + window),
        ...(NextToken !== undefined && { NextToken }),
      }),
    );
    for (const { EventId: eventId = '', CloudTrailEvent = '{}' } of found.Events ?? []) {
      const { userIdentity, responseElements, sourceIPAddress } = JSON.parse(CloudTrailEvent) as LoggedCall;
      const arn = userIdentity?.arn ?? userIdentity?.invokedBy;
      if (responseElements?.executionArn !== executionArn || arn === undefined) continue;
      return { arn, eventId, ...(sourceIPAddress !== undefined && { sourceIpAddress: sourceIPAddress }) };
    }
    NextToken = found.NextToken;
    if (NextToken === undefined) return undefined;
  }
  return undefined;
}
