// Tells how an execution ended, once Step Functions says that it has: outside the execution, which it cannot harm.
import { publishOutcome } from './outcome-events.ts';
import { type RequestFunction, serveRequests } from './request-clients.ts';

/** The event "Step Functions Execution Status Change". */
interface StatusChange {
  readonly detail: { readonly executionArn: string; readonly status: string };
}

export const run: RequestFunction = async (event, clients) => {
  const { executionArn, status } = (event as StatusChange).detail;
  return { published: status === 'RUNNING' ? undefined : await publishOutcome(clients, executionArn) };
};

export const handler = serveRequests(run);
