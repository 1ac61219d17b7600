// Whatever exists, whatever is asked for, wherever it fails: the account is as before, or what is left is said.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apiFor, asked, startingModel } from '../core/plan-inputs.ts';
import { tries } from '../properties.ts';
import { differences } from '../simulation/content.ts';
import type { FaultKind } from '../simulation/faults.ts';
import { afterFailure } from '../simulation/invariants.ts';
import { type Account, openAccount } from './account.ts';
import { rollBack, run } from './course.ts';
import { makeForeignApi } from './foreign-api.ts';

/** Faults that pass, before or after the call had its effect. */
const passing: readonly FaultKind[] = [
  'throttle',
  'throttleWithRetryAfter',
  'errorBefore',
  'errorAfter',
  'resetBefore',
  'resetAfter',
  'garbledAfter',
  'noAnswerAfter',
  'killBefore',
  'killAfter',
  'conflict',
];

const passingFault = fc.record({ at: fc.nat(60), kind: fc.constantFrom(...passing) });

/** Each of the faults is met by the call of that number, from now on. */
function meetAt(
  account: Account,
  faults: readonly { readonly at: number; readonly kind: FaultKind }[],
): void {
  let calls = 0;
  account.meet = () => {
    const number = calls++;
    return faults.find(({ at }) => at === number)?.kind;
  };
}

const scenario = fc.record({
  start: startingModel,
  before: fc.array(asked, { maxLength: 2 }),
  next: asked,
  /** From this call on AWS says no, in one state; and what is met on the way there. */
  refusedAt: fc.nat(120),
  onTheWay: fc.array(passingFault, { maxLength: 2 }),
  rollingBack: fc.array(passingFault, { maxLength: 2 }),
});

type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

/** The account before the execution that is looked at, and what it asks for. */
async function prepare({ start, before, next }: Scenario): Promise<{ account: Account; input: object }> {
  const account = openAccount();
  const api = start.restApi ? { id: await makeForeignApi(account, start) } : apiFor(start);
  for (const [index, one] of before.entries()) {
    const course = await run(account, `before${index}`, { ...one, api });
    if (course.failure) await rollBack(account, course);
  }
  account.trace.length = 0;
  return { account, input: { ...next, api } };
}

/** AWS refuses the state that makes the call of that number, from there on. */
function refuseFrom(account: Account, { refusedAt, onTheWay }: Scenario): void {
  let calls = 0;
  let refused: string | undefined;
  account.meet = state => {
    const number = calls++;
    if (number >= refusedAt) refused ??= state;
    return state === refused ? 'denied' : onTheWay.find(({ at }) => at === number)?.kind;
  };
}

const failedWith = (left: readonly unknown[]) =>
  ({ status: left.length === 0 ? 'FAILED' : 'ROLLBACK_INCOMPLETE', notRolledBack: left }) as never;

describe('an execution that fails anywhere', () => {
  it('leaves the account as it was, where the rollback meets nothing worse than faults that pass', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async one => {
        const { account, input } = await prepare(one);
        const before = account.content();
        refuseFrom(account, one);
        const course = await run(account, 'next', input);
        meetAt(account, one.rollingBack);
        if (!course.failure) return;
        const { left } = await rollBack(account, course);
        const after = account.content();
        expect(left).toEqual([]);
        expect(differences(before, after).map(({ key }) => key)).toEqual([]);
        expect(afterFailure(account, failedWith(left), { before, after })).toEqual([]);
      }),
      tries(30),
    );
  });

  it('says what is left, where a rollback is refused as well', async () => {
    const refused = fc.constantFrom('DELETE', 'UPDATE', 'PUT');
    await fc.assert(
      fc.asyncProperty(scenario, refused, async (one, operation) => {
        const { account, input } = await prepare(one);
        const before = account.content();
        refuseFrom(account, one);
        const course = await run(account, 'next', input);
        if (!course.failure) return;
        account.meet = (_, call) =>
          new RegExp(`^(apigateway|iam):${operation}`, 'i').test(call) ? 'denied' : undefined;
        const { left } = await rollBack(account, course);
        account.meet = () => undefined;
        expect(afterFailure(account, failedWith(left), { before, after: account.content() })).toEqual([]);
      }),
      tries(20),
    );
  });
});
