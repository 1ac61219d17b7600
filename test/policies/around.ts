// Scenarios of what goes on around executions: requests, approval, pauses, the watchdog, the sweep, the archive.
import { embeddedSettings } from '../../cli/embedded.ts';
import { finishExecution } from '../../cli/finish-execution.ts';
import { inputToResume } from '../../cli/run-execution.ts';
import { makeArchiveClients } from '../../handlers/archive-clients.ts';
import { allRecords } from '../../handlers/archive-store.ts';
import type { TestAccount } from '../scenarios/account.ts';
import { decide, startWaiting } from '../scenarios/approving.ts';
import { runUntil } from '../scenarios/interrupted.ts';
import { changedOrders, orders, photos, signed } from './inputs.ts';
import {
  endOf,
  failsLater,
  type Input,
  restOf,
  runAll,
  type Scenario,
  scenario,
  withoutIds,
} from './playing.ts';
import { requested } from './requested.ts';
import { sweeps } from './swept.ts';

const approved = (decision: 'APPROVED' | 'REJECTED'): Scenario => ({
  name: `a plan that is ${decision.toLowerCase()}`,
  async play(account) {
    const hold = account.aws.clock.hold(60_000);
    const executionArn = await startWaiting(account, 'waiting', { ...signed, approval: true });
    const decided = await decide(account, 'waiting', decision).catch(String);
    hold();
    await (await account.aws.states()).ended(executionArn);
    return [withoutIds(decided), await endOf(account, executionArn), await restOf(account)];
  },
});

const paused: Input = { ...orders, onFailure: 'PAUSE' };
const onceIn = (state: string) => ({ ...failsLater(state), attempts: [1, 2, 3, 4, 5, 6, 7] });

const resumed: Scenario = {
  name: 'a failure that is kept, and resumed',
  options: () => ({ faults: [onceIn('VerifyStage')] }),
  async play(account) {
    const { executionArn } = await account.run(paused);
    const again = await inputToResume(account.engine, executionArn, {});
    const ends = [await endOf(account, executionArn), await runAll(account, [again])];
    return [ends, await restOf(account)];
  },
};

const pausedAndRolledBack: Scenario = {
  name: 'a failure that is kept, and rolled back',
  options: () => ({ faults: [onceIn('VerifyStage')] }),
  async play(account) {
    const { executionArn } = await account.run(paused);
    const finished = await finishExecution(account.engine, executionArn, () => {});
    return [await endOf(account, executionArn), withoutIds(finished), await restOf(account)];
  },
};

const stopped = (state: string, inputs: readonly Input[]): Scenario => ({
  name: `stopped in ${state}, and rolled back by the watchdog`,
  options: () => ({ watch: true }),
  async play(account) {
    await runAll(account, inputs.slice(0, -1));
    const states = await account.aws.states();
    const rolledBack = new Promise<string>(resolve => {
      const forget = states.onStatusChange(({ status, stateMachineArn }) => {
        if (status === 'RUNNING' || !stateMachineArn.endsWith('ServiceProxyRollback')) return;
        forget();
        resolve(status);
      });
    });
    await runUntil(account, inputs.at(-1) ?? {}, state, 'entered');
    const tooLate = account.aws.clock.sleep(3_600_000).then(() => 'nothing within an hour');
    return [await Promise.race([rolledBack, tooLate]), await restOf(account)];
  },
});

/** Resolves when the archive has so many records, or its function is denied something. */
const archiving = ({ aws }: TestAccount, count: number) =>
  new Promise<void>(resolve => {
    let written = 0;
    aws.onCall(({ operation, caller, status, error = '' }) => {
      if (!caller?.roleArn?.endsWith('-ArchiveExecution')) return;
      if (operation === 'PutObject' && status === 200) written += 1;
      if (written === count || error.startsWith('AccessDenied')) resolve();
    });
  });

const archived: Scenario = {
  name: 'an execution and its rollback execution that are archived',
  options: () => ({ archive: true, faults: [onceIn('VerifyStage')] }),
  async play(account) {
    const isArchived = archiving(account, 2);
    const { executionArn } = await account.run(paused);
    await finishExecution(account.engine, executionArn, () => {});
    await isArchived;
    const clients = makeArchiveClients(embeddedSettings, account.client, () => account.aws.clock.now());
    return (await allRecords(clients)).map(({ chain }) => chain.sequence).sort();
  },
};

/** A failure that is kept holds its locks on. */
const inVain: Scenario = scenario(
  'a lock that is waited for in vain',
  [paused, photos],
  [onceIn('VerifyStage'), failsLater('AcquireLock', 3, 'before')],
);

export const aroundExecutions: readonly Scenario[] = [
  scenario('the same request again', [
    { ...orders, clientToken: 'once' },
    { ...orders, clientToken: 'once' },
  ]),
  scenario('deployments at the pace of an account', [signed, { ...signed, path: '/again' }], [], {
    quotas: true,
  }),
  approved('APPROVED'),
  approved('REJECTED'),
  resumed,
  pausedAndRolledBack,
  stopped('PutIntegration', [orders]),
  stopped('RecordOutcome', [orders, changedOrders]),
  ...sweeps,
  archived,
  inVain,
  ...requested,
];
