// What API Gateway answers by itself, by a validator, an authorizer, a throttle or for want of a route: with CORS headers
// and in the shape of mapped errors, in an API that this product made and that has a route with CORS.
import { isDeepStrictEqual } from 'node:util';
import type { GatewayResponse } from '@aws-sdk/client-api-gateway';
import { corsHeaders } from './cors.ts';

export interface GatewayResponseDefinition {
  readonly responseParameters: Readonly<Record<string, string>>;
  readonly responseTemplates: Readonly<Record<string, string>>;
}

export interface GatewayResponseChange {
  readonly change: 'CREATE' | 'UPDATE' | 'DELETE' | 'KEEP';
  readonly responseType: string;
  /** What will be there; absent for DELETE, and where it is not ours. */
  readonly definition?: GatewayResponseDefinition;
  /** What was there, for UPDATE and DELETE. */
  readonly previous?: GatewayResponse;
}

/**
 * No status, so that each error keeps its own. The template is no Velocity: it cannot depend on who asks.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
 */
export function gatewayResponseFor(origins: readonly string[]): GatewayResponseDefinition {
  return {
    responseParameters: Object.fromEntries(
      Object.entries(corsHeaders(origins)).map(([name, value]) => [`gatewayresponse.header.${name}`, value]),
    ),
    responseTemplates: {
      'application/json':
        '{"error":{"type":"$context.error.responseType","message":$context.error.messageString,"requestId":"$context.requestId"}}',
    },
  };
}

/** What of a route, planned or recorded, the answers of API Gateway itself depend on. */
export interface WithCors {
  readonly path: string;
  readonly httpMethod: string;
  readonly cors?: readonly string[];
}

/** All origins that routes allow. */
export const originsOf = (routes: readonly WithCors[]): string[] => [
  ...new Set(routes.flatMap(({ cors = [] }) => cors)),
];

/** Whether a response is as defined; undefined is none. */
export const isAsDefined = (
  response: GatewayResponse | undefined,
  definition: GatewayResponseDefinition | undefined,
): boolean =>
  response === undefined || definition === undefined
    ? response === definition
    : response.statusCode === undefined &&
      isDeepStrictEqual(response.responseParameters, definition.responseParameters) &&
      isDeepStrictEqual(response.responseTemplates, definition.responseTemplates);

/** What a change means for callers, as the plan says it. */
export function describeGatewayResponse({ change, responseType, definition }: GatewayResponseChange): string {
  const line = `${change} gateway response ${responseType}`;
  if (change === 'DELETE')
    return `${line}: errors of API Gateway itself are as AWS has them again, on every route`;
  if (!definition)
    return `${line}: it is not ours to change, so such errors of API Gateway itself carry no CORS headers of ours`;
  const origin = definition.responseParameters['gatewayresponse.header.Access-Control-Allow-Origin'];
  return `${line}: errors of API Gateway itself allow origin ${origin}, on every route of the API`;
}
