// IAM policy documents of the functions, from the permissions their steps name.
import type { Permission } from '../core/step.ts';
import type { AllowedTargets } from '../core/target.ts';

export interface PolicyTarget {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly table: string;
  /** ARN of the permissions boundary that every role must get. */
  readonly boundary: string;
  /** Where APIs may be besides this account and region. */
  readonly targets?: AllowedTargets;
}

export function fillResource(resource: string, target: PolicyTarget): string {
  return resource
    .replaceAll('{partition}', target.partition)
    .replaceAll('{region}', target.region)
    .replaceAll('{account}', target.account)
    .replaceAll('{table}', target.table);
}

export function fillConditions(
  conditions: NonNullable<Permission['conditions']>,
  { boundary }: Pick<PolicyTarget, 'boundary'>,
): Record<string, Record<string, string>> {
  const fill = (keys: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(keys).map(([key, value]) => [key, value.replace('{boundary}', boundary)]),
    );
  return Object.fromEntries(Object.entries(conditions).map(([operator, keys]) => [operator, fill(keys)]));
}

/** Services whose calls go to the account and region where the API is. */
const ofTarget = /^(?:apigateway|execute-api|iam):/;

export const reachesTarget = ({ actions }: Permission) => actions.some(action => ofTarget.test(action));

export function policyDocument(permissions: readonly Permission[], target: PolicyTarget): object {
  const { roles = [], regions = [] } = target.targets ?? {};
  const places = (permission: Permission) =>
    reachesTarget(permission) ? [target, ...regions.map(region => ({ ...target, region }))] : [target];
  const statements = permissions.map(permission => ({
    Effect: 'Allow',
    Action: permission.actions,
    Resource: [
      ...new Set(
        permission.resources.flatMap(one => places(permission).map(place => fillResource(one, place))),
      ),
    ],
    ...(permission.conditions && { Condition: fillConditions(permission.conditions, target) }),
  }));
  const assumes = {
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Resource: roles.map(({ roleArn }) => roleArn),
  };
  const mayAssume = roles.length > 0 && permissions.some(reachesTarget);
  return { Version: '2012-10-17', Statement: mayAssume ? [...statements, assumes] : statements };
}
