// Refuses policy documents as IAM does when they are put, with the texts of its MalformedPolicyDocument.
import { malformedPolicy } from './errors.ts';
import { parsePolicy } from './policy-syntax.ts';
import { listOf, type Statement } from './statements.ts';

/** The wire carries policy documents URL-encoded (RFC 3986). */
export const encodePolicy = (document: string) =>
  encodeURIComponent(document).replace(/[!'()*]/g, c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** IAM does not count white space against the size of a policy. */
export const policySize = (document: string) => document.replace(/\s/g, '').length;

/** An inline or managed policy: what may be done, on what; never by whom. */
export function checkIdentityPolicy(text: string): void {
  for (const statement of parsePolicy(text)) {
    if (statement.Principal !== undefined || statement.NotPrincipal !== undefined) {
      throw malformedPolicy('Policy document should not specify a principal.');
    }
    const actions = [...listOf(statement.Action), ...listOf(statement.NotAction)];
    if (actions.length === 0) throw malformedPolicy('Policy statement must contain actions.');
    const resources = [...listOf(statement.Resource), ...listOf(statement.NotResource)];
    if (resources.length === 0) throw malformedPolicy('Policy statement must contain resources.');
    for (const resource of resources) checkResource(resource);
    for (const action of actions) checkAction(action);
  }
}

/** A role's trust policy: who may assume the role; its resource is the role itself. */
export function checkTrustPolicy(text: string, roleExists: (arn: string) => boolean): void {
  for (const statement of parsePolicy(text)) {
    if (statement.Resource !== undefined || statement.NotResource !== undefined) {
      throw malformedPolicy('Has prohibited field Resource');
    }
    const actions = [...listOf(statement.Action), ...listOf(statement.NotAction)];
    if (actions.length === 0) throw malformedPolicy('Missing required field Action');
    const principal = statement.Principal ?? statement.NotPrincipal;
    if (principal === undefined) throw malformedPolicy('Missing required field Principal');
    if (!actions.every(action => /^(sts:|\*$)/i.test(action))) {
      throw malformedPolicy('AssumeRole policy may only specify STS AssumeRole actions.');
    }
    checkPrincipal(principal, roleExists);
  }
}

function checkAction(action: string): void {
  if (action === '*') return;
  const [vendor = '', name, ...rest] = action.split(':');
  if (name === undefined) {
    throw malformedPolicy('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
  }
  if (rest.length > 0) throw malformedPolicy('Actions/Condition can contain only one colon.');
  if (!/^[A-Za-z0-9.*?-]+$/.test(vendor)) throw malformedPolicy(`Vendor ${vendor} is not valid`);
}

function checkResource(resource: string): void {
  if (resource === '*') return;
  const [arn, partition = '', ...rest] = resource.split(':');
  if (arn !== 'arn') throw malformedPolicy(`Resource ${resource} must be in ARN format or "*".`);
  if (!/^(aws(-[a-z-]+)?|\*)$/.test(partition)) {
    throw malformedPolicy(`Partition "${partition}" is not valid for resource "${resource}".`);
  }
  if (rest.length < 4 && !resource.endsWith('*')) throw malformedPolicy('The policy failed legacy parsing');
}

function checkPrincipal(
  principal: NonNullable<Statement['Principal']>,
  roleExists: (arn: string) => boolean,
): void {
  if (principal === '*') return;
  if (typeof principal === 'string') throw malformedPolicy(`Invalid principal in policy: "${principal}"`);
  for (const [kind, names] of Object.entries(principal)) {
    const isValid = principalKinds[kind];
    for (const name of listOf(names)) {
      if (!isValid?.(name, roleExists)) {
        throw malformedPolicy(`Invalid principal in policy: "${kind.toUpperCase()}":"${name}"`);
      }
    }
  }
}

const principalKinds: Readonly<
  Record<string, (name: string, roleExists: (arn: string) => boolean) => boolean>
> = {
  Service: name => /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/.test(name),
  AWS: (name, roleExists) =>
    name === '*' ||
    /^\d{12}$/.test(name) ||
    /^arn:aws[\w-]*:iam::\d{12}:root$/.test(name) ||
    /^arn:aws[\w-]*:sts::\d{12}:assumed-role\/.+\/.+$/.test(name) ||
    (/^arn:aws[\w-]*:iam::\d{12}:role\/.+$/.test(name) && roleExists(name)),
  Federated: name => name.length > 0,
  CanonicalUser: name => /^[0-9a-f]{64}$/.test(name),
};
