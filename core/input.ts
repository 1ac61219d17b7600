// ProvisionInput and parseInput(): the only code that sees an execution's unvalidated input.
import type { ErrorForm } from './error-template.ts';
import { invalidInput, type Problem } from './errors.ts';
import { schemaProblems, shown } from './input-problems.ts';
import { routeFields } from './input-schema.ts';
import { pathProblems } from './path.ts';
import type { TargetInput } from './target.ts';

export type Authorization =
  | { readonly type: 'AWS_IAM' | 'API_KEY' | 'NONE' }
  | { readonly type: 'COGNITO_USER_POOLS'; readonly arn: string }
  | { readonly type: 'CUSTOM'; readonly authorizerId: string };

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';

export type Parameter =
  | { readonly from: 'query' | 'path' | 'header' | 'body'; readonly name?: string }
  | { readonly value: unknown };

export type TestInput =
  | { readonly parameters?: Readonly<Record<string, unknown>>; readonly expectStatus?: number }
  | { readonly skip: string };

/** One route as asked for; what is absent is derived from the operation. */
export interface RouteInput {
  readonly service: string;
  readonly action: string;
  readonly path?: string;
  readonly httpMethod?: HttpMethod;
  readonly authorization: Authorization;
  readonly acceptPublic: boolean;
  readonly acceptPublicWrite: boolean;
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly resources: readonly string[];
  readonly test?: TestInput;
  readonly errors: ErrorForm;
  readonly cors?: { readonly origins: readonly string[] };
  /** Where this route stands in the input, for problems found later: `$` or `$.routes[2]`. */
  readonly at: string;
}

export type ApiInput = { readonly id: string } | { readonly name: string };

export interface ProvisionInput {
  readonly operation: 'provision' | 'remove';
  readonly api: ApiInput;
  readonly stage: string;
  readonly routes: readonly RouteInput[];
  /** Whether somebody has to approve the plan before the first change. */
  readonly approval: boolean;
  readonly onFailure: 'ROLL_BACK' | 'PAUSE';
  /** The execution to go on with, by name or ARN. */
  readonly resume?: string;
  readonly clientToken?: string;
  readonly requestedBy?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly region?: string;
  /** Where the API lives, if not beside the state machine. */
  readonly target?: TargetInput;
}

/** Step Functions takes no larger input (262,144 bytes of UTF-8). */
const largestInput = 262_144;

/** Deeper than anything that is meant, and shallow enough for everything that goes through it. */
const deepestNesting = 64;

function isTooDeep(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepestNesting) return true;
    level = level.flatMap(one => (typeof one === 'object' && one !== null ? Object.values(one) : []));
  }
  return false;
}

/** In JSON text as JSON.stringify writes it, which escapes no surrogates but lone ones. */
const loneSurrogate = /(?<!\\)(?:\\\\)*\\ud[89a-f][0-9a-f]{2}/;

type Fields = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What the schema cannot say: a route's name is demanded once, paths follow API Gateway's rules. */
function furtherProblems(input: Fields): Problem[] {
  const problems: Problem[] = [];
  const single = Object.keys(routeFields).filter(name => name in input);
  if (Array.isArray(input.routes)) {
    // Consent and authorization may be given once for all routes; the rest belongs into each.
    const shared = new Set(['acceptPublic', 'acceptPublicWrite', 'authorization']);
    for (const name of single.filter(field => !shared.has(field))) {
      problems.push({ path: `$.${name}`, message: 'belongs into each route when routes is given' });
    }
  } else {
    for (const name of ['service', 'action']) {
      if (!(name in input)) problems.push({ path: `$.${name}`, message: 'is required' });
    }
  }
  for (const [at, route] of routesOf(input)) {
    if (typeof route.path === 'string') {
      for (const message of pathProblems(route.path)) problems.push({ path: `${at}.path`, message });
    }
  }
  return problems;
}

function routesOf(input: Fields): [at: string, route: Fields][] {
  if (!Array.isArray(input.routes)) return [['$', input]];
  return input.routes.map((route, index) => [`$.routes[${index}]`, isObject(route) ? route : {}]);
}

function consentProblems(route: RouteInput): Problem[] {
  if (route.authorization.type !== 'NONE' || route.acceptPublic) return [];
  return [
    {
      path: `${route.at}.authorization`,
      message: 'NONE makes the route public; add "acceptPublic": true to accept that, or choose AWS_IAM',
    },
  ];
}

/**
 * The one place where an input is trusted from: every field checked, defaults filled in.
 * @throws ServiceProxyError `InvalidInput` listing every problem with its JSON path. No AWS call is made.
 */
export function parseInput(value: unknown): ProvisionInput {
  if (!isObject(value)) {
    throw invalidInput([{ path: '$', message: `must be an object, not ${shown(value)}` }]);
  }
  if (isTooDeep(value)) {
    throw invalidInput([{ path: '$', message: `is nested deeper than ${deepestNesting} levels` }]);
  }
  const json = JSON.stringify(value);
  if (loneSurrogate.test(json)) {
    throw invalidInput([
      { path: '$', message: 'holds half a character: a surrogate without its other half' },
    ]);
  }
  const size = new TextEncoder().encode(json).length;
  if (size > largestInput) {
    throw invalidInput([
      { path: '$', message: `is ${size} bytes; Step Functions takes at most ${largestInput}` },
    ]);
  }
  const problems = [...schemaProblems(value), ...furtherProblems(value)];
  if (problems.length > 0) throw invalidInput(problems);

  const input = value as unknown as Partial<ProvisionInput> & Fields & { readonly stage: string };
  const shared = {
    authorization: { type: 'AWS_IAM' } as const,
    acceptPublic: false,
    acceptPublicWrite: false,
    ...Object.fromEntries(
      (['authorization', 'acceptPublic', 'acceptPublicWrite'] as const).flatMap(name =>
        name in input ? [[name, input[name]]] : [],
      ),
    ),
  };
  const routes = routesOf(value).map(([at, route]) => {
    const fields = Object.fromEntries(
      Object.keys(routeFields).flatMap(name => (name in route ? [[name, route[name]]] : [])),
    );
    return {
      parameters: {},
      resources: [],
      errors: 'mapped',
      ...shared,
      ...fields,
      at,
    } as unknown as RouteInput;
  });
  const consent = routes.flatMap(consentProblems);
  if (consent.length > 0) throw invalidInput(consent);
  return {
    operation: input.operation ?? 'provision',
    api: input.api ?? { name: 'service-proxy' },
    stage: input.stage,
    routes,
    tags: input.tags ?? {},
    approval: input.approval ?? false,
    onFailure: input.onFailure ?? 'ROLL_BACK',
    ...(input.resume !== undefined && { resume: input.resume }),
    ...(input.clientToken !== undefined && { clientToken: input.clientToken }),
    ...(input.requestedBy !== undefined && { requestedBy: input.requestedBy }),
    ...(input.region !== undefined && { region: input.region }),
    ...(input.target !== undefined && { target: input.target }),
  };
}
