// Takes one permission away at a time, and plays the scenarios that ask for it until one ends otherwise.
import { functionPrefix } from '../../statemachine/settings.ts';
import { openAccount, type TestAccount } from '../scenarios/account.ts';
import { type Asked, allows, documentOf, type Policies, type Removal } from './removals.ts';
import { type Scenario, scenarios } from './scenarios.ts';

export interface Played {
  readonly scenario: Scenario;
  readonly outcome: string;
  readonly asked: readonly Asked[];
}

export async function playWith(scenario: Scenario, policies: Policies): Promise<Played> {
  const documents = Object.fromEntries(
    Object.entries(policies).map(([name, statements]) => [name, documentOf(statements)]),
  );
  const account = await openAccount(scenario.faults, {
    policies: documents,
    ...(scenario.watch && { watch: true }),
    ...(scenario.quotas && { quotas: true }),
  });
  const asked = record(account);
  try {
    return { scenario, outcome: JSON.stringify(await scenario.play(account)), asked: [...asked.values()] };
  } finally {
    await account.aws.close();
  }
}

/** The embedded account names a function's role after the function. */
const functionOf = (roleArn = '') => roleArn.split('/').at(-1)?.split(functionPrefix)[1];

/** Every different thing that a function asked IAM for. */
function record({ aws }: TestAccount): ReadonlyMap<string, Asked> {
  const asked = new Map<string, Asked>();
  aws.onCall(({ caller, authorizations = [] }) => {
    const functionName = functionOf(caller?.roleArn);
    if (functionName === undefined) return;
    for (const { action, resource } of authorizations) {
      asked.set(`${functionName} ${action} ${resource}`, { functionName, action, resource });
    }
  });
  return asked;
}

/** All scenarios with everything that the template allows. */
export async function playAll(policies: Policies): Promise<Played[]> {
  const played: Played[] = [];
  for (const scenario of scenarios) played.push(await playWith(scenario, policies));
  return played;
}

/** Scenarios that ask for what is gone; the data plane is asked by every one that verifies a stage. */
export const needing = (removal: Removal, played: readonly Played[]): Played[] =>
  played.filter(({ asked, scenario }) =>
    removal.what === 'execute-api:Invoke'
      ? scenario.name === 'a signed route'
      : asked.some(one => one.functionName === removal.functionName && !allows(removal.left, one)),
  );

/** The scenario that ends otherwise without the permission; undefined when it is missed by none. */
export async function missedBy(
  removal: Removal,
  policies: Policies,
  played: readonly Played[],
): Promise<Scenario | undefined> {
  const less = { ...policies, [removal.functionName]: removal.left };
  for (const { scenario, outcome } of needing(removal, played)) {
    if ((await playWith(scenario, less)).outcome !== outcome) return scenario;
  }
  return undefined;
}
