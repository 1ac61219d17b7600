// Every account and region that an API was placed in: where the sweep has to look as well.
import type { PlannedTarget } from '../core/target.ts';
import { type LedgerClients, putDocument } from './ledger-table.ts';

export const targetsKey = 'TARGETS';

export async function rememberTarget(clients: LedgerClients, reach: PlannedTarget): Promise<void> {
  if (reach.place === '') return;
  await putDocument(clients, targetsKey, `${reach.place}${reach.roleArn ?? ''}`, reach);
}
