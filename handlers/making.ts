// Makes a thing once, although the answer may be lost and a read may lag behind a write.
import { classify, ServiceProxyError } from '../core/errors.ts';
import type { ExecutionIdentity, Made, Thing } from '../core/execution.ts';
import type { Clients } from '../core/step.ts';
import { forgetMade, type LedgerClients, recordIntent, recordMade } from './ledger.ts';

/**
 * API Gateway and IAM have been seen to deny a thing for seconds after they made it, and a call that was cut off
 * may take effect after we stopped waiting. A thing that is not there this long after its intent never will be.
 */
const settlingMilliseconds = 30_000;

/**
 * For a thing that was to be made and is not there.
 * @throws ServiceProxyError `NotStabilized` while it may still appear.
 */
export function checkSettled(clients: LedgerClients, made: Made, thing: Thing): void {
  const known = made.get(thing);
  if (!known || clients.now() - known.at >= settlingMilliseconds) return;
  throw new ServiceProxyError('NotStabilized', `${thing} was to be made just now and may still appear`);
}

/** Whether AWS said no. Then nothing was made, whereas a lost answer leaves that open. */
const isRefusal = (error: unknown) => classify(error, '').name !== 'Unavailable';

/** Does what makes a thing, after putting the intent on record; takes it back where AWS refuses the first attempt. */
export async function makeIntended<T>(
  clients: LedgerClients,
  execution: ExecutionIdentity,
  made: Made,
  thing: Thing,
  make: () => Promise<T>,
): Promise<T> {
  await recordIntent(clients, execution, thing);
  try {
    return await make();
  } catch (error) {
    if (!made.has(thing) && isRefusal(error)) await forgetMade(clients, execution.name, thing);
    throw error;
  }
}

interface Making {
  readonly thing: Thing;
  /** The id of what an earlier attempt made without our seeing the answer. */
  find(): Promise<string | undefined>;
  make(): Promise<string | undefined>;
}

/** The id of the thing: known, found, or made now. */
export async function makeOnce(
  clients: Clients,
  execution: ExecutionIdentity,
  made: Made,
  { thing, find, make }: Making,
): Promise<string> {
  const known = made.get(thing);
  if (known?.state === 'MADE') return known.id ?? '';
  let id = known ? await find() : undefined;
  if (id === undefined) {
    checkSettled(clients, made, thing);
    id = (await makeIntended(clients, execution, made, thing, make)) ?? '';
  }
  await recordMade(clients, execution.name, thing, id);
  return id;
}
