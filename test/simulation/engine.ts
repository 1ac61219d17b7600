// The embedded AWS behind the simulated worlds of this process: opened once, and put back to its start for each of them.
import { openEmbedded } from '../../cli/embedded.ts';
import type { ExecutionIdentity } from '../../core/execution.ts';
import { apiGatewayService } from '../../local/apigateway/service.ts';
import { type Clock, virtualClock } from '../../local/clock.ts';
import { rootCredentials } from '../../local/credentials.ts';
import type { EmbeddedAws } from '../../local/embedded.ts';
import { seededIds } from '../../local/ids.ts';
import { apiGatewayQuotas } from '../../local/quotas.ts';
import type { Ids } from '../../local/service.ts';
import { rootCall } from '../../local/setup.ts';
import { type CallTrace, type SimulatedCalls, SimulatedFunction } from './clients.ts';
import { type LedgerTable, ledgerTable } from './ledger-table.ts';
import { type RememberingStore, rememberingStore } from './past.ts';
import { randomFrom } from './random.ts';
import { topics } from './topics.ts';
import type { Saved, WorldOptions } from './world.ts';

/** How far in the past a stale read sees, in milliseconds. */
const staleness = 5000;
/** API Gateway takes one CreateDeployment in so many seconds. */
const deploymentInterval = 5;

type Begun = { -readonly [K in keyof SimulatedCalls]: SimulatedCalls[K] } & {
  readonly trace: CallTrace[];
  readonly options: WorldOptions;
  readonly ids: Ids;
  /** Name of the error that a function fails with before it does anything. */
  raise?: ((stateFunction: string) => string | undefined) | undefined;
};

export interface SimulationEngine {
  readonly aws: EmbeddedAws;
  readonly store: RememberingStore;
  readonly table: LedgerTable;
  begin(options: WorldOptions): Begun;
}

/** One idle turn of the event loop is enough: nothing behind these services does I/O of its own. */
const newClock = (at = Date.UTC(2026, 0, 1)) => virtualClock(at, 2);

async function openEngine(): Promise<SimulationEngine> {
  let clock = newClock();
  let current: Begun | undefined;
  const now: Clock = {
    now: () => clock.now(),
    schedule: (at, task) => clock.schedule(at, task),
    sleep: (milliseconds, signal) => clock.sleep(milliseconds, signal),
    hold: atMost => clock.hold(atMost),
  };
  const ids: Ids = {
    hex: length => (current?.ids ?? setupIds).hex(length),
    alphanumeric: length => (current?.ids ?? setupIds).alphanumeric(length),
    uuid: () => (current?.ids ?? setupIds).uuid(),
  };
  const setupIds = seededIds(0);
  const store = rememberingStore(() => clock.now());
  const table = ledgerTable();
  const delay = (kind: 'role' | 'dataPlane') => current?.options.delays?.[kind] ?? 0;
  const aws = await openEmbedded({
    clock: now,
    seed: 0,
    ids,
    store,
    services: { dynamodb: table.service, sns: topics },
    watch: true,
    rolePropagation: () => delay('role'),
    dataPlaneStore: store.ago(() => delay('dataPlane')),
    runFunction(called, event, environment, settings) {
      if (!current) throw new Error('no world has begun');
      // The watchdog is given events, not an execution's document.
      const { execution } = event as { execution?: ExecutionIdentity };
      const raised = current.raise?.(called.name);
      if (raised) throw Object.assign(new Error(`simulated ${raised}`), { name: raised });
      const simulated = new SimulatedFunction(current, called.name, execution?.name ?? '', environment);
      const deploymentIntervalSeconds = current.options.quotas ? deploymentInterval : 0;
      const clients = simulated.clients({ ...settings, deploymentIntervalSeconds });
      return Promise.race([called.run(event, clients), simulated.killed]);
    },
  });
  const stale = apiGatewayService({ ...aws, store: store.ago(() => staleness) });
  // With both of them there, the rule for the watchdog is too.
  await aws.states();
  await aws.call('events', 'ListRules', {}, rootCredentials);
  const empty: Saved = { ...store.save(), items: new Map(), at: clock.now() };

  function begin(options: WorldOptions): Begun {
    const from = options.from ?? empty;
    clock = newClock(from.at);
    store.reset(from);
    table.reset(from.items);
    const trace: CallTrace[] = [];
    const checkQuota = options.quotas ? apiGatewayQuotas(now) : () => {};
    const perform: SimulatedCalls['perform'] = async (service, operation, input, credentials) => {
      // What is left of an earlier world changes nothing in this one.
      if (current !== begun) return new Promise(() => {});
      checkQuota(service, operation, input);
      return aws.call(service, operation, input, credentials);
    };
    const begun: Begun = {
      options,
      ids: seededIds(options.seed),
      clock: now,
      random: randomFrom(options.seed),
      trace,
      meet: () => undefined,
      perform,
      async performStale(service, operation, input, credentials) {
        const isRead = service === 'apigateway' && operation.startsWith('Get');
        const read = isRead ? stale.operations[operation] : undefined;
        return read ? read(input, rootCall(aws)) : perform(service, operation, input, credentials);
      },
      note: call => void trace.push(call),
    };
    current = begun;
    return begun;
  }
  return { aws, store, table, begin };
}

let opened: Promise<SimulationEngine> | undefined;

export function engine(): Promise<SimulationEngine> {
  opened ??= openEngine();
  return opened;
}
