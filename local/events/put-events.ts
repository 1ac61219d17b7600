// PutEvents: each entry is accepted or refused for itself.
import type * as Sdk from '@aws-sdk/client-eventbridge';
import type { Aws } from '../service.ts';
import { validation } from './errors.ts';
import { type BusEvent, buses, busName, defaultBus } from './model.ts';

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html */
const largestRequest = 262_144;

type Entry = Sdk.PutEventsRequestEntry;
type Refusal = { readonly ErrorCode: string; readonly ErrorMessage: string };

export function putEvents(aws: Aws, publish: (bus: string, event: BusEvent) => void) {
  return ({ Entries = [], EndpointId }: Sdk.PutEventsRequest): Sdk.PutEventsResponse => {
    checkEntries(Entries);
    if (EndpointId !== undefined) throw validation('EndpointId is not valid: there are no global endpoints.');
    const results = Entries.map(entry => {
      const refusal = refusalOf(aws, entry);
      if (refusal) return refusal;
      const event = eventOf(aws, entry);
      publish(busName(entry.EventBusName), event);
      return { EventId: event.id };
    });
    return { FailedEntryCount: results.filter(result => 'ErrorCode' in result).length, Entries: results };
  };
}

function checkEntries(entries: readonly Entry[]): void {
  const failed = (constraint: string) =>
    validation(
      `1 validation error detected: Value '${JSON.stringify(entries).slice(0, 200)}' at 'entries' failed to satisfy constraint: ${constraint}`,
    );
  if (entries.length === 0) throw failed('Member must have length greater than or equal to 1');
  if (entries.length > 10) throw failed('Member must have length less than or equal to 10');
  if (entries.reduce((total, entry) => total + sizeOf(entry), 0) > largestRequest) {
    throw validation('Total size of the entries in the request is over the limit.');
  }
}

/** What AWS counts: the time as 14 bytes, and the texts. */
function sizeOf({ Time, Source, DetailType, Detail, Resources = [] }: Entry): number {
  const texts = [Source, DetailType, Detail, ...Resources].map(text => Buffer.byteLength(text ?? ''));
  return texts.reduce((total, size) => total + size, Time === undefined ? 0 : 14);
}

function refusalOf(aws: Aws, { Source, DetailType, Detail, EventBusName }: Entry): Refusal | undefined {
  const missing = Object.entries({ Source, DetailType, Detail }).find(([, value]) => !value);
  if (missing) {
    const [name] = missing;
    const ErrorMessage = `Parameter ${name} is not valid. Reason: ${name} is a required argument.`;
    return { ErrorCode: 'InvalidArgument', ErrorMessage };
  }
  if (Source?.startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSource', ErrorMessage: 'Not authorized for the source.' };
  }
  if (!isJsonObject(Detail ?? ''))
    return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  const bus = busName(EventBusName);
  if (bus !== defaultBus && !buses(aws).has(bus)) {
    return { ErrorCode: 'ResourceNotFoundException', ErrorMessage: `Event bus ${bus} does not exist.` };
  }
  return undefined;
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function eventOf(aws: Aws, { Source, DetailType, Detail, Time, Resources }: Entry): BusEvent {
  return newEvent(aws, {
    'detail-type': DetailType ?? '',
    source: Source ?? '',
    resources: Resources ?? [],
    detail: JSON.parse(Detail ?? '{}'),
    ...(Time !== undefined && { time: toSeconds(Number(Time)) }),
  });
}

const toSeconds = (milliseconds: number) => new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');

export function newEvent(
  aws: Aws,
  given: Pick<BusEvent, 'detail-type' | 'source' | 'resources' | 'detail'> & { readonly time?: string },
): BusEvent {
  return {
    version: '0',
    id: aws.ids.uuid(),
    'detail-type': given['detail-type'],
    source: given.source,
    account: aws.account,
    time: given.time ?? toSeconds(aws.clock.now()),
    region: aws.region,
    resources: given.resources,
    detail: given.detail,
  };
}
