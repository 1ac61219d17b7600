// Trust and permissions of a route's role: API Gateway may assume it, and it may do exactly the planned actions.
import type { BoundMember } from './binding.ts';
import type { Problem } from './errors.ts';
import type { Operation, Target } from './operation.ts';
import { fill, placesFromConstants, placesOf, readPlaces, targetPlaces } from './resource-members.ts';

/**
 * No hard condition on aws:SourceAccount: one report says that API Gateway does not send it when it assumes an
 * integration role, and every request then fails. IfExists costs nothing today and protects once it is sent.
 */
export function trustPolicy(target: Target): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'apigateway.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: { StringEqualsIfExists: { 'aws:SourceAccount': target.account } },
      },
    ],
  });
}

const fillTarget = (format: string, target: Target) => fill(format, targetPlaces(target));

const constantsOf = (members: readonly BoundMember[]): ReadonlyMap<string, string> =>
  new Map(
    members.flatMap(({ member, source }): [string, string][] =>
      'value' in source && typeof source.value === 'string' ? [[member, source.value]] : [],
    ),
  );

/** ARNs from constant parameters: a parameter that is an ARN itself, or parts that fill a format. */
function derivedResources(operation: Operation, members: readonly BoundMember[], target: Target): string[] {
  const constants = constantsOf(members);
  const formats = operation.iam.resources;
  const arns = [...constants.values()].filter(value =>
    formats.some(format => matches(format, target, value)),
  );
  if (arns.length > 0) return [...new Set(arns)];
  const places = placesFromConstants(operation, constants);
  const known = { ...places, ...targetPlaces(target) };
  // A constant that names another account's or region's thing fills nothing.
  const ours: Readonly<Record<string, string>> = targetPlaces(target);
  if (Object.entries(ours).some(([place, value]) => (places[place] ?? value) !== value)) return [];
  return formats.flatMap(format => {
    const arn = fill(format, known);
    const open = placesOf(arn);
    const named = placesOf(format).filter(
      place => place in places && !['account', 'region', 'partition'].includes(place),
    );
    // The object below a fixed bucket may be the caller's choice; the bucket itself may not.
    const isBelow = open.length === 1 && named.length > 0 && format.endsWith(`/{${open[0]}}`);
    if (named.length === 0 || (open.length > 0 && !isBelow)) return [];
    return [fill(arn, { [open[0] ?? '']: '*' })];
  });
}

const matches = (format: string, target: Target, arn: string): boolean =>
  readPlaces(fillTarget(format, target), arn) !== undefined;

/**
 * The role's permissions: exactly the operation's actions on exactly the ARNs. Where IAM knows resource types
 * for it, ARNs are demanded; a wildcard for all of a service never comes out of here.
 */
export function permissionsPolicy(
  operation: Operation,
  members: readonly BoundMember[],
  resources: readonly string[],
  target: Target,
  at: string,
  problems: Problem[],
): string {
  const formats = operation.iam.resources;
  let resource: string | readonly string[] = '*';
  if (formats.length === 0) {
    if (resources.length > 0) {
      problems.push({
        path: `${at}.resources`,
        message: `${operation.iam.actions.join(', ')} takes no resource: IAM knows only "*" for it`,
      });
    }
  } else if (resources.includes('*')) {
    if (!operation.iam.takesAny || resources.length > 1) {
      problems.push({
        path: `${at}.resources`,
        message: `"*" is more than ${operation.iam.actions.join(', ')} needs: name ARNs of the form ${formats.map(format => fillTarget(format, target)).join(' or ')}`,
      });
    }
  } else {
    for (const [index, arn] of resources.entries()) {
      const problem = resourceProblem(formats, arn, target);
      if (problem) problems.push({ path: `${at}.resources[${index}]`, message: problem });
    }
    resource = resources.length > 0 ? resources : derivedResources(operation, members, target);
    if (resource.length === 0) {
      problems.push({
        path: `${at}.resources`,
        message: `is required: ${operation.iam.actions.join(', ')} applies to ${formats.map(format => fillTarget(format, target)).join(' or ')}${operation.iam.takesAny ? ', or to no one of them: ["*"]' : ''}`,
      });
    }
  }
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: operation.iam.actions, Resource: resource }],
  });
}

function resourceProblem(formats: readonly string[], arn: string, target: Target): string | undefined {
  const [, partition, , region, account] = arn.split(':');
  if (partition !== target.partition) return `is in partition ${partition}, not ${target.partition}`;
  if (account !== '' && account !== target.account)
    return `belongs to account ${account}, not ${target.account}`;
  if (region !== '' && region !== target.region) return `is in region ${region}, not ${target.region}`;
  if (formats.some(format => matches(format, target, arn))) return undefined;
  return `${arn} is not of the form ${formats.map(format => fillTarget(format, target)).join(' or ')}`;
}
