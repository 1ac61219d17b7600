// designRoutes(): every route of an input with its operation, integration, policies and test, or every problem with it.
import { preflight, preflightOperation, withCors } from './cors.ts';
import { invalidInput, type Problem } from './errors.ts';
import { originsOf } from './gateway-responses.ts';
import type { Authorization, ProvisionInput, RouteInput } from './input.ts';
import { deriveMethod, type MethodDefinition, type Target } from './integration.ts';
import type { Operation } from './operation.ts';
import { type BoundMember, defaultHttpMethod } from './parameters.ts';
import { resourcePaths, siblingVariable } from './path.ts';
import type { OperationFacts, RouteTest } from './plan.ts';
import { permissionsPolicy, trustPolicy } from './policy.ts';
import type { Settings } from './step.ts';
import { type AllowedTargets, type Located, locate } from './target.ts';

/** A route as it shall be, whatever exists. */
export interface RouteDesign {
  readonly at: string;
  readonly path: string;
  readonly httpMethod: string;
  readonly service: string;
  readonly action: string;
  readonly authorization: Authorization;
  /** Origins that may call it from a browser. */
  readonly cors?: readonly string[];
  readonly operation?: OperationFacts;
  readonly definition: MethodDefinition;
  /** Absent for a CORS preflight. */
  readonly role?: { readonly trustPolicy: string; readonly permissionsPolicy: string };
  readonly test: RouteTest;
}

type Lookup = (
  service: string,
  action: string,
) => Operation | { readonly missing: 'service' | 'action'; readonly nearest: readonly string[] };

interface Surroundings {
  readonly findOperation: Lookup;
  /** Where the routes are. */
  readonly target: Target;
  readonly settings: Pick<Settings, 'allow' | 'deny'>;
}

interface Deployment extends Omit<Surroundings, 'target'> {
  /** Where the state machine is. */
  readonly home: Target;
  readonly settings: Surroundings['settings'] & { readonly targets?: AllowedTargets | 'ANY' };
}

/** The routes of an input as they shall be, and where. */
export interface Design extends Located {
  readonly routes: readonly RouteDesign[];
}

function matchesPattern(patterns: readonly string[], action: string): boolean {
  return patterns.some(pattern => {
    const source = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
    return new RegExp(`^${source}$`, 'i').test(action);
  });
}

function operationOf(
  route: RouteInput,
  { findOperation, settings }: Surroundings,
  problems: Problem[],
): Operation | undefined {
  const found = findOperation(route.service, route.action);
  if ('missing' in found) {
    const meant = found.nearest.length > 0 ? `; did you mean ${found.nearest.join(' or ')}?` : '';
    const name = found.missing === 'service' ? route.service : route.action;
    problems.push({
      path: `${route.at}.${found.missing}`,
      message: `there is no ${found.missing} "${name}"${meant}`,
    });
    return undefined;
  }
  if (found.status === 'rejected') {
    problems.push({
      path: `${route.at}.action`,
      message: `${found.service} ${found.action} cannot be exposed: ${found.reason}`,
    });
    return undefined;
  }
  const action = `${found.service}:${found.action}`;
  const isDenied = matchesPattern(settings.deny, action) || !matchesPattern(settings.allow, action);
  if (isDenied) {
    problems.push({
      path: `${route.at}.action`,
      message: `${action} is not allowed by this deployment's allow and deny lists`,
    });
  }
  return found;
}

function consentProblems(route: RouteInput, operation: Operation): Problem[] {
  if (route.authorization.type !== 'NONE' || operation.readOnly || route.acceptPublicWrite) return [];
  return [
    {
      path: `${route.at}.authorization`,
      message: `NONE would let anyone call ${operation.service} ${operation.action}, which does more than read; add "acceptPublicWrite": true to accept that`,
    },
  ];
}

