// Every part of the functions' policies that can be taken away: one action, or one of several resources, of a statement.
import { functionPrefix } from '../../statemachine/settings.ts';
import { type DeployedFunction, deployedFunctions, synthesise } from '../infra/synthesised.ts';

export interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly Condition?: unknown;
}

export type Policies = Readonly<Record<string, readonly Statement[]>>;

/** One permission less. */
export interface Removal {
  readonly functionName: string;
  readonly statement: number;
  readonly what: string;
  readonly left: readonly Statement[];
}

const list = (value: string | readonly string[]): readonly string[] =>
  typeof value === 'string' ? [value] : value;

/** Those of every function, as the synthesised template has them, for the embedded account. */
export function synthesisedPolicies(): Policies {
  const stateOf = ({ name, policies }: DeployedFunction) => [
    name.slice(functionPrefix.length),
    (policies.State ?? []).map(({ Action, Resource, Condition }) => ({
      actions: list(Action),
      resources: list(Resource),
      ...(Condition !== undefined && { Condition }),
    })),
  ];
  return Object.fromEntries(deployedFunctions(synthesise().template).map(stateOf));
}

export const documentOf = (statements: readonly Statement[]): object => ({
  Version: '2012-10-17',
  Statement: statements
    .filter(({ actions }) => actions.length > 0)
    .map(({ actions, resources, Condition }) => ({
      Effect: 'Allow',
      Action: actions,
      Resource: resources,
      ...(Condition !== undefined && { Condition }),
    })),
});

export function removalsOf(policies: Policies): Removal[] {
  return Object.entries(policies).flatMap(([functionName, statements]) =>
    statements.flatMap((statement, index) => {
      const without = (what: string, change: Partial<Statement>): Removal => ({
        functionName,
        statement: index,
        what,
        left: statements.map((one, at) => (at === index ? { ...one, ...change } : one)),
      });
      const { actions, resources } = statement;
      return [
        ...actions.map(action => without(action, { actions: actions.filter(one => one !== action) })),
        ...(resources.length < 2 ? [] : resources).map(resource =>
          without(`${actions.join(', ')} on ${resource}`, {
            resources: resources.filter(one => one !== resource),
          }),
        ),
      ];
    }),
  );
}
