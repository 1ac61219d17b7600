// The event that asks for an execution, as the execution's input and its place in the queue.
import { createHash } from 'node:crypto';
import { invalidInput } from './errors.ts';
import { fingerprintOf } from './execution-name.ts';
import { parseInput } from './input.ts';

/** What EventBridge says of the event besides its content. */
export interface RequestEvent {
  readonly id: string;
  readonly source: string;
  readonly account: string;
  /** The execution input, as it came. */
  readonly detail: unknown;
}

export type RequestedInput = Readonly<Record<string, unknown>> & {
  readonly clientToken: string;
  readonly requestedBy: string;
};

/** A request in the queue: the message's body. */
export interface QueuedRequest {
  readonly requestId: string;
  readonly input: RequestedInput;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws ServiceProxyError `InvalidInput` with every problem */
export function requestedInput({ id, source, account, detail }: RequestEvent): RequestedInput {
  if (!isObject(detail))
    throw invalidInput([{ path: '$', message: 'the detail of the event must be an object' }]);
  const { clientToken = `event-${id}`, requestedBy = `${source} in ${account}`.slice(0, 256) } = detail;
  const input = { ...detail, clientToken: String(clientToken), requestedBy: String(requestedBy) };
  parseInput({ ...input, clientToken, requestedBy });
  return input;
}

/** Requests for one API are worked off in the order in which they came; an API that is not named has a name all the same. */
export function queueGroupOf({ api }: RequestedInput): string {
  const { id, name = 'service-proxy' } = isObject(api) ? api : {};
  return createHash('sha256')
    .update(id === undefined ? `name ${String(name)}` : `id ${String(id)}`)
    .digest('hex');
}

/** Who asks makes no difference to what is asked for. */
const askedFor = ({ requestedBy: _, ...input }: Readonly<Record<string, unknown>>) => fingerprintOf(input);

export const isSameRequest = (
  one: Readonly<Record<string, unknown>>,
  other: Readonly<Record<string, unknown>>,
) => askedFor(one) === askedFor(other);

/** The queue drops what comes twice; the same token for something else must get through, to be answered. */
export const deduplicationIdOf = (input: RequestedInput) =>
  `${input.clientToken}.${askedFor(input).slice(0, 32)}`;
