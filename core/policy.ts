// Trust and permissions of a route's role: API Gateway may assume it, and it may do exactly the planned actions.
import type { Problem } from './errors.ts';
import type { Target } from './integration.ts';
import type { Operation } from './operation.ts';
import type { BoundMember } from './parameters.ts';

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

const fillTarget = (format: string, target: Target) =>
  format
    .replace('{partition}', target.partition)
    .replace('{region}', target.region)
    .replace('{account}', target.account);

/** Placeholders of an ARN format besides partition, region and account. */
const placeholdersOf = (format: string) =>
  [...format.matchAll(/\{([A-Za-z]+)\}/g)].flatMap(match => match[1] ?? []);

/** IAM's name for a part of an ARN and the member's name differ: {TopicName}, Name; {ObjectName}, Key. */
const memberNames: Readonly<Record<string, readonly string[]>> = {
  BucketName: ['Bucket'],
  ObjectName: ['Key'],
  TopicName: ['Name', 'TopicArn'],
};

function constantFor(placeholder: string, members: readonly BoundMember[]): string | undefined {
  const names = [placeholder, ...(memberNames[placeholder] ?? [])];
  for (const { member, source } of members) {
    if ('value' in source && typeof source.value === 'string' && names.includes(member)) return source.value;
  }
  return undefined;
}

/** A format as a pattern that an ARN of that kind, with wildcards at its end or not, matches. */
function matches(format: string, target: Target, arn: string): boolean {
  const pattern = fillTarget(format, target)
    .replace(/[.*+?^$()|[\]\\]/g, '\\$&')
    .replace(/\{[A-Za-z]+\}/g, '[^:]+');
  return new RegExp(`^${pattern}$`).test(arn);
}

/** ARNs from constant parameters: a parameter that is an ARN itself, or parts that fill a format. */
function derivedResources(operation: Operation, members: readonly BoundMember[], target: Target): string[] {
  const arns = new Set<string>();
  for (const { source } of members) {
    if (!('value' in source) || typeof source.value !== 'string') continue;
    const { value } = source;
    if (operation.iam.resources.some(format => matches(format, target, value))) arns.add(value);
  }
  if (arns.size > 0) return [...arns];
  for (const format of operation.iam.resources) {
    let arn = fillTarget(format, target);
    let isFilled = true;
    const names = placeholdersOf(arn);
    for (const [index, name] of names.entries()) {
      const constant = constantFor(name, members);
      // The object below a fixed bucket may be the caller's choice; the bucket itself may not.
      const isLastOfMany = index === names.length - 1 && index > 0;
      if (constant === undefined && !isLastOfMany) isFilled = false;
      arn = arn.replace(`{${name}}`, constant ?? '*');
    }
    if (isFilled && names.length > 0) arns.add(arn);
  }
  return [...arns];
}

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
  } else {
    for (const [index, arn] of resources.entries()) {
      const problem = resourceProblem(formats, arn, target);
      if (problem) problems.push({ path: `${at}.resources[${index}]`, message: problem });
    }
    resource = resources.length > 0 ? resources : derivedResources(operation, members, target);
    if (resource.length === 0) {
      problems.push({
        path: `${at}.resources`,
        message: `is required: ${operation.iam.actions.join(', ')} applies to ${formats.map(format => fillTarget(format, target)).join(' or ')}`,
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
