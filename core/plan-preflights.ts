// The preflights that a removal takes away with the routes they are for.
import { preflightOperation } from './cors.ts';
import type { RouteRecord } from './existing.ts';
import { routeKey } from './plan.ts';
import type { Planning } from './planning.ts';
import type { RouteDesign } from './routes.ts';

/** What of a route's design its removal still needs. */
export type Removed = Pick<RouteDesign, 'authorization' | 'test'>;

export const isPreflight = ({ action, service }: Pick<RouteRecord, 'action' | 'service'>) =>
  action === preflightOperation.action && service === preflightOperation.service;

/** Of the paths on which no route with CORS stays, whether or not the input says that there was one. */
export function preflightsOf(
  { existing: { record }, input }: Planning,
  pairs: readonly (readonly [Removed, RouteRecord])[],
): [Removed, RouteRecord][] {
  const removed = new Set(pairs.map(([, route]) => routeKey(route)));
  const paths = new Set(pairs.map(([, { path }]) => path));
  const routes = record?.routes ?? [];
  const isNeeded = (path: string) =>
    routes.some(route => route.path === path && route.cors && !removed.has(routeKey(route)));
  return routes
    .filter(route => isPreflight(route) && input.stage in route.servedBy)
    .filter(({ path }) => paths.has(path) && !isNeeded(path))
    .map(route => [
      { authorization: { type: 'NONE' }, test: { skip: 'a preflight calls no service' } },
      route,
    ]);
}
