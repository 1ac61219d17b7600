// The archive: whole records in S3, their place in the chain and their line in the index in DynamoDB.
import { ConditionalCheckFailedException, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { ServiceProxyError } from '../core/errors.ts';
import { rollbackStateMachineName } from '../core/failure.ts';
import type { ArchiveRecord, Link } from '../history/chain.ts';
import type { IndexEntry } from '../history/index-entry.ts';
import { getDocument, keyOf, type LedgerClients, putDocument, queryDocuments } from './ledger-table.ts';

export interface ArchiveClients extends LedgerClients {
  readonly s3: S3Client;
}

/** A link of a chain, and what it is of. */
export interface Place extends Link {
  /** The execution's name, and which of its records this is. */
  readonly of: string;
  readonly previous: string;
}

const chainKey = (key: string) => `CHAIN#${key}`;
const sequenceKey = (sequence: number) => String(sequence).padStart(10, '0');
const monthKey = (month: string) => `HISTORY#${month}`;
const chainNames = 'CHAINS';

/** Object keys take any character of a name, but few are safe in every tool. */
export const objectKey = ({ chain, execution }: ArchiveRecord) =>
  `${encodeURIComponent(chain.key)}/${sequenceKey(chain.sequence)}-${execution.name}.json`;

export async function readChain(clients: LedgerClients, key: string): Promise<Place[]> {
  return (await queryDocuments(clients, chainKey(key))).map(({ document }) => document as Place);
}

/** False when another record has taken the place meanwhile. */
export async function claimPlace({ dynamodb, settings }: LedgerClients, place: Place): Promise<boolean> {
  try {
    await dynamodb.send(
      new PutItemCommand({
        TableName: settings.ledgerTable,
        Item: {
          ...keyOf(chainKey(place.key), sequenceKey(place.sequence)),
          document: { S: JSON.stringify(place) },
        },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

export async function allChains(clients: LedgerClients): Promise<Link[]> {
  const names = await queryDocuments(clients, chainNames);
  const chains = await Promise.all(names.map(({ sk }) => readChain(clients, sk)));
  return chains.flat();
}

function bucketOf({ settings }: LedgerClients): string {
  if (settings.archive) return settings.archive.bucket;
  throw new ServiceProxyError('Refused', 'no archive is configured: deploy with one');
}

/** A record that is there already is the same one: its place in the chain holds its hash. */
export async function putRecord(clients: ArchiveClients, record: ArchiveRecord): Promise<string> {
  const Key = objectKey(record);
  try {
    await clients.s3.send(
      new PutObjectCommand({
        Bucket: bucketOf(clients),
        Key,
        Body: JSON.stringify(record),
        ContentType: 'application/json',
        IfNoneMatch: '*',
        // Object Lock demands a checksum with every write.
        ChecksumAlgorithm: 'SHA256',
      }),
    );
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'PreconditionFailed') throw error;
  }
  return Key;
}

export async function getRecord(clients: ArchiveClients, key: string): Promise<ArchiveRecord> {
  const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: bucketOf(clients), Key: key }));
  return JSON.parse((await Body?.transformToString()) ?? '') as ArchiveRecord;
}

/** Everything below the bucket, so that a record nobody has indexed is seen too. */
export async function allRecords(clients: ArchiveClients): Promise<ArchiveRecord[]> {
  const keys: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await clients.s3.send(
      new ListObjectsV2Command({
        Bucket: bucketOf(clients),
        ...(ContinuationToken && { ContinuationToken }),
      }),
    );
    keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
  const records: ArchiveRecord[] = [];
  for (const key of keys) records.push(await getRecord(clients, key));
  return records;
}

/** A rollback execution has the name of the one it finishes, and may start in the same millisecond. */
const indexKey = ({
  startedAt,
  name,
  executionArn,
}: Pick<IndexEntry, 'startedAt' | 'name' | 'executionArn'>) =>
  `${startedAt}#${name}${executionArn.includes(`:${rollbackStateMachineName}:`) ? '#ROLLBACK' : ''}`;

export async function putIndexEntry(clients: LedgerClients, entry: IndexEntry, chain: string): Promise<void> {
  const month = entry.startedAt.slice(0, 7);
  const days = clients.settings.archive?.retentionDays;
  const expiresAt = days && String(Math.floor(clients.now() / 1000) + days * 86_400);
  await putDocument(clients, chainNames, chain, {});
  await putDocument(clients, 'HISTORY', month, {});
  await putDocument(
    clients,
    monthKey(month),
    indexKey(entry),
    entry,
    expiresAt ? { expiresAt: { N: expiresAt } } : {},
  );
}

/** Newest month first, so that a reader may stop early. */
export async function* indexEntries(
  clients: LedgerClients,
  since = '',
  until = '~',
): AsyncGenerator<IndexEntry[]> {
  const months = (await queryDocuments(clients, 'HISTORY')).map(({ sk }) => sk).reverse();
  for (const month of months) {
    if (month < since.slice(0, 7) || month > until.slice(0, 7)) continue;
    const items = await queryDocuments(clients, monthKey(month));
    yield items.map(({ document }) => document as IndexEntry).reverse();
  }
}

/** The line of one execution. */
export async function findIndexEntry(
  clients: LedgerClients,
  execution: Pick<IndexEntry, 'startedAt' | 'name' | 'executionArn'>,
): Promise<IndexEntry | undefined> {
  const month = execution.startedAt.slice(0, 7);
  const found = await getDocument(clients, monthKey(month), indexKey(execution));
  return found as IndexEntry | undefined;
}
