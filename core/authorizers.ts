// The authorizers an API needs for the users of Cognito user pools: one for each pool that its routes name.
import { createHash } from 'node:crypto';
import type { ExistingAuthorizer } from './existing.ts';
import type { Authorization } from './input.ts';
import type { AuthorizerChange } from './plan.ts';
import type { Planning } from './planning.ts';

/** Says which pool it is for: names are unique within an API. */
const nameFor = (userPoolArn: string) =>
  `service-proxy-${createHash('sha256').update(userPoolArn).digest('hex').slice(0, 8)}`;

const isFor = (userPoolArn: string) => (one: ExistingAuthorizer) =>
  one.name === nameFor(userPoolArn) && one.userPoolArns.includes(userPoolArn);

export function planAuthorizers({ routes, existing }: Planning): AuthorizerChange[] {
  const pools = routes.flatMap(({ authorization }) =>
    authorization.type === 'COGNITO_USER_POOLS' ? [authorization.arn] : [],
  );
  return [...new Set(pools)].map(userPoolArn => {
    const found = existing.authorizers.find(isFor(userPoolArn));
    const planned = { name: nameFor(userPoolArn), userPoolArn };
    return found ? { change: 'KEEP', ...planned, id: found.id } : { change: 'CREATE', ...planned };
  });
}

/** The authorizer a method names; undefined where it names none, or one that is still to be made. */
export function authorizerIdOf(
  authorization: Authorization,
  authorizers: readonly AuthorizerChange[] = [],
): string | undefined {
  if (authorization.type === 'CUSTOM') return authorization.authorizerId;
  if (authorization.type !== 'COGNITO_USER_POOLS') return undefined;
  return authorizers.find(({ userPoolArn }) => userPoolArn === authorization.arn)?.id;
}
