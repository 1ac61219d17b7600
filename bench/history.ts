// How long a search over ten thousand archived executions takes: read from DynamoDB, filtered, sorted, a page shown.
import { embeddedSettings, openEmbedded } from '../cli/embedded.ts';
import { makeArchiveClients } from '../handlers/archive-clients.ts';
import { indexEntries, putIndexEntry } from '../handlers/archive-store.ts';
import { type IndexEntry, matches, sortEntries } from '../history/index-entry.ts';
import { listInText } from '../history/list-text.ts';

const executions = 10_000;
const services = ['sns ListTopics', 'sqs SendMessage', 'dynamodb GetItem', 'kinesis PutRecord'];
const statuses = ['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED', 'FAILED', 'ROLLBACK_INCOMPLETE'];

function entry(index: number): IndexEntry {
  const startedAt = new Date(Date.UTC(2026, 8, 1) + index * 600_000).toISOString();
  const name = `execution-${index}`;
  return {
    name,
    executionArn: `arn:aws:states:us-east-1:000000000000:execution:ServiceProxyProvisioning:${name}`,
    status: statuses[index % statuses.length] ?? '',
    startedAt,
    endedAt: new Date(Date.parse(startedAt) + 5000 + (index % 977)).toISOString(),
    operation: 'provision',
    api: `api-${index % 50}`,
    restApiId: `a${index % 50}`,
    stage: index % 2 === 0 ? 'test' : 'prod',
    actions: [services[index % services.length] ?? ''],
    requestedBy: `team-${index % 20}@example.com`,
    key: `api-${index % 50}/${index}.json`,
  };
}

const aws = await openEmbedded();
const { region, credentials, requestHandler } = aws;
const account = { region, credentials, requestHandler, endpoint: 'http://embedded.localhost' };
const clients = makeArchiveClients(embeddedSettings, account);
for (let index = 0; index < executions; index += 50) {
  await Promise.all(
    Array.from({ length: 50 }, (_, at) => putIndexEntry(clients, entry(index + at), `api-${at}`)),
  );
}

async function measure(what: string, work: () => Promise<string> | string): Promise<void> {
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const result = await work();
  const { user, system } = process.cpuUsage(cpu);
  const spent = Math.round((user + system) / 1000);
  console.log(`${what}: ${Math.round(performance.now() - startedAt)} ms, ${spent} ms of CPU (${result})`);
}

const entries: IndexEntry[] = [];
await measure(`read ${executions} lines of the index`, async () => {
  for await (const month of indexEntries(clients)) entries.push(...month);
  return `${entries.length} lines`;
});
await measure('filter, sort by duration and show page 3', () => {
  const search = { service: 'sqs', stage: 'prod', caller: 'team-1', since: '2026-09-15' };
  const found = sortEntries(
    entries.filter(one => matches(one, search)),
    'duration',
  );
  const text = listInText({ entries: found.slice(40, 60), total: found.length, page: 3, limit: 20 });
  return `${found.length} found, ${text.split('\n').length} lines shown`;
});
await aws.close();
