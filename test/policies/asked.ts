// What functions ask IAM for, and whether statements allow it.
import type { EmbeddedAws } from '../../local/embedded.ts';
import { matchesWildcard } from '../../local/iam/wildcard.ts';
import { functionPrefix } from '../../statemachine/settings.ts';

/** A call that IAM was asked about. */
export interface Asked {
  readonly functionName: string;
  readonly action: string;
  readonly resource: string;
}

interface Allowing {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** Whatever the conditions are. */
export const allows = (statements: readonly Allowing[], { action, resource }: Asked): boolean =>
  statements.some(
    ({ actions, resources }) =>
      actions.some(one => matchesWildcard(one.toLowerCase(), action.toLowerCase())) &&
      resources.some(one => matchesWildcard(one, resource)),
  );

/** The embedded account names a function's role after the function. */
const functionOf = (roleArn = '') => roleArn.split(`role/service-proxy-functions/${functionPrefix}`)[1];

export function onAsked(aws: Pick<EmbeddedAws, 'onCall'>, listener: (asked: Asked) => void): void {
  aws.onCall(({ caller, authorizations = [] }) => {
    const functionName = functionOf(caller?.roleArn);
    if (functionName === undefined) return;
    for (const { action, resource } of authorizations) listener({ functionName, action, resource });
  });
}
