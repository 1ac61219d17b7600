// AWS Step Functions of the embedded AWS: Standard state machines in the JSONata Amazon States Language.
import type { Aws, Service } from '../service.ts';
import { authorize } from './authorize.ts';
import { describeExecutionOperations } from './describe-executions.ts';
import { Executions } from './executions.ts';
import { expressOperations } from './express.ts';
import { expressionCompiler } from './expression.ts';
import { type EventListener, historyOperations, Listeners } from './history.ts';
import { machineOperations } from './machines.ts';
import type { ExecutionDocument } from './records.ts';
import { tagOperations } from './tags.ts';
import { TaskTokens } from './task-tokens.ts';

export interface StatesService extends Service {
  /** Goes on with the executions that a restart interrupted, each from its last completed state. */
  resume(): void;
  /** Lets go of every running execution; `resume` goes on with them. */
  close(): void;
  /** Resolves with the execution when it has ended. */
  ended(executionArn: string): Promise<ExecutionDocument>;
  /** Calls the listener, which must not throw, with every event from now on; the returned function ends that. */
  onHistoryEvent(executionArn: string, listener: EventListener): () => void;
  /** Calls the listener, which must not throw, when an execution is started, is redriven or has ended. */
  onStatusChange(listener: (execution: ExecutionDocument) => void): () => void;
}

export interface StatesOptions {
  /** From 0 to below 1, for jitter, `$random` and `$shuffle`. */
  readonly random?: () => number;
}

export function statesService(aws: Aws, { random = Math.random }: StatesOptions = {}): StatesService {
  const listeners = new Listeners();
  const tokens = new TaskTokens(aws.ids);
  const statusListeners = new Set<(execution: ExecutionDocument) => void>();
  const onEvent = listeners.tell.bind(listeners);
  const onStatus = (execution: ExecutionDocument) => {
    for (const listener of statusListeners) listener(execution);
  };
  const engine = { aws, random, tokens, onEvent, onStatus };
  const executions = new Executions(engine, expressionCompiler(aws, random));
  return {
    operations: {
      ...machineOperations(aws, arn => executions.stopAllOf(arn)),
      ...tagOperations(aws),
      ...executions.operations,
      ...expressOperations(engine, executions),
      ...describeExecutionOperations(aws),
      ...historyOperations(aws),
      ...tokens.operations,
    },
    authorize,
    resume: () => executions.resume(),
    close: () => executions.suspend(),
    ended: arn => executions.ended(arn),
    onHistoryEvent: (arn, listener) => listeners.add(arn, listener),
    onStatusChange(listener) {
      statusListeners.add(listener);
      return () => statusListeners.delete(listener);
    },
  };
}
