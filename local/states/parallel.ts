// The Parallel state: all branches at once; the first failure cuts the others off.
import { attempt } from './attempt.ts';
import { complete, type Outcome } from './complete.ts';
import { recordCutOff } from './cut-off.ts';
import type { ParallelState } from './definition.ts';
import type { Json } from './json.ts';
import { newThread, record, recordAside, type Thread } from './run.ts';
import type { Visit } from './visit.ts';

export function runParallel(visit: Visit<ParallelState>): Promise<Outcome> {
  const { state, thread } = visit;
  let isBranchFailed = false;
  return attempt(
    visit,
    async () => {
      const input = state.arguments ? await visit.evaluate(state.arguments) : visit.input;
      record(thread, 'ParallelStateStarted');
      isBranchFailed = true;
      const result = await runBranches(visit, input);
      isBranchFailed = false;
      recordAside(thread, 'ParallelStateSucceeded');
      return complete(visit, state, result, { result });
    },
    () => {
      if (isBranchFailed) record(thread, 'ParallelStateFailed');
    },
  );
}

async function runBranches({ state, thread }: Visit<ParallelState>, input: Json): Promise<Json> {
  const siblings = new AbortController();
  const signal = AbortSignal.any([thread.signal, siblings.signal]);
  let last = thread.previous;
  const failures: { readonly branch: Thread; readonly thrown: unknown }[] = [];
  const results = await Promise.all(
    state.branches.map(async (states): Promise<Json> => {
      const branch = newThread(thread.run, signal, thread.previous, thread.variables, thread.map);
      thread.children.add(branch);
      try {
        const result = await thread.run.runStates(branch, states, input);
        thread.children.delete(branch);
        last = branch.previous;
        return result;
      } catch (thrown) {
        failures.push({ branch, thrown });
        siblings.abort(thrown);
        return null;
      }
    }),
  );
  const failed = failures[0];
  if (failed) {
    thread.signal.throwIfAborted();
    thread.previous = failed.branch.previous;
    recordCutOff(thread, failed.branch);
    throw failed.thrown;
  }
  thread.previous = last;
  return results;
}
