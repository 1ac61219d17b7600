// An execution's course without its state machine: the steps forward, and from the one that failed the rollbacks, with their retries.
import type { ExecutionIdentity, Failure, StepOutputs } from '../../core/execution.ts';
import { execute, type Servable } from '../../handlers/serve.ts';
import { takeInventory } from '../../handlers/take-inventory.ts';
import { forwardRetriers, rollbackRetriers } from '../../statemachine/retriers.ts';
import { closing, planning, removal, steps } from '../../statemachine/steps.ts';
import { type Account, executionArn } from './account.ts';

export const identityOf = (name: string): ExecutionIdentity => ({
  arn: executionArn(name),
  name,
  startedAt: '2026-01-01T00:00:00.000Z',
});

/** The document states pass to each other. */
export interface Course {
  readonly execution: ExecutionIdentity;
  outputs: Partial<StepOutputs>;
  failure?: Failure;
  notRolledBack: Failure[];
}

const failureOf = (state: string, error: unknown): Failure => {
  const { name, message } = error as Error;
  return { state, error: name, cause: message };
};

/** One state: its function, called again as its retriers say. */
export async function runState(
  account: Account,
  step: Servable,
  course: Course,
  input?: unknown,
  retriers = forwardRetriers,
): Promise<unknown> {
  const failed = new Map<string, number>();
  for (let attempt = 0; ; attempt++) {
    const called = account.function(step.name, course.execution.name);
    const event = { ...course, attempt, ...(input !== undefined && { input }) };
    try {
      const returned = execute(step, event, called.clients(account.settings));
      return ((await Promise.race([returned, called.killed])) as { output: unknown }).output;
    } catch (error) {
      const { name } = error as Error;
      const retrier = retriers.find(({ ErrorEquals }) => ErrorEquals.includes(name));
      const before = failed.get(name) ?? 0;
      if (!retrier || before >= retrier.MaxAttempts) throw error;
      failed.set(name, before + 1);
      const { IntervalSeconds, BackoffRate, MaxDelaySeconds = 900 } = retrier;
      account.now += 1000 * Math.min(MaxDelaySeconds, IntervalSeconds * BackoffRate ** before);
    }
  }
}

/** From the plan to the last state, or to the first that fails. `until` is the last one to run. */
export async function run(account: Account, name: string, input: object, until?: string): Promise<Course> {
  const course: Course = { execution: identityOf(name), outputs: {}, notRolledBack: [] };
  const advance = async (state: string, called: Servable) => {
    const output = await runState(account, called, course, called.name === planning.name ? input : undefined);
    course.outputs = { ...course.outputs, [called.name]: output };
    return state === until;
  };
  let state: string = planning.name;
  try {
    if (await advance(state, planning)) return course;
    const isRemoval = course.outputs.PlanChanges?.operation === 'remove';
    const states = isRemoval ? removal : steps.map(step => ({ name: step.name, calls: step }));
    for (const { name: next, calls } of states) {
      state = next;
      if (await advance(state, calls as Servable)) return course;
    }
  } catch (error) {
    course.failure = failureOf(state, error);
    return course;
  }
  // What fails from here on makes no execution fail.
  for (const called of closing as readonly Servable[]) await advance(called.name, called).catch(() => {});
  return course;
}

/** From the step that failed, or the last one that ran, back; then the inventory: what is left. */
export async function rollBack(account: Account, course: Course): Promise<StepOutputs['TakeInventory']> {
  // Before there is a plan there is nothing to roll back.
  if (course.failure?.state === planning.name) return { left: [] };
  const from = course.failure?.state ?? steps.findLast(({ name }) => name in course.outputs)?.name;
  const reached = steps.slice(0, steps.findIndex(({ name }) => name === from) + 1);
  for (const { rollback } of reached.toReversed()) {
    if (!rollback) continue;
    try {
      const output = await runState(account, rollback, course, undefined, rollbackRetriers);
      course.outputs = { ...course.outputs, [rollback.name]: output };
    } catch (error) {
      course.notRolledBack.push(failureOf(rollback.name, error));
    }
  }
  return (await runState(
    account,
    takeInventory,
    course,
    undefined,
    rollbackRetriers,
  )) as StepOutputs['TakeInventory'];
}
