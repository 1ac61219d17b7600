// A provisioning of the walkthrough on disk, and what becomes of it when its process is killed at a given write.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { walkthroughInput } from '../../../cli/commands/walkthrough.ts';
import { embeddedStateMachineArn, openEmbedded } from '../../../cli/embedded.ts';
import { virtualClock } from '../../../local/clock.ts';
import type { EmbeddedAws, Fault } from '../../../local/embedded.ts';

export interface Provisioning {
  /** The journal when the execution had ended. */
  readonly journal: Buffer;
  /** Its lengths after each of the execution's writes. */
  readonly writes: readonly number[];
  readonly executionArn: string;
  readonly before: unknown;
}

const open = (dataDir: string, faults: readonly Fault[] = []) =>
  openEmbedded({ dataDir, clock: virtualClock(), faults });

/** What must be as before once an execution has failed. */
function contentOf(aws: EmbeddedAws): unknown {
  const content = Object.entries(aws.store.content());
  const names = /^(apigateway|iam|lambda)\//;
  return Object.fromEntries(content.filter(([name, all]) => names.test(name) && Object.keys(all).length > 0));
}

export async function provision(dataDir: string, faults: readonly Fault[] = []): Promise<Provisioning> {
  const aws = await open(dataDir, faults);
  const { region, credentials, requestHandler } = aws;
  const sfn = new SFNClient({ region, credentials, requestHandler, endpoint: 'http://embedded.localhost' });
  const before = contentOf(aws);
  const file = join(dataDir, 'account.journal');
  const startsAt = statSync(file).size;
  const { executionArn = '' } = await sfn.send(
    new StartExecutionCommand({
      stateMachineArn: embeddedStateMachineArn,
      input: JSON.stringify(walkthroughInput),
    }),
  );
  await (await aws.states()).ended(executionArn);
  const journal = readFileSync(file);
  await aws.close();
  const writes: number[] = [];
  for (let at = startsAt; at < journal.length; ) {
    at = journal.indexOf('\n', at) + 1;
    writes.push(at);
  }
  return { journal, writes, executionArn, before };
}

/** Opens what a process killed at that length of its journal left, and says how the execution ended there. */
export async function goOn(
  dataDir: string,
  { journal, executionArn, before }: Provisioning,
  length: number,
): Promise<string> {
  writeFileSync(join(dataDir, 'account.journal'), journal.subarray(0, length));
  const aws = await open(dataDir);
  try {
    const ended = await (await aws.states()).ended(executionArn);
    if (ended.status === 'SUCCEEDED') return (await isServing(aws, ended.output)) ? 'serving' : 'not serving';
    const isAsBefore = JSON.stringify(contentOf(aws)) === JSON.stringify(before);
    return isAsBefore ? `${ended.status}, as before` : `${ended.status}: ${ended.error} ${ended.cause}`;
  } finally {
    await aws.close();
  }
}

async function isServing(aws: EmbeddedAws, output = '{}'): Promise<boolean> {
  const url = /"url":"([^"]+)"/.exec(output)?.[1] ?? '';
  const { status, body } = await aws.http({ method: 'GET', url, headers: {} });
  return status === 200 && body.includes('ListTopicsResponse');
}
