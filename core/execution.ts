// The document that states pass to each other: which execution this is, what each step returned, what failed.
import type { Plan } from './plan.ts';

/** Identity and time of an execution; a retry computes the same names from it. */
export interface ExecutionIdentity {
  readonly arn: string;
  readonly name: string;
  /** ISO 8601, from the Step Functions context object. */
  readonly startedAt: string;
  /** ARN of the execution that goes on with this one after it has ended: only that one may still change anything. */
  readonly finisher?: string;
}

/**
 * What a dead execution needs: ROLL_BACK what it made; FINISH what it had recorded as done; REMOVE the rest of what
 * its removal had begun to take away; or NOTHING.
 */
export type Work = 'ROLL_BACK' | 'FINISH' | 'REMOVE' | 'NOTHING';

/** What the state machine needs to know of a plan. */
interface Course {
  /** This execution, or the one that it resumes. */
  readonly execution: ExecutionIdentity;
  readonly approval: boolean;
  readonly onFailure: 'ROLL_BACK' | 'PAUSE';
}

/** How another execution ended. */
export type Repeated = { readonly output: unknown } | { readonly error: string; readonly cause: string };

/** A state that failed: the document keeps the first one, and every rollback state that failed after it. */
export interface Failure {
  readonly state: string;
  readonly error: string;
  readonly cause: string;
}

/** Something that is still there and should not be. */
export interface Leftover {
  readonly what: string;
  readonly why: string;
  /** What finishes it. */
  readonly command: string;
}

/** What each state returned; the definition merges it under the state's name. */
export interface StepOutputs {
  readonly PlanChanges:
    | (Course & { readonly operation: 'provision' | 'remove'; readonly changes: readonly string[] })
    /** Another execution came with the same client token before: this one ends as that one. */
    | (Course & { readonly operation: 'repeat'; readonly repeated: Repeated });
  readonly RequestApproval: { readonly asked: true };
  readonly Pause: { readonly left: readonly Leftover[] };
  readonly TakeOver: {
    /** The execution that is finished, by this one. */
    readonly execution: ExecutionIdentity;
    readonly work: Work;
  };
  readonly CreateRole: { readonly roles: number };
  readonly AcquireLock: { readonly locks: readonly string[]; readonly changes: readonly string[] };
  readonly CreateRestApi: { readonly restApiId: string; readonly rootResourceId: string };
  readonly CreateResource: { readonly resources: number };
  readonly PutMethod: { readonly methods: number };
  readonly PutIntegration: { readonly integrations: number };
  readonly TestInvokeMethod: { readonly tests: readonly RouteResult[] };
  readonly ReserveDeployment: { readonly deployAt: string };
  readonly CreateDeployment: { readonly deploymentId?: string };
  readonly VerifyStage: { readonly routes: readonly RouteResult[] };
  readonly RecordOutcome: { readonly outcome: Outcome };
  readonly DeleteSuperseded: { readonly deleted: readonly string[] };
  readonly TakeInventory: { readonly left: readonly Leftover[] };
}

/** What happened when a route was tried: its status, or why it was not tried. */
export interface RouteResult {
  readonly route: string;
  readonly status?: number;
  /** Start of the answer's body. */
  readonly body?: string;
  readonly skipped?: string;
}

/** A route as it was left: what callers and auditors need of it. */
export interface RouteOutcome {
  readonly path: string;
  readonly httpMethod: string;
  readonly service: string;
  readonly action: string;
  readonly url: string;
  readonly roleArn?: string;
}

/** How an execution ended, as its output and its ledger record say it. */
export interface Outcome {
  readonly status: 'SUCCEEDED';
  readonly operation: 'provision' | 'remove';
  readonly restApiId: string;
  /** Where the API is, if not beside the state machine. */
  readonly target?: { readonly account: string; readonly region: string };
  readonly stage: string;
  readonly deploymentId?: string;
  readonly routeCount: number;
  /** The first routes only: large plans live in the ledger. */
  readonly routes: readonly RouteOutcome[];
  /** States that were left out: what they would have proven is not known. */
  readonly skippedStates?: readonly string[];
}

/** What a rollback state returns: what it took away or put back, a line for each. */
export interface RollbackOutput {
  readonly rolledBack: readonly string[];
}

/** Identifies one thing an execution creates: its kind, and its planned name or path. */
export type Thing =
  `${'restApi' | 'resource' | 'method' | 'import' | 'model' | 'requestValidator' | 'authorizer' | 'gatewayResponse' | 'role' | 'deployment' | 'stage' | 'record' | 'removal'} ${string}`;

export interface MadeDocument {
  readonly state: 'INTENDED' | 'MADE';
  /** When it was written, in milliseconds since the epoch. */
  readonly at: number;
  readonly id?: string;
}

/** A lock as its holder noted it just before it took it. */
export interface HeldLock {
  /** The lock's epoch while it is held by this execution. */
  readonly epoch: number;
  /** When it was taken, in milliseconds since the epoch. */
  readonly since: number;
  /** The end of the lease, in milliseconds since the epoch, or earlier. */
  readonly leaseUntil: number;
}

/** The things of one execution: what it set out to make, and the ids of what is known to be there. */
export type Made = ReadonlyMap<Thing, MadeDocument>;

export interface Execution {
  readonly execution: ExecutionIdentity;
  /** How often this state has been tried before: an attempt after the first reads before it writes. */
  readonly attempt: number;
  readonly outputs: Partial<StepOutputs>;
  readonly plan: Plan;
  /** As the ledger had them when this attempt began; what it makes itself is added to the ledger alone. */
  readonly made: Made;
  /** The locks it has taken or was about to take, the API's own first. */
  readonly held: ReadonlyMap<string, HeldLock>;
  /** Whether the plan was made under the lock. */
  readonly isLocked: boolean;
  /** What has failed so far, forward and rolling back. */
  readonly failures: readonly Failure[];
  /** Only for a state that waits to be answered. */
  readonly taskToken?: string;
}
