// The embedded CloudTrail: LookupEvents over the calls that changed something.
import type * as Sdk from '@aws-sdk/client-cloudtrail';
import { type Aws, type Service, ServiceError } from '../service.ts';
import type { Trail, TrailEvent } from './trail.ts';

const mostResults = 50;

const attributes: Readonly<Record<string, (event: TrailEvent) => string>> = {
  AccessKeyId: ({ accessKeyId }) => accessKeyId,
  EventId: ({ id }) => id,
  EventName: ({ name }) => name,
  EventSource: ({ source }) => source,
  ReadOnly: () => 'false',
  Username: ({ userName }) => userName,
};

const invalid = (code: string, message: string) => new ServiceError(code, 400, message);

// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
function lookUp(aws: Aws, trail: Trail, input: Sdk.LookupEventsRequest): Sdk.LookupEventsResponse {
  const { LookupAttributes = [], StartTime, EndTime, MaxResults = mostResults, NextToken } = input;
  if (LookupAttributes.length > 1)
    throw invalid('InvalidLookupAttributesException', 'You can have only 1 lookup attribute.');
  if (MaxResults < 1 || MaxResults > mostResults)
    throw invalid('InvalidMaxResultsException', `The maximum number of results is 1 to ${mostResults}.`);
  if (StartTime && EndTime && StartTime > EndTime)
    throw invalid('InvalidTimeRangeException', 'The start time is after the end time.');
  const [attribute] = LookupAttributes;
  const read = attribute && attributes[attribute.AttributeKey ?? ''];
  if (attribute && !read)
    throw new ServiceError(
      'NotImplemented',
      501,
      `NotImplemented: cloudtrail:LookupEvents by ${attribute.AttributeKey} is not part of the embedded AWS`,
    );
  const from = NextToken === undefined ? 0 : Number(NextToken);
  if (!Number.isInteger(from)) throw invalid('InvalidNextTokenException', 'The next token is invalid.');
  const now = aws.clock.now();
  const found = trail.events(aws).filter(
    event =>
      event.visibleAt <= now &&
      // Times of events have whole seconds.
      (!StartTime || event.at >= StartTime.getTime() - 999) &&
      (!EndTime || event.at <= EndTime.getTime()) &&
      (!read || read(event) === attribute.AttributeValue),
  );
  const end = from + MaxResults;
  return {
    Events: found.slice(from, end).map(event => ({
      EventId: event.id,
      EventName: event.name,
      ReadOnly: 'false',
      AccessKeyId: event.accessKeyId,
      EventTime: new Date(event.at),
      EventSource: event.source,
      Username: event.userName,
      Resources: [],
      CloudTrailEvent: JSON.stringify(event.document),
    })),
    ...(end < found.length && { NextToken: String(end) }),
  };
}

export const cloudTrailService = (aws: Aws, trail: Trail): Service => ({
  operations: { LookupEvents: (input: Sdk.LookupEventsRequest) => lookUp(aws, trail, input) },
  authorize: operation => [{ action: `cloudtrail:${operation}`, resource: '*' }],
});
