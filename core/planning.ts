// What a plan is made from: the input, the routes as they shall be, and what exists.
import type { Existing } from './existing.ts';
import type { ProvisionInput } from './input.ts';
import type { Target } from './integration.ts';
import type { RouteDesign } from './routes.ts';
import type { PlannedTarget } from './target.ts';

export interface Planning {
  readonly input: ProvisionInput;
  readonly routes: readonly RouteDesign[];
  readonly existing: Existing;
  readonly target: Target;
  /** Where the API is not simply beside the state machine. */
  readonly reach?: PlannedTarget;
  readonly executionName: string;
}
