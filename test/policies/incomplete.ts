// Scenarios of ways back that leave something behind, or seem to.
import type { TestAccount } from '../scenarios/account.ts';
import { orders } from './inputs.ts';
import { failsLater, restOf, runAll, type Scenario, scenario, unfound } from './playing.ts';

/** Without a call, which would have to wait for the one that is under way. */
export function loseRoles({ aws }: TestAccount, prefix: string): void {
  const roles = aws.store.collection('iam/roles');
  for (const name of [...roles.keys()].filter(one => one.startsWith(prefix))) roles.delete(name);
}

/** The way back cannot delete the role, and somebody else does. */
const roleGoneMeanwhile: Scenario = {
  name: 'a role that is gone by the time of the inventory',
  options: () => ({ faults: [failsLater('VerifyStage'), failsLater('DeleteRole', 1, 'before')] }),
  async play(account) {
    account.aws.onCall(({ operation }) => {
      if (operation === 'DeleteRestApi') loseRoles(account, 'service-proxy-sqs');
    });
    return [await runAll(account, [orders]), await restOf(account)];
  },
};

export const incomplete: readonly Scenario[] = [
  scenario(
    'a rollback that cannot finish',
    [orders],
    [failsLater('VerifyStage'), failsLater('DeleteRestApi', 1, 'before')],
  ),
  scenario(
    'a role that stays behind',
    [orders],
    [failsLater('VerifyStage'), failsLater('DeleteRole', 1, 'before')],
  ),
  scenario(
    'a lost API that the way back does not come to',
    [orders],
    [...unfound('CreateRestApi', 'GetRestApis'), failsLater('DeleteRestApi', 1, 'before')],
  ),
  roleGoneMeanwhile,
];
