// IAM policy documents of the functions, from the permissions their steps name.
import type { Permission } from '../core/step.ts';

export interface PolicyTarget {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly table: string;
  /** ARN of the permissions boundary that every role must get. */
  readonly boundary: string;
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

export function policyDocument(permissions: readonly Permission[], target: PolicyTarget): object {
  return {
    Version: '2012-10-17',
    Statement: permissions.map(({ actions, resources, conditions }) => ({
      Effect: 'Allow',
      Action: actions,
      Resource: resources.map(resource => fillResource(resource, target)),
      ...(conditions && { Condition: fillConditions(conditions, target) }),
    })),
  };
}
