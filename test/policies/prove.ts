// Plays scenarios under given policies, and finds one that ends otherwise when a permission is taken away.
import { openAccount } from '../scenarios/account.ts';
import { type Asked, allows, onAsked } from './asked.ts';
import type { Scenario } from './playing.ts';
import { documentOf, type Policies, type Removal } from './removals.ts';

export interface Played {
  readonly name: string;
  readonly outcome: string;
  readonly asked: readonly Asked[];
  /** Processor time, in milliseconds. */
  readonly cost: number;
}

export type Play = (name: string, policies: Policies) => Promise<Played>;

export async function play(scenario: Scenario, policies: Policies): Promise<Played> {
  const documents = Object.entries(policies).map(([name, statements]) => [name, documentOf(statements)]);
  const started = process.cpuUsage();
  const { faults, ...options } = scenario.options?.() ?? {};
  const account = await openAccount(faults, {
    ...options,
    policies: Object.fromEntries(documents),
  });
  const asked = new Map<string, Asked>();
  onAsked(account.aws, one => asked.set(Object.values(one).join(' '), one));
  let outcome: string;
  try {
    outcome = JSON.stringify(await scenario.play(account));
  } catch (error) {
    outcome = String(error);
  } finally {
    await account.aws.close();
  }
  const { user, system } = process.cpuUsage(started);
  return { name: scenario.name, outcome, asked: [...asked.values()], cost: (user + system) / 1000 };
}

/** What functions asked for although their policies do not have it. */
export const undeclared = (policies: Policies, played: readonly Played[]): string[] => [
  ...new Set(
    played
      .flatMap(({ asked }) => asked)
      .filter(one => !allows(policies[one.functionName] ?? [], one))
      .map(({ functionName, action, resource }) => `${functionName} asks for ${action} on ${resource}`),
  ),
];

/**
 * Scenarios that ask for what is gone, the cheapest first. Calls of routes are not seen: a signed route is the one
 * that needs execute-api:Invoke.
 */
export const needing = ({ functionName, what, left }: Removal, played: readonly Played[]): Played[] =>
  played
    .filter(({ asked, name }) =>
      what === 'execute-api:Invoke'
        ? name === 'a signed route'
        : asked.some(one => one.functionName === functionName && !allows(left, one)),
    )
    .sort((one, other) => one.cost - other.cost);

/** Name of the scenario that ends otherwise without the permission; undefined when it is missed by none. */
export async function missedBy(
  removal: Removal,
  policies: Policies,
  played: readonly Played[],
  play: Play,
): Promise<string | undefined> {
  const less = { ...policies, [removal.functionName]: removal.left };
  for (const { name, outcome } of needing(removal, played)) {
    if ((await play(name, less)).outcome !== outcome) return name;
  }
  return undefined;
}
