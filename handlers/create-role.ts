// Creates the roles API Gateway assumes to call the target services, one for each route.
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { isConflict, ServiceProxyError } from '../core/errors.ts';
import { ownerTag, type Plan, type RoleChange } from '../core/plan.ts';
import { rolePath, rolePolicyName } from '../core/role.ts';
import { allow, type Clients, type Rollback, type Step } from '../core/step.ts';
import { forgetMade, loadMade, recordIntent, recordMade } from './ledger.ts';
import { ledgerRead, ledgerWrite } from './permissions.ts';
import { absentRoleArns, deleteOwnedRole, deletesRoles, executionThatMade, roleArns } from './roles.ts';
import { serve } from './serve.ts';

function plannedRoles(plan: Plan, change: RoleChange['change']): RoleChange[] {
  return plan.routes.flatMap(({ role }) => (role?.change === change ? [role] : []));
}

async function ensureRole(clients: Clients, plan: Plan, role: RoleChange): Promise<void> {
  const { permissionsBoundary } = clients.settings;
  const tags = { ...plan.tags, [ownerTag]: plan.executionName };
  try {
    await clients.iam.send(
      new CreateRoleCommand({
        RoleName: role.name,
        Path: rolePath,
        AssumeRolePolicyDocument: role.trustPolicy,
        Description: 'Assumed by API Gateway to call one service action; made by service-proxy',
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
        ...(permissionsBoundary !== undefined && { PermissionsBoundary: permissionsBoundary }),
      }),
    );
  } catch (error) {
    // An earlier attempt may have made it and lost the answer: its tag tells.
    if (!isConflict(error)) throw error;
    if ((await executionThatMade(clients, role.name)) !== plan.executionName) {
      throw new ServiceProxyError('NotOwned', `role ${role.name} exists and was not made by this execution`);
    }
  }
  await clients.iam.send(
    new PutRolePolicyCommand({
      RoleName: role.name,
      PolicyName: rolePolicyName,
      PolicyDocument: role.permissionsPolicy,
    }),
  );
}

const rollback: Rollback = {
  name: 'DeleteRole',
  permissions: [deletesRoles, ledgerRead, ledgerWrite],
  timeoutSeconds: 300,
  // Looks the role up by its planned name: CreateRole may have timed out after IAM had made it.
  async run({ plan }, clients) {
    const rolledBack: string[] = [];
    const doomed = plan.operation === 'remove' ? plannedRoles(plan, 'DELETE') : plannedRoles(plan, 'CREATE');
    const maker = plan.operation === 'remove' ? undefined : plan.executionName;
    for (const { name } of doomed) {
      if (await deleteOwnedRole(clients, name, maker)) rolledBack.push(`role ${name}`);
      await forgetMade(clients, plan.executionName, `role ${name}`);
    }
    return { rolledBack };
  },
};

export const createRole: Step<'CreateRole'> = {
  name: 'CreateRole',
  permissions: [
    allow(['iam:CreateRole', 'iam:PutRolePolicy', 'iam:TagRole', 'iam:GetRole'], [roleArns, absentRoleArns]),
    ledgerRead,
    ledgerWrite,
  ],
  timeoutSeconds: 300,

  async run({ execution, plan }, clients) {
    const planned = plannedRoles(plan, 'CREATE');
    const made = planned.length > 0 ? await loadMade(clients, plan.executionName) : new Map();
    for (const role of planned) {
      const thing = `role ${role.name}` as const;
      if (made.get(thing)?.state === 'MADE') continue;
      await recordIntent(clients, execution, thing);
      await ensureRole(clients, plan, role);
      await recordMade(clients, plan.executionName, thing);
    }
    return { roles: planned.length };
  },

  rollback,
};

export const handler = serve(createRole);
export const rollbackHandler = serve(rollback);