/** The request to try a route with: the given one, or none where sending one could do harm. */
function testOf(
  route: RouteInput,
  operation: Operation,
  members: readonly BoundMember[],
  path: string,
  problems: Problem[],
): RouteTest {
  const given = route.test;
  if (given && 'skip' in given) return given;
  const credentials = route.authorization.type;
  if (credentials !== 'NONE' && credentials !== 'AWS_IAM') {
    return {
      skip: `a request to this route needs credentials of type ${credentials}, which this product does not hold`,
    };
  }
  const needed = members.filter(
    ({ required, source }) => 'from' in source && (required || source.from === 'path'),
  );
  if (!given && (!operation.readOnly || needed.length > 0)) {
    return {
      skip: operation.readOnly
        ? 'the operation needs input and no test was given'
        : 'the operation does more than read and no test was given',
    };
  }
  const parameters: Record<string, unknown> = { ...given?.parameters };
  const query: Record<string, string> = {};
  const headers: Record<string, string> = {};
  const body: Record<string, unknown> = {};
  let payload: string | undefined;
  let filled = path;
  for (const { member, source } of members) {
    if (!('from' in source)) continue;
    const name = source.from === 'payload' ? member : source.name;
    const value = parameters[member] ?? parameters[name];
    delete parameters[member];
    delete parameters[name];
    if (value === undefined) continue;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    if (source.from === 'query') query[source.name] = text;
    else if (source.from === 'header') headers[source.name] = text;
    else if (source.from === 'body') body[source.name] = value;
    else if (source.from === 'payload') payload = text;
    else filled = filled.replace(new RegExp(`\\{${source.name}\\+?\\}`), () => encodeURIComponent(text));
  }
  for (const unknown of Object.keys(parameters)) {
    problems.push({
      path: `${route.at}.test.parameters.${unknown}`,
      message: `is no parameter of ${operation.service} ${operation.action}`,
    });
  }
  if (filled.includes('{')) {
    problems.push({ path: `${route.at}.test.parameters`, message: `must fill the variables of ${path}` });
  }
  const sent = payload ?? (Object.keys(body).length > 0 ? JSON.stringify(body) : undefined);
  return {
    request: {
      path: filled,
      query,
      headers: { ...headers, ...(sent !== undefined && { 'Content-Type': 'application/json' }) },
      ...(sent !== undefined && { body: sent }),
    },
    expectStatus: given?.expectStatus ?? operation.http.responseCode ?? 200,
  };
}

const factsOf = (
  { protocol, status, reason, source, iam }: Operation,
  members: readonly BoundMember[],
): OperationFacts => ({
  protocol,
  status,
  ...(reason !== undefined && { reason }),
  ...(source !== undefined && { source }),
  needs: iam.needs,
  parameters: members.map(({ member, required, source: from }) => ({ member, required, source: from })),
});

function designRoute(route: RouteInput, surroundings: Surroundings, problems: Problem[]): RouteDesign[] {
  const operation = operationOf(route, surroundings, problems);
  if (!operation) return [];
  const { target } = surroundings;
  const path = route.path ?? `/${operation.service}/${operation.action}`;
  const httpMethod = route.httpMethod ?? defaultHttpMethod(operation);
  problems.push(...consentProblems(route, operation));
  const { parameters, resources, errors } = route;
  const shape = { httpMethod, path, parameters, resources, errors };
  const { definition, members } = deriveMethod(operation, shape, target, route.at, problems);
  return [
    {
      at: route.at,
      path,
      httpMethod,
      service: operation.service,
      action: operation.action,
      authorization: route.authorization,
      ...(route.cors && { cors: route.cors.origins }),
      operation: factsOf(operation, members),
      definition: route.cors ? withCors(definition, route.cors.origins) : definition,
      role: {
        trustPolicy: trustPolicy(target),
        permissionsPolicy: permissionsPolicy(operation, members, route.resources, target, route.at, problems),
      },
      test: testOf(route, operation, members, path, problems),
    },
  ];
}

/** One OPTIONS method for each path with CORS. */
function preflights(designs: readonly RouteDesign[]): RouteDesign[] {
  const withCors = designs.filter(({ cors }) => cors);
  return [...new Set(withCors.map(({ path }) => path))].map(path => {
    const served = withCors.filter(one => one.path === path);
    return {
      at: served[0]?.at ?? '$',
      path,
      httpMethod: 'OPTIONS',
      ...preflightOperation,
      authorization: { type: 'NONE' },
      definition: preflight(originsOf(served)),
      test: { skip: 'a preflight calls no service' },
    };
  });
}

function collisions(designs: readonly RouteDesign[]): Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const { at, httpMethod, path } of designs) {
    const name = `${httpMethod} ${path}`;
    if (seen.has(name)) problems.push({ path: at, message: `${name} occurs more than once` });
    seen.add(name);
  }
  const paths = new Set(designs.flatMap(({ path }) => resourcePaths(path)));
  for (const path of paths) {
    const other = siblingVariable(path, paths);
    if (other !== undefined && path < other) {
      problems.push({
        path: '$.routes',
        message: `${path} and ${other}: API Gateway allows one variable below the same parent`,
      });
    }
  }
  return problems;
}

/**
 * Everything about the routes that can be decided without asking AWS.
 * @throws ServiceProxyError `InvalidInput` with every problem of every route.
 */
export function designRoutes(input: ProvisionInput, { home, ...deployment }: Deployment): Design {
  const problems: Problem[] = [];
  if (input.region !== undefined && input.region !== home.region) {
    problems.push({ path: '$.region', message: `this engine works in ${home.region}` });
  }
  const located = locate(input.target, home, deployment.settings.targets, problems) ?? { target: home };
  const surroundings = { ...deployment, target: located.target };
  const asked = input.routes.flatMap(route => designRoute(route, surroundings, problems));
  const routes = [...asked, ...preflights(asked)];
  problems.push(...collisions(routes));
  if (problems.length > 0) throw invalidInput(problems);
  return { ...located, routes };
}
