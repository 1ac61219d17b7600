// An integration's time-out: what takes longer is answered for with 504.
import type { Integration } from '@aws-sdk/client-api-gateway';
import { GatewayError } from './gateway-response.ts';
import type { RouteRequest } from './request.ts';

/** What API Gateway waits at most where the integration does not say. */
const longest = 29_000;

/** The signal given to `task` aborts when its time is up. */
export async function withinTimeout<T>(
  { aws, log }: Pick<RouteRequest, 'aws' | 'log'>,
  { timeoutInMillis = longest }: Integration,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const overdue = new AbortController();
  let cancel = () => {};
  const waited = new Promise<undefined>(resolve => {
    cancel = aws.clock.schedule(aws.clock.now() + timeoutInMillis, () => resolve(undefined));
  });
  const run = task(overdue.signal);
  // A task that loses the race may still fail; nobody is left to hear of it.
  run.catch(() => {});
  const first = await Promise.race([run.then(result => ({ result })), waited]).finally(cancel);
  if (first) return first.result;
  overdue.abort();
  log('Execution failed due to a timeout error');
  throw new GatewayError('INTEGRATION_TIMEOUT', 'Endpoint request timed out');
}
