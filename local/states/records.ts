// The documents Step Functions keeps in the account, and where to find them.
import type {
  ExecutionStatus,
  HistoryEvent,
  LoggingConfiguration,
  Tag,
  TracingConfiguration,
} from '@aws-sdk/client-sfn';
import type { Aws } from '../service.ts';
import type { Collection } from '../store.ts';
import type { Json, JsonObject } from './json.ts';

/** A state machine as it is now; what it said before stays in its revisions. */
export interface MachineDocument {
  readonly stateMachineArn: string;
  readonly name: string;
  /** Absent for a Standard one. */
  readonly type?: 'EXPRESS';
  readonly creationDate: number;
  readonly revisionId: string;
  /** AWS names the revision only once there has been an update. */
  readonly isRevised: boolean;
  readonly loggingConfiguration: LoggingConfiguration;
  readonly tracingConfiguration: TracingConfiguration;
  readonly tags: readonly Tag[];
}

export const isExpress = ({ type }: MachineDocument) => type === 'EXPRESS';

/** What an execution runs: fixed when it starts. */
export interface RevisionDocument {
  readonly definition: string;
  readonly roleArn: string;
  readonly updateDate: number;
}

export interface ExecutionDocument {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  readonly revisionId: string;
  readonly status: ExecutionStatus;
  readonly startDate: number;
  readonly stopDate?: number;
  readonly input: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
  readonly redriveCount: number;
  readonly redriveDate?: number;
  /** How many events its history has; counted once it has ended. */
  readonly eventCount?: number;
}

export type EventDocument = Omit<HistoryEvent, 'timestamp' | 'id'> & {
  readonly timestamp: number;
  readonly id: number;
};

/** Where an execution goes on after a restart or a redrive: before the first state it has not completed. */
export interface CheckpointDocument {
  readonly state: string;
  readonly input: Json;
  readonly variables: JsonObject;
  readonly previousEventId: number;
}

export const machines = (aws: Aws): Collection<MachineDocument> => aws.store.collection('states/machines');
/** By ARN and revision id. */
export const revisions = (aws: Aws): Collection<RevisionDocument> => aws.store.collection('states/revisions');
export const executions = (aws: Aws): Collection<ExecutionDocument> =>
  aws.store.collection('states/executions');
export const events = (aws: Aws): Collection<EventDocument> => aws.store.collection('states/history');
export const checkpoints = (aws: Aws): Collection<CheckpointDocument> =>
  aws.store.collection('states/checkpoints');

export const revisionKey = (stateMachineArn: string, revisionId: string) =>
  `${stateMachineArn}:${revisionId}`;
export const eventKey = (executionArn: string, id: number) =>
  `${executionArn}#${String(id).padStart(5, '0')}`;

export function countEvents(aws: Aws, executionArn: string): number {
  const history = events(aws);
  let count = 0;
  while (history.has(eventKey(executionArn, count + 1))) count++;
  return count;
}
