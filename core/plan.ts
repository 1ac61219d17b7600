// Plan: every change an execution will make, as CREATE, UPDATE, DELETE or KEEP, with every name and document it sends.
import type { Method } from '@aws-sdk/client-api-gateway';
import type { Source } from './binding.ts';
import type { ApiRecord } from './existing.ts';
import { describeGatewayResponse, type GatewayResponseChange } from './gateway-responses.ts';
import type { Authorization, ProvisionInput } from './input.ts';
import type { MethodDefinition } from './integration.ts';
import type { Operation } from './operation.ts';
import type { Settings } from './step.ts';
import { inWords, type PlannedTarget } from './target.ts';

export type Tags = Readonly<Record<string, string>>;

export type RestApiChange =
  | { readonly change: 'CREATE'; readonly name: string; readonly binaryMediaTypes: readonly string[] }
  | {
      readonly change: 'UPDATE';
      readonly id: string;
      readonly name: string;
      readonly rootResourceId: string;
      readonly version?: string;
      readonly addBinaryMediaTypes: readonly string[];
    }
  | {
      readonly change: 'KEEP' | 'DELETE';
      readonly id: string;
      readonly name: string;
      readonly rootResourceId: string;
      readonly version?: string;
    };

export interface ResourceChange {
  readonly change: 'CREATE' | 'KEEP' | 'DELETE';
  readonly path: string;
  /** Absent while it does not exist. */
  readonly id?: string;
}

/** A role is never changed, only made and, when nothing uses it any more, deleted. */
export interface RoleChange {
  readonly change: 'CREATE' | 'KEEP' | 'DELETE';
  readonly name: string;
  readonly arn: string;
  readonly trustPolicy: string;
  readonly permissionsPolicy: string;
}

/** A model's name holds a hash of its schema, so it is never changed either. */
export interface ModelChange {
  readonly change: 'CREATE' | 'KEEP' | 'DELETE';
  readonly name: string;
  readonly contentType: string;
  readonly schema: string;
}

/** Lets in the users of one Cognito user pool; `id` once it is there. */
export interface AuthorizerChange {
  readonly change: 'CREATE' | 'KEEP';
  readonly name: string;
  readonly userPoolArn: string;
  readonly id?: string;
}

export interface RequestValidatorChange {
  readonly change: 'CREATE' | 'KEEP' | 'DELETE';
  readonly name: string;
  readonly id?: string;
}

export type RouteTest =
  | { readonly request: TestRequest; readonly expectStatus: number }
  | { readonly skip: string };

