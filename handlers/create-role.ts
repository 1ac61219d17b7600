// Creates the roles API Gateway assumes to call the target services, one for each route.
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { isConflict, isNotFound, ServiceProxyError } from '../core/errors.ts';
import type { Execution, Made } from '../core/execution.ts';
import { ownerTag, type Plan, type RoleChange } from '../core/plan.ts';
import { rolePath, rolePolicyName } from '../core/role.ts';
import { allow, type Clients, type Rollback, type Step } from '../core/step.ts';
import { forgetMade, recordMade, rolesMade } from './ledger.ts';
import { checkSettled, makeIntended } from './making.ts';
import { ledger } from './permissions.ts';
import { deleteOwnedRole, deletesRoles, executionThatMade, readsRoles, roleArns } from './roles.ts';
import { serve } from './serve.ts';

function plannedRoles(plan: Plan, change: RoleChange['change']): RoleChange[] {
  return plan.routes.flatMap(({ role }) => (role?.change === change ? [role] : []));
}

async function ensureRole(
  clients: Clients,
  { execution, plan }: Execution,
  made: Made,
  role: RoleChange,
): Promise<void> {
  const { permissionsBoundary } = clients.settings;
  const tags = { ...plan.tags, [ownerTag]: plan.executionName };
  const command = new CreateRoleCommand({
    RoleName: role.name,
    Path: rolePath,
    AssumeRolePolicyDocument: role.trustPolicy,
    Description: 'Assumed by API Gateway to call one service action; made by service-proxy',
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    ...(permissionsBoundary !== undefined && { PermissionsBoundary: permissionsBoundary }),
  });
  await makeIntended(clients, execution, made, `role ${role.name}`, async () => {
    try {
      await clients.iam.send(command);
    } catch (error) {
      // An earlier attempt may have made it and lost the answer: its tag tells.
      if (!isConflict(error)) throw error;
      await checkMaker(clients, plan, role.name);
    }
  });
  await clients.iam.send(
    new PutRolePolicyCommand({
      RoleName: role.name,
      PolicyName: rolePolicyName,
      PolicyDocument: role.permissionsPolicy,
    }),
  );
}

async function checkMaker(clients: Clients, plan: Plan, name: string): Promise<void> {
  let maker: string | undefined;
  try {
    maker = await executionThatMade(clients, name);
  } catch (error) {
    // It was there a moment ago: IAM does not show a new role everywhere at once.
    throw isNotFound(error)
      ? new ServiceProxyError('Unavailable', `role ${name} is not readable yet`)
      : error;
  }
  if (maker === plan.executionName) return;
  throw new ServiceProxyError('NotOwned', `role ${name} exists and was not made by this execution`);
}

const rollback: Rollback = {
  name: 'DeleteRole',
  permissions: [...deletesRoles, ledger('Query', 'PutItem', 'DeleteItem')],
  timeoutSeconds: 300,
  // Looks the role up by its planned name: CreateRole may have timed out after IAM had made it.
  async run({ plan, made }, clients) {
    const rolledBack: string[] = [];
    if (plan.operation === 'remove') {
      for (const { name } of plannedRoles(plan, 'DELETE'))
        if (await deleteOwnedRole(clients, name)) rolledBack.push(`role ${name}`);
      return { rolledBack };
    }
    for (const name of rolesMade(made)) {
      if (await deleteOwnedRole(clients, name, plan.executionName)) rolledBack.push(`role ${name}`);
      else checkSettled(clients, made, `role ${name}`);
      await forgetMade(clients, plan.executionName, `role ${name}`);
    }
    return { rolledBack };
  },
};

export const createRole: Step<'CreateRole'> = {
  name: 'CreateRole',
  permissions: [
    // Without the boundary, whoever takes over this function could make a role that may do anything.
    allow(['iam:CreateRole', 'iam:PutRolePolicy'], [roleArns], {
      StringEquals: { 'iam:PermissionsBoundary': '{boundary}' },
    }),
    allow(['iam:TagRole'], [roleArns]),
    readsRoles,
    ledger('Query', 'GetItem', 'PutItem', 'DeleteItem'),
  ],
  timeoutSeconds: 300,

  async run(running, clients) {
    const { plan, made } = running;
    const planned = plannedRoles(plan, 'CREATE');
    for (const role of planned) {
      const thing = `role ${role.name}` as const;
      if (made.get(thing)?.state === 'MADE') continue;
      await ensureRole(clients, running, made, role);
      await recordMade(clients, plan.executionName, thing);
    }
    return { roles: planned.length };
  },

  rollback,
};

export const handler = serve(createRole);
export const rollbackHandler = serve(rollback);
