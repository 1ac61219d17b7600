// How an operation goes up to the state that a case is about: run once, and gone on with by every case that shares it.
import type { CallTrace } from './clients.ts';
import type { SimulatedFault } from './faults.ts';
import { executionName, isLarge, type StartName, startFrom } from './starts.ts';
import { openWorld, type Saved } from './world.ts';

export interface CourseOf {
  readonly start: StartName;
  readonly operation: 'provision' | 'remove';
  /** What it meets on the way, every time. */
  readonly faults: readonly SimulatedFault[];
}

interface Entered {
  readonly saved: Saved;
  /** Calls until then. */
  readonly trace: readonly CallTrace[];
}

export interface Course {
  readonly trace: readonly CallTrace[];
  /** The account when a state's function is first called. */
  readonly entered: ReadonlyMap<string, Entered>;
}

export const delays = { role: 3000, dataPlane: 2000 };

/** The same text gives the same seed, whatever else runs. */
export function seedOf(text: string): number {
  let seed = 7;
  for (const letter of text) seed = (Math.imul(seed, 31) + letter.charCodeAt(0)) >>> 0;
  return seed;
}

const courses = new Map<string, Course>();

export async function courseOf(one: CourseOf): Promise<Course> {
  const key = JSON.stringify(one);
  const known = courses.get(key);
  if (known) return known;
  const start = await startFrom(one.start);
  const world = await openWorld({ seed: seedOf(key), from: start.saved, delays, quotas: isLarge(one.start) });
  const entered = new Map<string, Entered>();
  world.setFaults(one.faults);
  world.setRaise(name => {
    if (!entered.has(name)) entered.set(name, { saved: world.save(), trace: [...world.trace] });
    return undefined;
  });
  await world.run(executionName, { ...start.input, operation: one.operation });
  const course = { trace: world.trace, entered };
  courses.set(key, course);
  return course;
}
