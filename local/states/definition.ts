// A state machine's definition, compiled: what the interpreter runs.
import type { Template } from './template.ts';

export interface States {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
}

export interface Definition extends States {
  readonly timeoutSeconds?: number;
}

/** Where a state, rule or catcher goes on, and what it leaves behind. */
export interface Transition {
  /** Absent at an end. */
  readonly next?: string;
  readonly output?: Template;
  readonly assign?: Template;
}

export interface Retrier {
  readonly errorEquals: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  readonly maxDelaySeconds: number;
  readonly jitter: boolean;
}

export interface Catcher extends Transition {
  readonly errorEquals: readonly string[];
  readonly next: string;
}

interface Named {
  readonly name: string;
}

export interface Retried {
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
}

interface PassState extends Named, Transition {
  readonly type: 'Pass';
}

export type Resource =
  | { readonly kind: 'function'; readonly functionArn: string }
  | { readonly kind: 'lambda:invoke'; readonly waitForTaskToken: boolean };

export interface TaskState extends Named, Transition, Retried {
  readonly type: 'Task';
  readonly resource: Resource;
  readonly arguments?: Template;
  readonly timeoutSeconds?: Template;
  readonly heartbeatSeconds?: Template;
}

interface ChoiceRule extends Transition {
  readonly condition: Template;
  readonly next: string;
}

export interface ChoiceState extends Named, Transition {
  readonly type: 'Choice';
  readonly choices: readonly ChoiceRule[];
}

export interface WaitState extends Named, Transition {
  readonly type: 'Wait';
  readonly seconds?: Template;
  readonly timestamp?: Template;
}

interface SucceedState extends Named, Transition {
  readonly type: 'Succeed';
}

export interface FailState extends Named {
  readonly type: 'Fail';
  readonly error?: Template;
  readonly cause?: Template;
}

export interface ParallelState extends Named, Transition, Retried {
  readonly type: 'Parallel';
  readonly arguments?: Template;
  readonly branches: readonly States[];
}

export interface MapState extends Named, Transition, Retried {
  readonly type: 'Map';
  readonly items?: Template;
  readonly itemSelector?: Template;
  readonly maxConcurrency?: Template;
  readonly toleratedFailureCount?: Template;
  readonly toleratedFailurePercentage?: Template;
  readonly itemProcessor: States;
}

export type State =
  | PassState
  | TaskState
  | ChoiceState
  | WaitState
  | SucceedState
  | FailState
  | ParallelState
  | MapState;
