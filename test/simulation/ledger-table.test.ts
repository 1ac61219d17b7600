// The simulation's ledger table answers as the embedded DynamoDB does, over the wire.
import { afterEach, expect, it } from 'vitest';
import { embeddedSettings, openEmbedded } from '../../cli/embedded.ts';
import type { ApiRecord } from '../../core/existing.ts';
import { makeClients } from '../../handlers/clients.ts';
import {
  acquireLock,
  findApiByName,
  forgetApi,
  loadExecution,
  readApi,
  recordIntent,
  recordMade,
  releaseLock,
  reserveDeployment,
  writeApi,
} from '../../handlers/ledger.ts';
import { readLedger } from '../../handlers/ledger-scan.ts';
import { queryDocuments } from '../../handlers/ledger-table.ts';
import { virtualClock } from '../../local/clock.ts';
import type { EmbeddedAws, EmbeddedOptions } from '../../local/embedded.ts';
import { ledgerTable } from './ledger-table.ts';

const opened: EmbeddedAws[] = [];
afterEach(async () => {
  for (const aws of opened.splice(0)) await aws.close();
});

const identity = (name: string) => ({ arn: `arn:${name}`, name, startedAt: '2026-01-01T00:00:00Z' });
const record: ApiRecord = {
  restApiId: 'api1',
  name: 'A',
  isOwned: true,
  binaryMediaTypes: [],
  resources: [{ path: '/a' }, { path: '/a/b' }],
  routes: [],
  stages: [{ name: 'test', isOwned: true, deploymentId: 'd1' }],
};

/** What everything the ledger does comes to, on one table or the other. */
async function everything(options: EmbeddedOptions): Promise<unknown[]> {
  const aws = await openEmbedded({ ...options, clock: virtualClock() });
  opened.push(aws);
  const { region, credentials, requestHandler } = aws;
  const connection = {
    region,
    credentials,
    requestHandler,
    endpoint: 'http://embedded.localhost',
    now: () => 1_000_000,
  };
  const clients = makeClients({ ...embeddedSettings, deploymentIntervalSeconds: 5 }, connection);
  const [one, other] = [identity('one'), identity('other')];
  const refusal = (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : error);
  const seen: unknown[] = [];
  await acquireLock(clients, 'api api1', one);
  await acquireLock(clients, 'api api1', one);
  seen.push(await acquireLock(clients, 'api api1', other).catch(refusal));
  seen.push(await loadExecution(clients, 'one'), await releaseLock(clients, 'api api1', 'other'));
  seen.push(await releaseLock(clients, 'api api1', 'one'), await releaseLock(clients, 'api api1', 'one'));
  await acquireLock(clients, 'api api1', other);
  await recordIntent(clients, one, 'resource /a');
  await recordMade(clients, 'one', 'resource /a', 'r1');
  seen.push(
    await queryDocuments(clients, 'EXECUTION#one'),
    await queryDocuments(clients, 'EXECUTION#one', 'MADE#'),
  );
  seen.push(
    await reserveDeployment(clients),
    await reserveDeployment(clients),
    await reserveDeployment(clients),
  );
  await writeApi(clients, undefined, record);
  seen.push(await readApi(clients, 'api1'), await findApiByName(clients, 'A'));
  const { unsettled, apis } = await readLedger(clients);
  seen.push([...unsettled].sort(), apis);
  await writeApi(clients, record, { ...record, resources: [{ path: '/a' }] });
  seen.push(await readApi(clients, 'api1'));
  await forgetApi(clients, record);
  seen.push(await readApi(clients, 'api1'), await findApiByName(clients, 'A'));
  return seen;
}

it('does for every call of the ledger what the embedded DynamoDB does', async () => {
  const simulated = await everything({ services: { dynamodb: ledgerTable().service } });
  expect(simulated).toEqual(await everything({}));
  expect(simulated[0]).toMatch(/^Locked: api api1 is being changed by execution one/);
});
