// planGatewayResponses(): the changes to what API Gateway answers by itself.
import type { GatewayResponse } from '@aws-sdk/client-api-gateway';
import {
  type GatewayResponseChange,
  type GatewayResponseDefinition,
  gatewayResponseFor,
  isAsDefined,
  originsOf,
  type WithCors,
} from './gateway-responses.ts';
import { routeKey } from './plan.ts';
import type { Planning } from './planning.ts';

/** They stand for all types of their class that the API has no response of its own for. */
const responseTypes = ['DEFAULT_4XX', 'DEFAULT_5XX'] as const;

/**
 * The changes for an API whose routes will be these. Only to an API that this product made, for they change all of its
 * routes; and only to responses that the ledger knows as ours.
 */
export function planGatewayResponses(
  { existing: { restApi, record, gatewayResponses } }: Planning,
  routes: readonly WithCors[],
): GatewayResponseChange[] {
  const origins = originsOf(routes);
  const isOurApi = !restApi || record?.isOwned === true;
  if (!isOurApi)
    return origins.length > 0 ? responseTypes.map(responseType => ({ change: 'KEEP', responseType })) : [];
  const definition = origins.length > 0 ? gatewayResponseFor(origins) : undefined;
  const there = restApi ? gatewayResponses : [];
  const ours = (restApi && record?.gatewayResponses) || [];
  // One for a single type goes before those for its class.
  const foreign = there.filter(({ responseType = '' }) => !ours.includes(responseType));
  return [
    ...(definition ? foreign : []).map(
      ({ responseType = '' }): GatewayResponseChange => ({ change: 'KEEP', responseType }),
    ),
    ...responseTypes
      .filter(type => !foreign.some(({ responseType }) => responseType === type))
      .flatMap(responseType => changeOf(responseType, there, definition)),
  ];
}

function changeOf(
  responseType: string,
  there: readonly GatewayResponse[],
  definition: GatewayResponseDefinition | undefined,
): GatewayResponseChange[] {
  const previous = there.find(one => one.responseType === responseType);
  if (!definition) return previous ? [{ change: 'DELETE', responseType, previous }] : [];
  if (!previous) return [{ change: 'CREATE', responseType, definition }];
  return isAsDefined(previous, definition)
    ? [{ change: 'KEEP', responseType, definition }]
    : [{ change: 'UPDATE', responseType, definition, previous }];
}

/** The routes of an API once these of a plan are there. */
export const routesWith = <T extends WithCors>(before: readonly T[], planned: readonly WithCors[]) => {
  const keys = new Set<string>(planned.map(routeKey));
  return [...before.filter(route => !keys.has(routeKey(route))), ...planned];
};
