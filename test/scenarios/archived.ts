// Reads the archive of a test account, once everything that has ended is in it.
import { embeddedSettings } from '../../cli/embedded.ts';
import { makeArchiveClients } from '../../handlers/archive-clients.ts';
import { allChains, getRecord, indexEntries } from '../../handlers/archive-store.ts';
import type { ArchiveRecord, Link } from '../../history/chain.ts';
import type { IndexEntry } from '../../history/index-entry.ts';
import type { TestAccount } from './account.ts';

export interface Archive {
  readonly entries: readonly IndexEntry[];
  readonly records: readonly ArchiveRecord[];
  readonly links: readonly Link[];
}

export async function readArchive(account: TestAccount, atLeast: number): Promise<Archive> {
  const clients = makeArchiveClients(embeddedSettings, account.client, () => account.aws.clock.now());
  for (;;) {
    const months: IndexEntry[][] = [];
    for await (const month of indexEntries(clients)) months.push(month);
    const entries = months.flat();
    if (entries.length >= atLeast) {
      const records = await Promise.all(entries.map(({ key = '' }) => getRecord(clients, key)));
      return { entries, records, links: await allChains(clients) };
    }
    await account.aws.clock.sleep(100);
  }
}
