// The whole ledger at once: which executions have not settled what they made, and which APIs there are.
import { type AttributeValue, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { ApiRecord, RouteRecord, StageRecord } from '../core/existing.ts';
import { rollbackStateMachineName } from '../core/failure.ts';
import type { PlannedTarget } from '../core/target.ts';
import { finisherIn } from './ledger-course.ts';
import type { LedgerClients } from './ledger-table.ts';
import { targetsKey } from './ledger-targets.ts';

export interface LedgerContent {
  /** Executions that hold a lock, or made things without having recorded an outcome. */
  readonly unsettled: readonly string[];
  /** Executions with an outcome that the rollback machine has taken over, and not closed: a look at it tells why. */
  readonly takenOver: readonly string[];
  readonly apis: readonly PlacedApi[];
  /** Where else than at home APIs are, or have been. */
  readonly targets: readonly PlannedTarget[];
}

/** An API, and where it is: `111122223333/eu-west-1/`, or nothing for home. */
export type PlacedApi = ApiRecord & { readonly place: string };

interface Row {
  readonly pk: string;
  readonly sk: string;
  readonly document: unknown;
}

async function scan({ dynamodb, settings }: LedgerClients): Promise<Row[]> {
  const rows: Row[] = [];
  let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
  do {
    const page = await dynamodb.send(
      new ScanCommand({
        TableName: settings.ledgerTable,
        ConsistentRead: true,
        // Plans are large, and say nothing that is needed here.
        FilterExpression: 'NOT begins_with(sk, :plan)',
        ExpressionAttributeValues: { ':plan': { S: 'PLAN#' } },
        ...(ExclusiveStartKey && { ExclusiveStartKey }),
      }),
    );
    for (const { pk, sk, document } of page.Items ?? [])
      rows.push({ pk: pk?.S ?? '', sk: sk?.S ?? '', document: JSON.parse(document?.S ?? 'null') });
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return rows;
}

/** The rows by what comes after the prefix in their partition. */
function under(rows: readonly Row[], prefix: string): Map<string, Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    if (!row.pk.startsWith(prefix)) continue;
    const name = row.pk.slice(prefix.length);
    found.set(name, [...(found.get(name) ?? []), row]);
  }
  return found;
}

function apiOf([name, rows]: readonly [string, readonly Row[]]): PlacedApi[] {
  const of = <T>(prefix: string) =>
    rows.filter(({ sk }) => sk.startsWith(prefix)).map(({ document }) => document as T);
  const [api] = of<Omit<ApiRecord, 'resources' | 'routes' | 'stages'>>('API');
  if (!api) return [];
  const resources = of<{ path: string }>('RESOURCE#');
  const place = name.slice(0, -api.restApiId.length);
  return [{ ...api, place, resources, routes: of<RouteRecord>('ROUTE#'), stages: of<StageRecord>('STAGE#') }];
}

export async function readLedger(clients: LedgerClients): Promise<LedgerContent> {
  const rows = await scan(clients);
  const unsettled: string[] = [];
  const takenOver: string[] = [];
  for (const [name, notes] of under(rows, 'EXECUTION#')) {
    const has = (prefix: string) => notes.some(({ sk }) => sk.startsWith(prefix));
    const fence = notes.find(({ sk }) => sk === 'FENCE');
    if (has('HELD#') || (has('MADE#') && !has('OUTCOME'))) unsettled.push(name);
    else if (has('MADE#') && fence && finisherIn(fence.document).includes(`:${rollbackStateMachineName}:`))
      takenOver.push(name);
  }
  const targets = rows.filter(({ pk }) => pk === targetsKey).map(({ document }) => document as PlannedTarget);
  return { unsettled, takenOver, targets, apis: [...under(rows, 'API#')].flatMap(apiOf) };
}
