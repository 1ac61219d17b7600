// What exists and a route cannot live beside: somebody else's method, a sibling variable, a greedy parent.
import { invalidInput, type Problem } from './errors.ts';
import { parentPath, resourcePaths, siblingVariable } from './path.ts';
import { findRoute, routeKey } from './plan.ts';
import type { Planning } from './planning.ts';
import type { RouteDesign } from './routes.ts';

/** A method on the route's path that this product did not make is never changed. */
function foreignMethod({ existing }: Planning, route: RouteDesign): string[] {
  const isThere = existing.resources.find(({ path }) => path === route.path)?.methods[route.httpMethod];
  const isOurs = findRoute(existing.record?.routes, route) !== undefined;
  if (!isThere || isOurs) return [];
  return [
    `${routeKey(route)} exists on REST API ${existing.restApi?.id} and was not made by this product; choose another path or method`,
  ];
}

function unusablePath({ existing }: Planning, route: RouteDesign): string[] {
  const known = new Set(existing.resources.map(({ path }) => path));
  return resourcePaths(route.path)
    .filter(path => !known.has(path))
    .flatMap(path => {
      const sibling = siblingVariable(path, known);
      if (sibling !== undefined) {
        return [
          `${path} cannot be added beside ${sibling}: API Gateway allows one variable below the same parent`,
        ];
      }
      if (!parentPath(path).endsWith('+}')) return [];
      return [`${path} cannot be added below the greedy variable ${parentPath(path)}`];
    });
}

/** @throws ServiceProxyError with every problem of every route: `NotOwned` where something is somebody else's. */
export function refuseConflicts(planning: Planning): void {
  const problemsOf = (found: (planning: Planning, route: RouteDesign) => string[]): Problem[] =>
    planning.routes.flatMap(route =>
      found(planning, route).map(message => ({ path: `${route.at}.path`, message })),
    );
  const foreign = problemsOf(foreignMethod);
  const problems = [...foreign, ...problemsOf(unusablePath)];
  if (problems.length > 0) throw invalidInput(problems, foreign.length > 0 ? 'NotOwned' : 'Refused');
}
