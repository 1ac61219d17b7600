// Executions that end in mid-run where no Catch can reach: the watchdog has them finished by the rollback machine.
import type { Outcome } from '../../core/execution.ts';
import { type ExecutionDocument, eventKey } from '../../local/states/records.ts';
import { historyLimit } from '../../local/states/run.ts';
import type { CaseOutcome } from './cases.ts';
import { contentOf, differences } from './content.ts';
import { courseOf, delays, seedOf } from './courses.ts';
import { meeting, type SimulatedFault } from './faults.ts';
import { afterFailure, afterRemoval, always, serves } from './invariants.ts';
import { executionName, type Start, type StartName, startFrom } from './starts.ts';
import { type Finished, openWorld, type Saved, type World } from './world.ts';

export interface Interruption {
  readonly start: StartName;
  readonly operation: 'provision' | 'remove';
  /** In which state and, where it is stopped, at which of its calls, which has its effect all the same. */
  readonly in: string;
  readonly call?: string;
  readonly how: 'ABORTED' | 'TIMED_OUT' | 'States.Runtime';
  /** What the rollback machine meets. */
  readonly fault?: SimulatedFault;
}

export const interruptionName = ({ start, operation, in: state, call, how, fault }: Interruption) =>
  [
    `${operation} from ${start} ends ${how} in ${[state, call].filter(Boolean).join(' ')}`,
    ...(fault ? [`then ${fault.in} ${fault.call} ${fault.kind} ${fault.lasts}`] : []),
  ].join(', ');

/** What the product promises, in virtual milliseconds from the interruption. */
const longestToEnd = 120_000;

const executionKey = (saved: Saved) =>
  Object.keys(saved.content['states/executions'] ?? {}).find(key => key.endsWith(`:${executionName}`)) ?? '';

/** The execution began so long ago that its time is up some calls from here. */
function nearTimeout(saved: Saved, seed: number): Saved {
  const all = saved.content['states/executions'] ?? {};
  const key = executionKey(saved);
  const startDate = saved.at - 86_400_000 + 50 + (seed % 1500);
  const document = { ...(all[key] as ExecutionDocument), startDate };
  return { ...saved, content: { ...saved.content, 'states/executions': { ...all, [key]: document } } };
}

/** Its history is full some events from here, which ends it with States.Runtime. */
function nearHistoryLimit(saved: Saved, seed: number): Saved {
  const key = executionKey(saved);
  const events = { ...saved.content['states/history'] };
  const from = Object.keys(events).filter(name => name.startsWith(`${key}#`)).length;
  for (let id = from + 1; id < historyLimit - 1 - (seed % 5); id++)
    events[eventKey(key, id)] = { id, previousEventId: id - 1, type: 'TaskStarted', timestamp: saved.at };
  return { ...saved, content: { ...saved.content, 'states/history': events } };
}

function stopAt(world: World, { in: state, call }: Interruption, faults: readonly SimulatedFault[]): void {
  const meet = meeting(faults);
  let isStopped = false;
  world.setMeet((stateFunction, called) => {
    if (!isStopped && stateFunction === state && called === call) {
      isStopped = true;
      void world.stop(executionName);
    }
    return meet(stateFunction, called);
  });
}

interface Begun {
  readonly start: Start;
  readonly world: World;
}

/** Up to where the rollback machine begins, for every fault that it may meet. */
const takenOver = new Map<string, Saved>();

