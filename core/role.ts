// The name of the role API Gateway assumes for one route.
import { createHash } from 'node:crypto';
import { fingerprintOf } from './execution-name.ts';

/** IAM path of every role this product makes; the provisioner's own permissions end at it. */
export const rolePath = '/service-proxy/';

/** Name of the one inline policy such a role has. */
export const rolePolicyName = 'service-proxy';

/** IAM's limit for a role name, in characters. */
const longestName = 64;

/**
 * Unique per execution and route, since a role is never changed: a new definition gets a new role, and the old
 * one is deleted once nothing uses it. The hash also keeps apart what IAM does not (names that differ by case).
 */
export function roleNameFor(
  route: {
    readonly service: string;
    readonly action: string;
    readonly httpMethod: string;
    readonly path: string;
  },
  executionName: string,
): string {
  const hash = createHash('sha256')
    .update([executionName, route.httpMethod, route.path].join('\n'))
    .digest('hex')
    .slice(0, 12);
  const readable = `${route.service}-${route.action}`.replace(/[^\w+=,.@-]/g, '-');
  return `service-proxy-${readable.slice(0, longestName - 'service-proxy--'.length - hash.length)}-${hash}`;
}

/** What a role's documents say, however IAM writes them. */
export const fingerprintOfRole = (role: {
  readonly trustPolicy: string;
  readonly permissionsPolicy: string;
}): string => fingerprintOf([JSON.parse(role.trustPolicy), JSON.parse(role.permissionsPolicy)]);

export function roleArn(
  target: { readonly partition: string; readonly account: string },
  name: string,
): string {
  return `arn:${target.partition}:iam::${target.account}:role${rolePath}${name}`;
}
