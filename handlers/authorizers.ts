// Makes the authorizers that a plan's routes need, and takes them away again.
import {
  CreateAuthorizerCommand,
  DeleteAuthorizerCommand,
  GetAuthorizersCommand,
} from '@aws-sdk/client-api-gateway';
import { isNotFound } from '../core/errors.ts';
import type { Execution } from '../core/execution.ts';
import type { ExistingAuthorizer } from '../core/existing.ts';
import type { AuthorizerChange } from '../core/plan.ts';
import type { Clients } from '../core/step.ts';
import { forgetMade } from './ledger.ts';
import { checkSettled, makeOnce } from './making.ts';
import { ignoring } from './methods.ts';

export async function listAuthorizers(
  { apigateway }: Pick<Clients, 'apigateway'>,
  restApiId: string,
): Promise<ExistingAuthorizer[]> {
  const { items = [] } = await apigateway.send(new GetAuthorizersCommand({ restApiId, limit: 500 }));
  return items.map(({ id = '', name = '', providerARNs = [] }) => ({ id, name, userPoolArns: providerARNs }));
}

const idOf = async (clients: Clients, restApiId: string, name: string) =>
  (await listAuthorizers(clients, restApiId)).find(one => one.name === name)?.id;

/** Each with its id. */
export async function ensureAuthorizers(
  clients: Clients,
  { execution, plan, made }: Execution,
  restApiId: string,
): Promise<AuthorizerChange[]> {
  const ensured: AuthorizerChange[] = [];
  for (const authorizer of plan.authorizers ?? []) {
    const { change, name, userPoolArn } = authorizer;
    if (change === 'KEEP') {
      ensured.push(authorizer);
      continue;
    }
    const command = new CreateAuthorizerCommand({
      restApiId,
      name,
      type: 'COGNITO_USER_POOLS',
      providerARNs: [userPoolArn],
      identitySource: 'method.request.header.Authorization',
    });
    const id = await makeOnce(clients, execution, made, {
      thing: `authorizer ${name}`,
      find: () => idOf(clients, restApiId, name),
      make: async () => (await clients.apigateway.send(command)).id,
    });
    ensured.push({ ...authorizer, id });
  }
  return ensured;
}

/** Once no method names them any more. */
export async function deleteAuthorizers(
  clients: Clients,
  { plan, made }: Execution,
  restApiId: string,
): Promise<string[]> {
  const deleted: string[] = [];
  for (const { name } of plan.authorizers ?? []) {
    const thing = `authorizer ${name}` as const;
    const known = made.get(thing);
    if (!known) continue;
    const authorizerId = known.id ?? (await idOf(clients, restApiId, name));
    const command = new DeleteAuthorizerCommand({ restApiId, authorizerId });
    const isDeleted =
      authorizerId !== undefined && (await ignoring(isNotFound, clients.apigateway.send(command)));
    if (!isDeleted) checkSettled(clients, made, thing);
    await forgetMade(clients, plan.executionName, thing);
    if (isDeleted) deleted.push(thing);
  }
  return deleted;
}

/** Those of this execution that are still there. */
export async function authorizersLeft(
  clients: Clients,
  { plan, made }: Execution,
  restApiId: string,
): Promise<string[]> {
  const names = (plan.authorizers ?? [])
    .map(({ name }) => name)
    .filter(name => made.has(`authorizer ${name}`));
  if (names.length === 0) return [];
  const there = await listAuthorizers(clients, restApiId);
  return names.filter(name => there.some(one => one.name === name));
}
