// Which interruptions the matrix holds: at every call of every course, and with a fault at every call of the way back.
import { courseOf } from './courses.ts';
import { type Interruption, runInterruption } from './interruptions.ts';
import { faultsOf, provisionStarts, removalStarts, uniqueCalls } from './matrix.ts';
import type { StartName } from './starts.ts';

type Way = Pick<Interruption, 'start' | 'operation'>;

const provision = (start: StartName): Way => ({ start, operation: 'provision' });
const remove = (start: StartName): Way => ({ start, operation: 'remove' });
const allWays: readonly Way[] = [...provisionStarts.map(provision), ...removalStarts.map(remove)];

/** A history of 25,000 events takes its time. */
const withFullHistory: readonly Way[] = [provision('fresh'), provision('ourRoute'), remove('same')];

async function alone(): Promise<Interruption[]> {
  const found: Interruption[] = [];
  for (const way of allWays) {
    const calls = uniqueCalls((await courseOf({ ...way, faults: [] })).trace);
    const states = [...new Set(calls.map(one => one.in))];
    found.push(...calls.map(one => ({ ...way, ...one, how: 'ABORTED' as const })));
    found.push(...states.map(state => ({ ...way, in: state, how: 'TIMED_OUT' as const })));
    if (withFullHistory.some(one => one.start === way.start && one.operation === way.operation))
      found.push(...states.map(state => ({ ...way, in: state, how: 'States.Runtime' as const })));
  }
  return found;
}

/** Where everything is to be rolled back, where the rest is to be finished, and where a removal goes on. */
const points: readonly Interruption[] = [
  { ...provision('fresh'), in: 'RecordOutcome', call: 'dynamodb:Query', how: 'ABORTED' },
  { ...provision('ourRoute'), in: 'RecordOutcome', call: 'dynamodb:Query', how: 'ABORTED' },
  { ...provision('foreignApi'), in: 'RecordOutcome', call: 'dynamodb:Query', how: 'ABORTED' },
  { ...provision('ourRoute'), in: 'DeleteSuperseded', call: 'dynamodb:Query', how: 'ABORTED' },
  { ...remove('same'), in: 'DeleteMethod', call: 'dynamodb:Query', how: 'ABORTED' },
  { ...remove('besideTheirs'), in: 'CreateDeployment', call: 'dynamodb:Query', how: 'ABORTED' },
];

const lasting = new Set(['denied', 'errorBefore']);

async function withFaults(): Promise<Interruption[]> {
  const found: Interruption[] = [];
  for (const point of points) {
    const { trace } = await runInterruption(point);
    const asked = trace.findIndex(one => one.in === 'Watchdog');
    for (const call of uniqueCalls(trace.slice(asked))) {
      for (const fault of faultsOf(call)) {
        const isKept = fault.lasts === 'once' || (lasting.has(fault.kind) && call.in !== 'Watchdog');
        if (isKept) found.push({ ...point, fault });
      }
    }
  }
  return found;
}

export const allInterruptions = async () => [...(await alone()), ...(await withFaults())];
