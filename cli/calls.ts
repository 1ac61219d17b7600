// How many AWS calls an execution made that may have changed something, as its functions took note of them.
import type { HistoryEvent } from '@aws-sdk/client-sfn';

/** What of a function's answer says so. */
interface Answered {
  readonly Payload?: { readonly calls?: readonly unknown[]; readonly callsInLedger?: number };
}

function callsOf(output: string): number {
  const { Payload: { calls = [], callsInLedger = 0 } = {} } = JSON.parse(output) as Answered;
  return calls.length + callsInLedger;
}

export const countCalls = (events: readonly HistoryEvent[]): number =>
  events.reduce((sum, { taskSucceededEventDetails: done }) => sum + callsOf(done?.output ?? '{}'), 0);
