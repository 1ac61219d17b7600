// What the ledger says of an API, compared with what is there.
import { GetStageCommand, type Method } from '@aws-sdk/client-api-gateway';
import { GetRoleCommand, GetRolePolicyCommand, type Role } from '@aws-sdk/client-iam';
import { ifFound } from '../core/errors.ts';
import type { ApiRecord, RouteRecord } from '../core/existing.ts';
import { gatewayResponseFor, isAsDefined, originsOf } from '../core/gateway-responses.ts';
import { routeKey } from '../core/plan.ts';
import { fingerprintOfRole, rolePolicyName } from '../core/role.ts';
import { fingerprintOfMethod } from '../core/same-method.ts';
import type { Clients } from '../core/step.ts';
import { listGatewayResponses } from './gateway-responses.ts';
import { methodOf } from './leftovers.ts';
import { resourcesLeft } from './resources.ts';
import { makerOf } from './roles.ts';

/** Roles that any stage of the API uses. */
export const rolesOf = ({ routes }: ApiRecord) =>
  routes.flatMap(({ roleName, servedBy }) =>
    [roleName ?? [], Object.values(servedBy).flatMap(served => served.roleName ?? [])].flat(),
  );

async function driftOfGatewayResponses(clients: Clients, api: ApiRecord, at: string): Promise<string[]> {
  const { restApiId, routes, gatewayResponses = [] } = api;
  const found = gatewayResponses.length > 0 ? await listGatewayResponses(clients, restApiId) : [];
  return gatewayResponses.flatMap(type => {
    const there = found.find(({ responseType }) => responseType === type);
    if (!there) return [`gateway response ${type} ${at} was deleted`];
    return isAsDefined(there, gatewayResponseFor(originsOf(routes)))
      ? []
      : [`gateway response ${type} ${at} was changed`];
  });
}

/** A record of an older version has no fingerprint. */
function isChanged(method: Method, { action, roleName, methodFingerprint }: RouteRecord): boolean {
  const credentials = method.methodIntegration?.credentials;
  return (
    method.operationName !== action ||
    (roleName !== undefined && !credentials?.endsWith(`/${roleName}`)) ||
    (methodFingerprint !== undefined && fingerprintOfMethod(method) !== methodFingerprint)
  );
}

/** Undefined for one whose policy is gone. */
async function fingerprintOfRoleThere(
  { iam }: Clients,
  { RoleName, AssumeRolePolicyDocument }: Role,
): Promise<string | undefined> {
  const policy = await ifFound(iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: rolePolicyName })));
  if (!AssumeRolePolicyDocument || !policy?.PolicyDocument) return undefined;
  // IAM gives documents as URI components.
  return fingerprintOfRole({
    trustPolicy: decodeURIComponent(AssumeRolePolicyDocument),
    permissionsPolicy: decodeURIComponent(policy.PolicyDocument),
  });
}

/** What the ledger says is there, and is not, or not as it was put. */
export async function findDrift(clients: Clients, api: ApiRecord): Promise<string[]> {
  const { restApiId, name, routes, stages } = api;
  const drift: string[] = [];
  const resources = await resourcesLeft(clients, restApiId);
  if (resources.length === 0) return [`REST API ${name} (${restApiId}) was deleted`];
  const at = `of REST API ${name} (${restApiId})`;
  for (const route of routes) {
    const method = methodOf(resources, route);
    if (!method) drift.push(`method ${routeKey(route)} ${at} was deleted`);
    else if (isChanged(method, route)) drift.push(`method ${routeKey(route)} ${at} was changed`);
  }
  drift.push(...(await driftOfGatewayResponses(clients, api, at)));
  for (const roleName of new Set(rolesOf(api))) {
    const wanted = routes.find(route => route.roleName === roleName)?.roleFingerprint;
    const found = await ifFound(clients.iam.send(new GetRoleCommand({ RoleName: roleName })));
    if (!found?.Role || makerOf(found.Role) === undefined)
      drift.push(`role ${roleName} was deleted, or lost its tag`);
    else if (wanted !== undefined && (await fingerprintOfRoleThere(clients, found.Role)) !== wanted)
      drift.push(`role ${roleName} was changed: its trust or its permissions`);
  }
  for (const { name: stageName, deploymentId } of stages) {
    const stage = await ifFound(clients.apigateway.send(new GetStageCommand({ restApiId, stageName })));
    if (!stage) drift.push(`stage ${stageName} ${at} was deleted`);
    else if (stage.deploymentId !== deploymentId)
      drift.push(`stage ${stageName} ${at} was deployed by somebody else`);
  }
  return drift;
}
