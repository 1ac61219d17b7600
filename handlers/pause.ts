// Keeps everything as a failure left it, for inspection: nothing is rolled back, and the locks stay held.
import { firstOf } from '../core/brief.ts';
import { finishCommand } from '../core/failure.ts';
import type { Step } from '../core/step.ts';
import { renewLock } from './ledger.ts';
import { longestPause } from './locks.ts';
import { ledger } from './permissions.ts';
import { serve } from './serve.ts';

export const pause: Step<'Pause'> = {
  name: 'Pause',
  permissions: [ledger('Query', 'PutItem', 'UpdateItem')],
  timeoutSeconds: 30,

  async run({ execution, made, held }, clients) {
    const keepUntil = clients.now() + longestPause;
    for (const [lock, note] of held)
      await renewLock(clients, lock, execution.name, { held: note, keepUntil });
    const why = `kept for inspection until ${new Date(keepUntil).toISOString()}`;
    const command = finishCommand(execution.arn);
    const things = [...made.keys(), ...[...held.keys()].map(lock => `lock of ${lock}`)];
    return {
      left: firstOf(
        things.map(what => ({ what, why, command })),
        8000,
      ),
    };
  },
};

export const handler = serve(pause);
