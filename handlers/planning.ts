// Reads what exists and plans on it: what PlanChanges does first, and AcquireLock again under the lock.
import {
  GetRequestValidatorsCommand,
  GetRestApiCommand,
  GetStageCommand,
  type Method,
} from '@aws-sdk/client-api-gateway';
import { GetRoleCommand, GetRolePolicyCommand } from '@aws-sdk/client-iam';
import { findOperation } from '../catalog/catalog.ts';
import { ifFound, ServiceProxyError } from '../core/errors.ts';
import type { ExecutionIdentity } from '../core/execution.ts';
import { type ApiRecord, type Existing, type ExistingRole, nothingExists } from '../core/existing.ts';
import type { ProvisionInput } from '../core/input.ts';
import type { Plan } from '../core/plan.ts';
import { planChanges } from '../core/plan-changes.ts';
import { rolePolicyName } from '../core/role.ts';
import { type Design, designRoutes } from '../core/routes.ts';
import { allow, type Clients, type Permission } from '../core/step.ts';
import { listAuthorizers } from './authorizers.ts';
import { listGatewayResponses } from './gateway-responses.ts';
import { findApiByName, readApi } from './ledger.ts';
import { apiGateway } from './permissions.ts';
import { listResources } from './resources.ts';
import { readsRoles, roleArns } from './roles.ts';

export const planningPermissions: readonly Permission[] = [
  // Everything in the API as well: in IAM a * stands for slashes too.
  apiGateway(['GET'], '/restapis/*'),
  readsRoles,
  allow(['iam:GetRolePolicy'], [roleArns]),
];

async function readRole({ iam }: Clients, name: string): Promise<ExistingRole | undefined> {
  const role = await ifFound(iam.send(new GetRoleCommand({ RoleName: name })));
  if (!role?.Role?.Arn) return undefined;
  const policy = await ifFound(
    iam.send(new GetRolePolicyCommand({ RoleName: name, PolicyName: rolePolicyName })),
  );
  const document = policy?.PolicyDocument;
  return {
    name,
    arn: role.Role.Arn,
    policies: document ? { [rolePolicyName]: decodeURIComponent(document) } : {},
  };
}

/** Roles the ledger names for the routes asked for. */
async function readRoles(
  clients: Clients,
  input: ProvisionInput,
  record?: ApiRecord,
): Promise<ExistingRole[]> {
  const roles: ExistingRole[] = [];
  const names = new Set(record?.routes.flatMap(({ roleName }) => roleName ?? []));
  if (input.operation === 'remove') return [];
  for (const name of names) {
    const role = await readRole(clients, name);
    if (role) roles.push(role);
  }
  return roles;
}

const needsAuthorizers = ({ operation, routes }: ProvisionInput) =>
  operation === 'provision' &&
  routes.some(({ authorization }) => authorization.type === 'COGNITO_USER_POOLS');

/** In an API that this product made, for routes with CORS, and where there were such. */
const needsGatewayResponses = ({ operation, routes }: ProvisionInput, record: ApiRecord | undefined) =>
  record?.isOwned === true &&
  ((record.gatewayResponses ?? []).length > 0 ||
    (operation === 'provision' && routes.some(({ cors }) => cors)));

/** Waits for its turn to make so many calls to the API Gateway of these clients. */
export type AwaitTurn = (clients: Clients, calls: number) => Promise<void>;

/** GetRestApi, GetResources, GetStage and GetRequestValidators; GetGatewayResponses besides. */
const callsToRead = 4;

/** Only calls that read. Without an API of that name in the ledger there is nothing to read at all. */
async function readExisting(
  clients: Clients,
  input: ProvisionInput,
  awaitTurn: AwaitTurn,
): Promise<Existing> {
  const { apigateway } = clients;
  const restApiId = 'id' in input.api ? input.api.id : await findApiByName(clients, input.api.name);
  if (restApiId === undefined) return nothingExists;
  const record = await readApi(clients, restApiId);
  const hasOwnErrors = needsGatewayResponses(input, record);
  await awaitTurn(clients, hasOwnErrors ? callsToRead + 1 : callsToRead);
  const api = await ifFound(apigateway.send(new GetRestApiCommand({ restApiId })));
  if (!api) {
    if ('id' in input.api)
      throw new ServiceProxyError(
        'Refused',
        `there is no REST API ${restApiId}; name one with {"name":…} to have it made`,
      );
    return record ? { ...nothingExists, record } : nothingExists;
  }
  const resources = (await listResources(clients, restApiId)).map(
    ({ id = '', path = '/', resourceMethods = {} }) => ({
      id,
      path,
      methods: resourceMethods as Record<string, Method>,
    }),
  );
  const stage = await ifFound(apigateway.send(new GetStageCommand({ restApiId, stageName: input.stage })));
  const validators = await apigateway.send(new GetRequestValidatorsCommand({ restApiId, limit: 500 }));
  return {
    restApi: {
      id: restApiId,
      name: api.name ?? restApiId,
      rootResourceId: api.rootResourceId ?? resources.find(({ path }) => path === '/')?.id ?? '',
      ...(api.version !== undefined && { version: api.version }),
      binaryMediaTypes: api.binaryMediaTypes ?? [],
    },
    resources,
    requestValidators: (validators.items ?? [])
      .filter(one => one.validateRequestBody && one.validateRequestParameters)
      .map(({ id = '', name = '' }) => ({ id, name })),
    authorizers: needsAuthorizers(input) ? await listAuthorizers(clients, restApiId) : [],
    gatewayResponses: hasOwnErrors ? await listGatewayResponses(clients, restApiId) : [],
    ...(stage?.deploymentId && { stage: { name: input.stage, deploymentId: stage.deploymentId } }),
    ...(record && { record }),
    roles: await readRoles(clients, input, record),
  };
}

/** Partition, region and account, from the execution's own ARN. */
function homeOf({ arn }: ExecutionIdentity) {
  const [, partition = 'aws', , region = '', account = ''] = arn.split(':');
  return { partition, region, account };
}

/** The routes as they shall be: everything that can be refused without asking AWS is refused here. */
export function designFor(
  { settings }: Pick<Clients, 'settings'>,
  input: ProvisionInput,
  execution: ExecutionIdentity,
): Design {
  return designRoutes(input, { findOperation, home: homeOf(execution), settings });
}

export async function planFrom(
  clients: Clients,
  input: ProvisionInput,
  execution: ExecutionIdentity,
  awaitTurn: AwaitTurn = async () => {},
): Promise<Plan> {
  const { reach, ...design } = designFor(clients, input, execution);
  const there = reach ? clients.at(reach, execution.name) : clients;
  // Whether the role can be assumed at all is known before the first change.
  if (reach?.roleArn !== undefined) await there.apigateway.config.credentials();
  const existing = await readExisting(there, input, awaitTurn);
  return planChanges({ input, ...design, ...(reach && { reach }), existing, executionName: execution.name });
}
