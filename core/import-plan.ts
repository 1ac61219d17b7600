// Which methods of a plan are put by one import for many, and the document that says what they are.
import type { Method } from '@aws-sdk/client-api-gateway';
import { fingerprintOf } from './execution-name.ts';
import { type OpenApiDocument, openApiOf } from './openapi.ts';
import { plannedMethod } from './openapi-plan.ts';
import { pathVariables } from './path.ts';
import { type Plan, type RoutePlan, routeKey, routesToPut } from './plan.ts';

/** From so many methods on an import and the calls around it are far fewer than those of one method after the other. */
const fewestImported = 10;

/** An import's body holds 6 MB. */
const mostInImport = 100;
const largestImport = 4_000_000;

/** A document declares every variable of its path: a method that does not use one is put by itself. */
const isImportable = ({ path, method }: RoutePlan) =>
  pathVariables(path).every(
    name => `method.request.path.${name}` in (method.definition?.requestParameters ?? {}),
  );

/**
 * Only into an API of ours with a version, for an import sets both its name and its version: they are what they were.
 * Where no rates hold nothing is imported.
 */
export function importedRoutes(plan: Plan, isPaced: boolean): readonly RoutePlan[] {
  const { restApi, record } = plan;
  const isOurs = restApi.change === 'CREATE' || (record?.isOwned === true && restApi.version !== undefined);
  if (!isPaced || !isOurs) return [];
  const routes = routesToPut(plan).filter(isImportable);
  return routes.length < fewestImported ? [] : routes;
}

/** The routes of one import after the other. */
export function importBatches(routes: readonly RoutePlan[]): RoutePlan[][] {
  const batches: RoutePlan[][] = [];
  let bytes = 0;
  for (const route of routes) {
    const size = JSON.stringify(route.method.definition).length;
    const last = batches.at(-1);
    if (last && last.length < mostInImport && bytes + size <= largestImport) {
      last.push(route);
      bytes += size;
    } else {
      batches.push([route]);
      bytes = size;
    }
  }
  return batches;
}

/** What an imported method is called until its settings are put: a document names each operation once. */
export const importedName = ({ executionName }: Pick<Plan, 'executionName'>, route: RoutePlan) =>
  `${route.action}-${fingerprintOf([executionName, routeKey(route)]).slice(0, 12)}`;

/** Whether everybody may call the method, and send what they like. */
function isOpen({ authorization, method, model }: RoutePlan): boolean {
  const { body, parameters } = method.definition?.validate ?? { body: true, parameters: true };
  return authorization.type === 'NONE' && !model && !body && !parameters;
}

/**
 * No models, validators or authorizers: an import would change those of the API. Until a method has them it lets in
 * the account's own signed requests only.
 */
function imported(plan: Plan, route: RoutePlan): Method {
  const { requestValidatorId: _v, authorizerId: _a, ...method } = plannedMethod(route, undefined);
  const responses = Object.values(method.methodResponses ?? {});
  return {
    ...method,
    operationName: importedName(plan, route),
    authorizationType: isOpen(route) ? 'NONE' : 'AWS_IAM',
    apiKeyRequired: false,
    requestModels: {},
    methodResponses: Object.fromEntries(
      responses.map(response => [response.statusCode ?? '', { ...response, responseModels: {} }]),
    ),
  };
}

/** `title` and `version` are those that the API has. */
export function importDocument(
  plan: Plan,
  routes: readonly RoutePlan[],
  { title, version }: { readonly title: string; readonly version: string },
): OpenApiDocument {
  const paths = [...new Set(routes.map(({ path }) => path))];
  return openApiOf({
    title,
    version,
    resources: paths.map(path => ({
      path,
      methods: Object.fromEntries(
        routes.filter(route => route.path === path).map(route => [route.httpMethod, imported(plan, route)]),
      ),
    })),
    models: [],
    requestValidators: [],
    authorizers: [],
    gatewayResponses: [],
    binaryMediaTypes: [],
  });
}
