// Past executions where an engine runs: from the archive, or from Step Functions what is not archived (yet).
import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  type ExecutionListItem,
  ListExecutionsCommand,
} from '@aws-sdk/client-sfn';
import { invalidInput } from '../core/errors.ts';
import { executionNameFor } from '../core/execution-name.ts';
import { makeArchiveClients } from '../handlers/archive-clients.ts';
import { type ArchiverClients, readExecution } from '../handlers/archive-execution.ts';
import {
  allChains,
  allRecords,
  findIndexEntry,
  getRecord,
  indexEntries,
  objectKey,
} from '../handlers/archive-store.ts';
import { type ArchivedExecution, archivedExecution } from '../history/archived-execution.ts';
import type { ArchiveRecord, Link } from '../history/chain.ts';
import { type IndexEntry, indexEntry, matches, type Search } from '../history/index-entry.ts';
import { type Engine, executionArnOf } from './engine.ts';
import { settingsOf } from './plan-against.ts';

export interface Past {
  /** Every execution that matches, in no order. */
  search(search: Search): Promise<IndexEntry[]>;
  /** By ARN, name, client token, or the beginning of one that no other has. */
  find(execution: string): Promise<ArchivedExecution>;
  /** The records of an execution, from the one that counts back to the first; none where it is not archived. */
  recordsOf(entry: IndexEntry): Promise<ArchiveRecord[]>;
  /** Every record that the archive's bucket holds, indexed or not. */
  records(): Promise<ArchiveRecord[]>;
  /** What the index says must be in the archive. */
  links(): Promise<Link[]>;
}

/** Of executions that are not archived, each has to be described by itself. */
const mostDescribed = 200;

export async function openPast(engine: Engine): Promise<Past> {
  const settings = await settingsOf(engine);
  const clients: ArchiverClients = { ...makeArchiveClients(settings, engine.account), sfn: engine.sfn };

  async function archived({ since, until }: Search): Promise<IndexEntry[]> {
    const found: IndexEntry[] = [];
    for await (const month of indexEntries(clients, since, until)) found.push(...month);
    return found;
  }

  async function find(execution: string): Promise<ArchivedExecution> {
    const executionArn = executionArnOf(engine, execution);
    try {
      const described = await engine.sfn.send(new DescribeExecutionCommand({ executionArn }));
      const startedAt = described.startDate?.toISOString() ?? '';
      const entry = await findIndexEntry(clients, { name: described.name ?? '', startedAt, executionArn });
      // A redriven execution has a newer past than the record of its first end, and one that waited may go on.
      const isCurrent =
        described.stopDate !== undefined && entry?.endedAt === described.stopDate.toISOString();
      return entry?.key && isCurrent
        ? (await getRecord(clients, entry.key)).execution
        : await readExecution(clients, executionArn);
    } catch (error) {
      if (!(error instanceof ExecutionDoesNotExist)) throw error;
    }
    return findByName(execution);
  }

  /** One that Step Functions has forgotten, or that is named by the beginning of its name. */
  async function findByName(beginning: string): Promise<ArchivedExecution> {
    const known = [...(await archived({})), ...(await notArchived(engine, new Set()))];
    const names = [beginning, executionNameFor(beginning)];
    const found = new Map(
      known
        .filter(
          ({ name, executionArn }) => executionArn === beginning || names.some(one => name.startsWith(one)),
        )
        .map(entry => [entry.executionArn, entry]),
    );
    // A rollback execution has the name of the one it finishes.
    const all = [...found.values()];
    const own = all.filter(({ operation }) => operation !== 'rollback');
    const [entry, ...others] = own.length > 0 ? own : all;
    if (!entry) throw notFound(beginning, `is no execution that ${engine.address} or its archive knows`);
    if (others.length > 0)
      throw notFound(beginning, `is how the names of ${others.length + 1} executions begin`);
    return entry.key
      ? (await getRecord(clients, entry.key)).execution
      : readExecution(clients, entry.executionArn);
  }

  return {
    find,
    async search(search) {
      const entries = await archived(search);
      const names = new Set(entries.map(({ executionArn }) => executionArn));
      return [...entries, ...(await notArchived(engine, names))].filter(entry => matches(entry, search));
    },
    async recordsOf({ key }) {
      const found: ArchiveRecord[] = [];
      for (let next = key; next !== undefined; next = supersededKey(found.at(-1)))
        found.push(await getRecord(clients, next));
      return found;
    },
    records: () => allRecords(clients),
    links: () => allChains(clients),
  };
}

/** Key of the object of the record that this one supersedes. */
function supersededKey(record: ArchiveRecord | undefined): string | undefined {
  const { supersedes: sequence } = record?.chain ?? {};
  return record && sequence !== undefined
    ? objectKey({ ...record, chain: { ...record.chain, sequence } })
    : undefined;
}

const notFound = (path: string, message: string) => invalidInput([{ path, message }]);

/** The newest executions that Step Functions knows and the index does not: running ones, or all without an archive. */
async function notArchived(
  { sfn, stateMachineArn }: Engine,
  archived: ReadonlySet<string>,
): Promise<IndexEntry[]> {
  const found: IndexEntry[] = [];
  let nextToken: string | undefined;
  do {
    const page = await sfn.send(
      new ListExecutionsCommand({ stateMachineArn, maxResults: 100, ...(nextToken && { nextToken }) }),
    );
    const unknown = (page.executions ?? []).filter(({ executionArn = '' }) => !archived.has(executionArn));
    found.push(...(await Promise.all(unknown.map(item => described(sfn, item)))));
    // What is older than a whole page of archived executions is archived too.
    nextToken = unknown.length > 0 && found.length < mostDescribed ? page.nextToken : undefined;
  } while (nextToken);
  return found;
}

async function described(sfn: Engine['sfn'], { executionArn }: ExecutionListItem): Promise<IndexEntry> {
  const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
  return indexEntry(archivedExecution({ described: execution, events: [] }));
}
