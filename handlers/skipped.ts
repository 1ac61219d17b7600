// What a state that was left out returns: every route as skipped, with the reason.
import type { RouteResult } from '../core/execution.ts';
import { type Plan, routeKey } from '../core/plan.ts';
import type { Clients, SkippableState } from '../core/step.ts';

/** Undefined where the state is to run. */
export function skippedResults(
  { settings }: Pick<Clients, 'settings'>,
  state: SkippableState,
  { routes }: Pick<Plan, 'routes'>,
): readonly RouteResult[] | undefined {
  if (!settings.skipStates?.includes(state)) return undefined;
  return routes.map(route => ({ route: routeKey(route), skipped: `${state} was left out` }));
}