async function begin(one: Interruption): Promise<Begun> {
  const start = await startFrom(one.start);
  const name = interruptionName(one);
  const seed = seedOf(name);
  const { fault: _, ...alone } = one;
  const known = one.fault && one.fault.in !== 'Watchdog' ? takenOver.get(JSON.stringify(alone)) : undefined;
  if (known) {
    const world = await openWorld({ seed, from: known, delays });
    if (one.fault) world.setFaults([one.fault]);
    return { start, world };
  }
  const { start: from, operation } = one;
  const entered = (await courseOf({ start: from, operation, faults: [] })).entered.get(one.in);
  if (!entered) throw new Error(`${operation} from ${from} does not come to ${one.in}`);
  const { saved } = entered;
  const near =
    one.how === 'TIMED_OUT'
      ? nearTimeout(saved, seed)
      : one.how === 'ABORTED'
        ? saved
        : nearHistoryLimit(saved, seed);
  const world = await openWorld({ seed, from: near, delays });
  world.setRaise(state => {
    if (state === 'TakeOver' && !takenOver.has(JSON.stringify(alone)))
      takenOver.set(JSON.stringify(alone), world.save());
    return undefined;
  });
  if (one.how === 'ABORTED') stopAt(world, one, one.fault ? [one.fault] : []);
  else if (one.fault) world.setFaults([one.fault]);
  return { start, world };
}

function recordedOutcome({ table }: World): Outcome | undefined {
  const text = table.items.get(`EXECUTION#${executionName}\nOUTCOME`)?.document?.S;
  return text === undefined ? undefined : JSON.parse(text);
}

/** Only for a permanent error is the rollback machine allowed to give up; it says then what it has left. */
function honestFailure(world: World, start: Start, one: Interruption, { result }: Finished): string[] {
  if (!result || result.status === 'SUCCEEDED') return [];
  const { fault } = one;
  const isPermanent = fault?.lasts === 'always' || fault?.kind === 'denied' || fault?.kind === 'quota';
  if (!isPermanent) return [`(i) the rollback machine ended ${result.error}: ${result.cause.slice(0, 300)}`];
  if (result.notRolledBack.length === 0) return ['(h) the rollback machine failed, and nothing is left'];
  // What was finished or is removed differs from before in more than what is left.
  if (one.operation === 'remove' || recordedOutcome(world)) return [];
  const [before, after] = [contentOf(start.saved), contentOf(world.save())];
  return afterFailure(world, result, { before, after });
}

/** An execution whose outcome was recorded is finished; any other has left nothing. */
async function kept(world: World, start: Start, one: Interruption): Promise<string[]> {
  const [before, after] = [contentOf(start.saved), contentOf(world.save())];
  const outcome = recordedOutcome(world);
  // What the new definition replaced may be left where it could not be deleted: the next execution does that.
  const problems = always(world, [], { before, after, isForeign: () => false }).filter(
    line => one.fault?.in !== 'DeleteSuperseded' || !line.startsWith('(b)'),
  );
  if (!outcome) return [...problems, ...differences(before, after).map(({ key }) => `(a) differs in ${key}`)];
  if (one.operation === 'provision') {
    const routes = outcome.routes.map(route => ({ ...route, test: { status: 200 } }));
    const gets = routes.filter(({ httpMethod }) => httpMethod === 'GET');
    return [...problems, ...(await serves(world, { status: 'SUCCEEDED', routes: gets }))];
  }
  if (one.start === 'beside') return problems;
  return [...problems, ...afterRemoval(start.original, after)];
}

export async function runInterruption(one: Interruption): Promise<CaseOutcome> {
  const { start, world } = await begin(one);
  const { result, endedAt } = await world.resume(executionName);
  await world.settle();
  const first = await world.finished(executionName);
  // It may have ended by itself just before.
  const isByItself = result.status === 'SUCCEEDED' || result.failedState !== undefined;
  const durationMs = (first?.endedAt ?? endedAt) - endedAt;
  const isLate = one.fault === undefined && durationMs > longestToEnd;
  const violations = [
    ...(first || isByItself ? [] : ['(i) nobody finished it']),
    ...(isLate ? [`(i) it was finished only after ${durationMs / 1000} s`] : []),
    ...(first ? honestFailure(world, start, one, first) : []),
  ];
  world.setFaults([]);
  if (first?.result) {
    await world.sweep();
    await world.settle();
    const again = await world.finished(executionName);
    if (again?.result) violations.push(`(i) the sweep could not have it finished: ${again.result.status}`);
  }
  violations.push(...(await kept(world, start, one)));
  const results = [result, ...(first?.result ? [first.result] : [])];
  return { violations: [...new Set(violations)], results, trace: world.trace, durationMs };
}
