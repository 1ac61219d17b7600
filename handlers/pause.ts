// Keeps everything as a failure left it, for inspection: nothing is rolled back, and the locks stay held.
import { firstOf } from '../core/brief.ts';
import { finishCommand } from '../core/failure.ts';
import type { Step } from '../core/step.ts';
import { locksHeldBy, renewLock } from './ledger.ts';
import { longestPause } from './locks.ts';
import { ledgerRead, ledgerWrite } from './permissions.ts';
import { serve } from './serve.ts';

export const pause: Step<'Pause'> = {
  name: 'Pause',
  permissions: [ledgerRead, ledgerWrite],
  timeoutSeconds: 30,

  async run({ execution, made }, clients) {
    const until = clients.now() + longestPause;
    const locks = await locksHeldBy(clients, execution.name);
    for (const lock of locks) await renewLock(clients, lock, execution.name, until);
    const why = `kept for inspection until ${new Date(until).toISOString()}`;
    const command = finishCommand(execution.arn);
    const things = [...made.keys(), ...locks.map(lock => `lock of ${lock}`)];
    return {
      left: firstOf(
        things.map(what => ({ what, why, command })),
        8000,
      ),
    };
  },
};

export const handler = serve(pause);
