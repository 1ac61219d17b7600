// Takes note of every AWS call of a function that may change something, without its payload.
import type { InitializeMiddleware, MetadataBearer } from '@smithy/types';
import { firstOf } from '../core/brief.ts';
import { isMutating, type RecordedCall, targetOf } from '../core/recorded-call.ts';
import type { Clients, HttpRequest, HttpResponse } from '../core/step.ts';
import { saveCalls } from './ledger.ts';

/** Bytes of calls that a function returns; the others go into the ledger. A result holds 256 KiB at most. */
const largestReturn = 48_000;

/** What a function's payload is: its output, and beside it what it called on the way. */
interface Returned {
  readonly output: unknown;
  readonly calls: readonly RecordedCall[];
  /** How many further calls the ledger holds. */
  readonly callsInLedger?: number;
}

const answerOf = ({ $metadata = {} }: Partial<MetadataBearer>) => ({
  ...($metadata.httpStatusCode !== undefined && { status: $metadata.httpStatusCode }),
  ...($metadata.requestId !== undefined && { requestId: $metadata.requestId }),
});

/** For an SDK client's middleware stack: appends each call that may change something, once it is answered. */
export function recordingMiddleware<Input extends object, Output extends MetadataBearer>(
  service: string,
  calls: RecordedCall[],
  now: () => number,
): InitializeMiddleware<Input, Output> {
  return (next, { commandName = '' }) => {
    const operation = commandName.replace(/Command$/, '');
    if (!isMutating(operation)) return next;
    return async args => {
      const target = targetOf(args.input);
      const call = {
        at: new Date(now()).toISOString(),
        service,
        operation,
        ...(target !== undefined && { target }),
      };
      try {
        const result = await next(args);
        calls.push({ ...call, ...answerOf(result.output) });
        return result;
      } catch (error) {
        const name = error instanceof Error ? error.name : 'UnknownError';
        calls.push({ ...call, ...answerOf(error as Partial<MetadataBearer>), error: name });
        throw error;
      }
    };
  };
}

type Send = (request: HttpRequest) => Promise<HttpResponse>;

/** The same for requests to deployed routes: path without query, for a query may be anything. */
export function recordingSend(send: Send, calls: RecordedCall[], now: () => number): Send {
  return async request => {
    if (request.method === 'GET' || request.method === 'HEAD') return send(request);
    const { host, pathname } = new URL(request.url);
    const call = {
      at: new Date(now()).toISOString(),
      service: 'execute-api',
      operation: 'Invoke',
      target: `${request.method} ${host}${pathname}`.slice(0, 256),
    };
    try {
      const response = await send(request);
      const requestId = response.headers['x-amzn-requestid'];
      calls.push({ ...call, status: response.status, ...(requestId !== undefined && { requestId }) });
      return response;
    } catch (error) {
      calls.push({ ...call, error: error instanceof Error ? error.name : 'UnknownError' });
      throw error;
    }
  };
}

/** Who calls, and in which attempt. */
interface Calling {
  readonly executionName: string;
  readonly state: string;
  readonly attempt: number;
}

/**
 * Runs a function's work and returns its calls beside its output. Those of an attempt that fails go into the ledger:
 * a failure has no place for them.
 */
export async function recorded(
  clients: Clients,
  calling: Calling,
  work: () => Promise<unknown>,
): Promise<Returned> {
  clients.calls.length = 0;
  const { executionName, ...attempt } = calling;
  const keep = async (calls: readonly RecordedCall[]) => {
    try {
      await saveCalls(clients, executionName, { ...attempt, calls });
    } catch {
      // The record of a call is worth less than the outcome of the work: the archive shows that it is missing.
    }
  };
  try {
    const output = await work();
    const calls = [...clients.calls];
    const returned = firstOf(calls, largestReturn);
    if (returned.length === calls.length) return { output, calls };
    await keep(calls.slice(returned.length));
    return { output, calls: returned, callsInLedger: calls.length - returned.length };
  } catch (error) {
    // What the ledger alone was told, the ledger knows.
    if (clients.calls.some(({ service }) => service !== 'dynamodb')) await keep([...clients.calls]);
    throw error;
  }
}
