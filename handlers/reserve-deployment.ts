// Takes a place in the account's queue for CreateDeployment; the definition waits until its time has come.
import type { Step } from '../core/step.ts';
import { reserveDeployment as reserve } from './ledger.ts';
import { holdLocks } from './locks.ts';
import { ledger } from './permissions.ts';
import { serve } from './serve.ts';

/** How long after its turn an execution still holds the lock without renewing it, in milliseconds. */
const grace = 10 * 60_000;

export const reserveDeployment: Step<'ReserveDeployment'> = {
  name: 'ReserveDeployment',
  permissions: [ledger('Query', 'PutItem', 'UpdateItem')],
  timeoutSeconds: 30,

  async run(running, clients) {
    const { plan } = running;
    const deployAt = plan.stage.change === 'KEEP' ? clients.now() : await reserve(clients);
    await holdLocks(clients, running, deployAt + grace);
    return { deployAt: new Date(deployAt).toISOString() };
  },
};

export const handler = serve(reserveDeployment);
