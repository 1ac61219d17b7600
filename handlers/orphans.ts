// Things with our tag that no record names, and whose execution is not about to settle them.
import { DeleteRestApiCommand, GetRestApisCommand } from '@aws-sdk/client-api-gateway';
import { ListRolesCommand } from '@aws-sdk/client-iam';
import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { ifFound } from '../core/errors.ts';
import { executionArnBeside } from '../core/failure.ts';
import { ownerTag } from '../core/plan.ts';
import { rolePath } from '../core/role.ts';
import type { Clients } from '../core/step.ts';
import { rolesOf } from './drift.ts';
import type { LedgerContent } from './ledger-scan.ts';
import { itemsOf } from './paging.ts';
import { deleteOwnedRole, executionThatMade } from './roles.ts';

export interface Orphan {
  readonly what: string;
  remove(): Promise<unknown>;
}

/** Where orphans are looked for, and whose they may be. */
export interface Searched {
  readonly clients: Clients;
  readonly content: LedgerContent;
  /** As the ledger's names have it; nothing for home. */
  readonly place: string;
  readonly stateMachineArn: string;
}

/**
 * Whether nobody answers for what this execution made. Another deployment's execution answers for itself: where there
 * may be one, only what an execution of ours made is ours.
 */
async function isAbandoned(
  { clients, content, stateMachineArn }: Searched,
  maker: string,
  isShared: boolean,
): Promise<boolean> {
  if (content.unsettled.includes(maker)) return false;
  if (!isShared) return true;
  try {
    const executionArn = executionArnBeside(stateMachineArn, maker);
    await clients.sfn.send(new DescribeExecutionCommand({ executionArn }));
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ExecutionDoesNotExist') return false;
    throw error;
  }
}

export async function orphanedApis(searched: Searched): Promise<Orphan[]> {
  const { clients, content, place } = searched;
  const orphans: Orphan[] = [];
  const known = new Set(content.apis.filter(api => api.place === place).map(({ restApiId }) => restApiId));
  for await (const { id = '', name, tags } of itemsOf(page =>
    clients.apigateway.send(new GetRestApisCommand(page)),
  )) {
    const maker = tags?.[ownerTag];
    if (maker === undefined || known.has(id) || !(await isAbandoned(searched, maker, place !== ''))) continue;
    const remove = () => clients.apigateway.send(new DeleteRestApiCommand({ restApiId: id }));
    orphans.push({ what: `REST API ${name} (${id})`, remove });
  }
  return orphans;
}

/** Of the whole account: a role has no region, and serves an API in any of them. */
export async function orphanedRoles(searched: Searched): Promise<Orphan[]> {
  const { clients, content } = searched;
  const orphans: Orphan[] = [];
  const used = new Set(content.apis.flatMap(rolesOf));
  let Marker: string | undefined;
  do {
    const page = await clients.iam.send(
      new ListRolesCommand({ PathPrefix: rolePath, ...(Marker && { Marker }) }),
    );
    for (const { RoleName: name = '' } of page.Roles ?? []) {
      if (used.has(name)) continue;
      const maker = await ifFound(executionThatMade(clients, name));
      // A deployment in another region of the account makes roles under the same path.
      if (maker === undefined || !(await isAbandoned(searched, maker, true))) continue;
      orphans.push({ what: `role ${name}`, remove: () => deleteOwnedRole(clients, name, maker) });
    }
    Marker = page.Marker;
  } while (Marker);
  return orphans;
}
