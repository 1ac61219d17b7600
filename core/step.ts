// What a step is, and what it may use.
import type { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { Execution, ExecutionIdentity, RollbackOutput, StepOutputs } from './execution.ts';
import type { RecordedCall } from './recorded-call.ts';
import type { AllowedTargets, PlannedTarget } from './target.ts';

export type StepName = keyof StepOutputs;

/** States that only look: without them nothing is proven, but nothing is missing either. */
export const skippableStates = ['TestInvokeMethod', 'VerifyStage'] as const;
export type SkippableState = (typeof skippableStates)[number];

/**
 * Actions one function needs, on resources written with {partition}, {region}, {account} and {table}, under
 * conditions written with {boundary}, where only the deployment knows them.
 */
export interface Permission {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the deployer configured: the same for every function. */
export interface Settings {
  readonly ledgerTable: string;
  /** Actions that may be exposed, as `service:Action` with `*`; a deny wins over an allow. */
  readonly allow: readonly string[];
  readonly deny: readonly string[];
  /** ARN of the permissions boundary every role gets. */
  readonly permissionsBoundary?: string;
  /** API Gateway takes one CreateDeployment per account every 5 seconds; 0 where that does not hold. */
  readonly deploymentIntervalSeconds: number;
  /** URL of a deployed route, with {api}, {region}, {stage} and {path}. */
  readonly invokeUrl: string;
  /** States left out, for an emulator that cannot answer them; they count as skipped, never as passed. */
  readonly skipStates?: readonly SkippableState[];
  /** Where executions are kept for good, once they have ended. */
  /** Whether CloudTrail is asked who started an execution. */
  readonly trail?: boolean;
  /** Where APIs may be besides the account and region of the state machine. */
  readonly targets?: AllowedTargets;
  readonly archive?: {
    readonly bucket: string;
    /** How long the index keeps them; for ever where it does not say. */
    readonly retentionDays?: number;
  };
}

/** Everything a step may touch. Built in one place, from the function's environment or by its caller. */
export interface Clients {
  readonly apigateway: APIGatewayClient;
  readonly iam: IAMClient;
  readonly dynamodb: DynamoDBClient;
  readonly sfn: SFNClient;
  /** Sends a request to a deployed route, signed for `execute-api` when `sign` says so. */
  readonly http: (request: HttpRequest, options: { readonly sign: boolean }) => Promise<HttpResponse>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly settings: Settings;
  /** What the ledger's names of APIs begin with; nothing for those beside the state machine. */
  readonly place?: string;
  /**
   * The same clients, but for API Gateway, IAM and routes: those are of the account and region where the API is, with
   * a session of the role there that is named after the execution.
   */
  at(reach: PlannedTarget, executionName: string): Clients;
  /** What has been called that may change something, since the function was called. */
  readonly calls: RecordedCall[];
}

interface StateFunction {
  readonly permissions: readonly Permission[];
  readonly timeoutSeconds: number;
}

export interface Rollback extends StateFunction {
  /** State name, "DeleteRole" beside "CreateRole". */
  readonly name: string;
  run(execution: Execution, clients: Clients): Promise<RollbackOutput>;
}

/** One state that does something and, if it leaves anything behind, one that takes it away. */
export interface Step<N extends StepName = StepName> extends StateFunction {
  readonly name: N;
  run(execution: Execution, clients: Clients): Promise<StepOutputs[N]>;
  readonly rollback?: Rollback;
}

/** The first state of an execution: it sees the input as it came, and everything after it the plan in the ledger. */
export interface FirstStep<N extends StepName = StepName> extends StateFunction {
  readonly name: N;
  readonly isFirst: true;
  run(
    starting: {
      readonly execution: ExecutionIdentity;
      /** How often it has been tried before. */
      readonly attempt: number;
      readonly input: unknown;
    },
    clients: Clients,
  ): Promise<StepOutputs[N]>;
  readonly rollback?: never;
}

/** A function that no state calls: it is given an event, or a request of its own. */
export interface EventFunction extends StateFunction {
  readonly name: string;
  run(event: unknown, clients: Clients): Promise<unknown>;
}

/** Actions of one service on the same resources. */
export function allow(
  actions: readonly string[],
  resources: readonly string[],
  conditions?: Permission['conditions'],
): Permission {
  return { actions, resources, ...(conditions && { conditions }) };
}
