// An execution whose process is killed at a write goes on from there to an honest end.
import { expect, it } from 'vitest';
import { aDirectory } from './account.ts';
import { goOn, provision } from './interrupted.ts';

/** Every how many writes the process is killed; 1 in `npm run test:kill`. */
const stride = Number(process.env.KILL_EVERY ?? 32);

it('serves in the end, whichever write its process was killed at', async () => {
  const provisioning = await provision(aDirectory());
  const { writes } = provisioning;
  for (let index = 0; index < writes.length; index += stride) {
    const length = writes[index] ?? 0;
    expect(await goOn(aDirectory(), provisioning, length), `killed after write ${index}`).toBe('serving');
  }
});

it('serves in the end when the process is killed amid a write', async () => {
  const provisioning = await provision(aDirectory());
  const { writes } = provisioning;
  for (let index = Math.ceil(stride / 2); index < writes.length; index += stride) {
    const [from = 0, to = 0] = writes.slice(index - 1);
    const length = Math.floor((from + to) / 2);
    expect(await goOn(aDirectory(), provisioning, length), `killed within write ${index}`).toBe('serving');
  }
});

it('leaves everything as before when the process is killed while it rolls back', async () => {
  const failing = {
    service: 'lambda',
    operation: 'Invoke',
    functionName: 'service-proxy-VerifyStage',
  } as const;
  const provisioning = await provision(aDirectory(), [{ ...failing, kind: 'serverError', when: 'after' }]);
  const { writes } = provisioning;
  // From the first write of the rollback on: before it the fault, which a restart ends, is still to come.
  const half = Math.floor(writes.length / 2);
  for (let index = half; index < writes.length; index += stride) {
    const ending = await goOn(aDirectory(), provisioning, writes[index] ?? 0);
    expect(ending, `killed after write ${index}`).toMatch(/^serving$|^FAILED, as before$/);
  }
});
