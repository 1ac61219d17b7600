// What the history says of branches and iterations that a failing sibling cut off.
import type { Thread } from './run.ts';

const abortedTypes = ['Task', 'Wait', 'Parallel', 'Map'] as const;

/** Writes …StateAborted for the states the thread's branches were in; the failing branch only has its Task aborted. */
export function recordCutOff(parent: Thread, failing: Thread): void {
  for (const child of parent.children) {
    if (child !== failing) recordAborted(child);
    else if (child.visit?.state.type === 'Task') child.run.append(child.previous, 'TaskStateAborted');
  }
  parent.children.clear();
}

export function recordAborted(thread: Thread): void {
  for (const child of thread.children) recordAborted(child);
  const type = abortedTypes.find(candidate => candidate === thread.visit?.state.type);
  if (type) thread.run.append(thread.previous, `${type}StateAborted`);
}
