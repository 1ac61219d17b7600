// The history of an execution as GetExecutionHistory pages through it, and as listeners in this process hear it.
import type { GetExecutionHistoryInput, HistoryEvent } from '@aws-sdk/client-sfn';
import type { Aws } from '../service.ts';
import { checkArn } from './arns.ts';
import { executionMissing } from './errors.ts';
import { isObject } from './json.ts';
import { pageOf, tokenAt } from './paging.ts';
import { countEvents, type EventDocument, eventKey, events, executions } from './records.ts';

export type EventListener = (event: HistoryEvent) => void;

const historyEvent = (document: EventDocument): HistoryEvent => ({
  ...document,
  timestamp: new Date(document.timestamp),
});

export class Listeners {
  readonly #listeners = new Map<string, Set<EventListener>>();

  add(executionArn: string, listener: EventListener): () => void {
    const listeners = this.#listeners.get(executionArn) ?? new Set();
    this.#listeners.set(executionArn, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(executionArn);
    };
  }

  tell(executionArn: string, document: EventDocument): void {
    const listeners = this.#listeners.get(executionArn);
    if (!listeners) return;
    const event = historyEvent(document);
    for (const listener of listeners) listener(event);
  }
}

export const historyOperations = (aws: Aws) => ({
  GetExecutionHistory(given: GetExecutionHistoryInput) {
    const arn = checkArn('executionArn', given.executionArn, 'execution');
    const execution = executions(aws).get(arn);
    if (!execution) throw executionMissing(arn);
    const count = execution.eventCount ?? countEvents(aws, arn);
    const { start, size } = pageOf(given, 100);
    const found: HistoryEvent[] = [];
    for (let index = start; index < Math.min(start + size, count); index++) {
      const document = events(aws).get(eventKey(arn, given.reverseOrder ? count - index : index + 1));
      if (document)
        found.push(historyEvent(given.includeExecutionData === false ? withoutData(document) : document));
    }
    return { events: found, ...tokenAt(start + size, count) };
  },
});

const data = new Set(['input', 'output', 'parameters', 'assignedVariables']);

function withoutData(document: EventDocument): EventDocument {
  const members = Object.entries(document).map(([name, value]) => [
    name,
    isObject(value)
      ? Object.fromEntries(Object.entries(value).filter(([member]) => !data.has(member)))
      : value,
  ]);
  return Object.fromEntries(members);
}