/** A request to a route, by what it sends; API Gateway's TestInvokeMethod and the live URL get the same. */
export interface TestRequest {
  /** Path with its variables filled in, percent-encoded. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What the catalog says about a route's operation. */
export interface OperationFacts {
  readonly protocol: Operation['protocol'];
  readonly status: Operation['status'];
  readonly reason?: string;
  readonly source?: string;
  /** Permissions the role may need besides, which are not the product's to give. */
  readonly needs: readonly string[];
  /** Where each member that the service gets comes from. */
  readonly parameters: readonly {
    readonly member: string;
    readonly required: boolean;
    readonly source: Source;
  }[];
}

export interface RoutePlan {
  readonly path: string;
  readonly httpMethod: string;
  readonly service: string;
  readonly action: string;
  readonly authorization: Authorization;
  /** Origins that may call it from a browser; absent for a preflight itself. */
  readonly cors?: readonly string[];
  /** Absent for a CORS preflight and for what is removed. */
  readonly operation?: OperationFacts;
  readonly method: {
    readonly change: 'CREATE' | 'UPDATE' | 'DELETE' | 'KEEP';
    /** What will be there; absent for DELETE. */
    readonly definition?: MethodDefinition;
    /** What was there, for UPDATE and DELETE. */
    readonly previous?: Method;
  };
  /** Absent for a CORS preflight, which calls no service. */
  readonly role?: RoleChange;
  readonly model?: ModelChange;
  readonly test: RouteTest;
}

export interface StageChange {
  readonly change: 'CREATE' | 'UPDATE' | 'KEEP' | 'DELETE';
  readonly name: string;
  readonly previousDeploymentId?: string;
}

/** What a new definition of a route replaces, and nothing uses once the stage serves the new one. */
export interface Superseded {
  readonly roles: readonly string[];
  readonly models: readonly string[];
}

export interface Plan {
  readonly operation: 'provision' | 'remove';
  readonly executionName: string;
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  /** How the API is reached; absent where it is in the account and region of the state machine. */
  readonly reach?: PlannedTarget;
  readonly input: ProvisionInput;
  readonly tags: Tags;
  readonly restApi: RestApiChange;
  readonly requestValidator?: RequestValidatorChange;
  /** Absent where no route needs one. */
  readonly authorizers?: readonly AuthorizerChange[];
  /** Absent where no route has CORS, nor had it. */
  readonly gatewayResponses?: readonly GatewayResponseChange[];
  /** Parents first. */
  readonly resources: readonly ResourceChange[];
  readonly routes: readonly RoutePlan[];
  readonly stage: StageChange;
  readonly superseded: Superseded;
  /** What the ledger said of the API: rollback of RecordOutcome writes it back. */
  readonly record?: ApiRecord;
}

/** Tag that says which execution made a thing: rollback deletes nothing without it. */
export const ownerTag = 'service-proxy:execution';

/** What tells the routes of one API apart. */
type RouteName = Pick<RoutePlan, 'httpMethod' | 'path'>;

/** A route within its API: `GET /items/{id}`. */
export const routeKey = ({ httpMethod, path }: RouteName) => `${httpMethod} ${path}` as const;

/** The same route in another list: of the plan, of the input, of the ledger's record. */
export const findRoute = <T extends RouteName>(routes: readonly T[] | undefined, route: RouteName) =>
  routes?.find(one => routeKey(one) === routeKey(route));

/** The answers of API Gateway's own that are put, changed or taken away. */
export const gatewayResponsesToChange = ({ gatewayResponses = [] }: Pick<Plan, 'gatewayResponses'>) =>
  gatewayResponses.filter(({ change }) => change !== 'KEEP');

/** The routes whose method is put: new ones, and those that change. */
export const routesToPut = ({ routes }: Pick<Plan, 'routes'>) =>
  routes.filter(({ method }) => method.change === 'CREATE' || method.change === 'UPDATE');

/** The API's id where the plan knows it: everywhere but before CreateRestApi. */
export function plannedApiId(plan: Plan): string | undefined {
  return plan.restApi.change === 'CREATE' ? undefined : plan.restApi.id;
}

/** URL of a path on the planned stage. `path` is percent-encoded and starts with a slash. */
export function invokeUrl(
  settings: Pick<Settings, 'invokeUrl'>,
  plan: Plan,
  restApiId: string,
  path: string,
): string {
  return settings.invokeUrl
    .replace('{api}', restApiId)
    .replace('{region}', plan.region)
    .replace('{stage}', plan.stage.name)
    .replace('{path}', () => path);
}

/** The plan in words, a line for each thing: what `plan` prints and PlanChanges returns. */
export function describePlan(plan: Plan): string[] {
  const lines = plan.reach ? [`IN ${inWords(plan, plan.reach)}`] : [];
  for (const { role } of plan.routes) if (role) lines.push(`${role.change} role ${role.name}`);
  lines.push(`${plan.restApi.change} REST API ${plan.restApi.name}`);
  if (plan.requestValidator) {
    lines.push(`${plan.requestValidator.change} request validator ${plan.requestValidator.name}`);
  }
  for (const { change, name } of plan.authorizers ?? []) lines.push(`${change} authorizer ${name}`);
  for (const response of plan.gatewayResponses ?? []) lines.push(describeGatewayResponse(response));
  for (const { change, path } of plan.resources) lines.push(`${change} resource ${path}`);
  for (const route of plan.routes) {
    if (route.model) lines.push(`${route.model.change} model ${route.model.name}`);
    lines.push(
      `${route.method.change} method ${route.httpMethod} ${route.path} → ${route.service} ${route.action}`,
    );
    if (route.operation?.status === 'unverified') lines.push(`  unverified: ${route.operation.reason}`);
    for (const need of route.operation?.needs ?? []) lines.push(`  the role may need ${need}`);
  }
  lines.push(`${plan.stage.change} stage ${plan.stage.name}`);
  for (const role of plan.superseded.roles) lines.push(`DELETE role ${role} once nothing uses it`);
  for (const model of plan.superseded.models) lines.push(`DELETE model ${model} once nothing uses it`);
  return lines;
}
