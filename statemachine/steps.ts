// THE list: the steps of a provision execution in order, and the states of a removal.
import type { FirstStep, Rollback, Step } from '../core/step.ts';
import { acquireLock } from '../handlers/acquire-lock.ts';
import { createDeployment } from '../handlers/create-deployment.ts';
import { createResource } from '../handlers/create-resource.ts';
import { createRestApi } from '../handlers/create-rest-api.ts';
import { createRole } from '../handlers/create-role.ts';
import { deleteSuperseded } from '../handlers/delete-superseded.ts';
import { pause } from '../handlers/pause.ts';
import { planChanges } from '../handlers/plan-changes.ts';
import { putIntegration } from '../handlers/put-integration.ts';
import { putMethod } from '../handlers/put-method.ts';
import { recordOutcome } from '../handlers/record-outcome.ts';
import { requestApproval } from '../handlers/request-approval.ts';
import { reserveDeployment } from '../handlers/reserve-deployment.ts';
import { takeInventory } from '../handlers/take-inventory.ts';
import { takeOver } from '../handlers/take-over.ts';
import { testInvokeMethod } from '../handlers/test-invoke-method.ts';
import { verifyStage } from '../handlers/verify-stage.ts';

/** Any step, whatever it returns. */
export type AnyStep = Omit<Step, 'run'>;

export const planning: FirstStep = planChanges;

/** From the first change to the last; each one's rollback runs in the opposite order. */
export const steps: readonly AnyStep[] = [
  createRole,
  acquireLock,
  createRestApi,
  createResource,
  putMethod,
  putIntegration,
  testInvokeMethod,
  reserveDeployment,
  createDeployment,
  verifyStage,
  recordOutcome,
];

/** Others may hold the lock for long: this step waits in line. */
export const locking: AnyStep = acquireLock;

/** After the outcome is recorded: nothing here can make the execution fail any more. */
export const closing: readonly (AnyStep | Rollback)[] = [deleteSuperseded, releaseOf(acquireLock)];

/** Where every way back ends: what is left? */
export const inventory: AnyStep = takeInventory;

/** Waits for a person, where the input asks for that. */
export const approval: AnyStep = requestApproval;

/** Instead of a way back, where the input asks for that. */
export const pausing: AnyStep = pause;

/** The first state of a rollback execution. */
export const takingOver: FirstStep = takeOver;

/** A state and the function it calls, where they have different names. */
export interface CalledState {
  readonly name: string;
  readonly calls: AnyStep | Rollback;
}

export const removal: readonly CalledState[] = [
  { name: 'AcquireLockToRemove', calls: acquireLock },
  { name: 'RemoveMethod', calls: releaseOf(putMethod) },
  { name: 'ReserveRedeployment', calls: reserveDeployment },
  { name: 'RedeployStage', calls: createDeployment },
  { name: 'VerifyRemoval', calls: verifyStage },
  { name: 'RemoveSuperseded', calls: deleteSuperseded },
  { name: 'RemoveResource', calls: releaseOf(createResource) },
  { name: 'RemoveRestApi', calls: releaseOf(createRestApi) },
  { name: 'RemoveRole', calls: releaseOf(createRole) },
  { name: 'RecordRemoval', calls: recordOutcome },
];

export const releaseLock: Rollback = releaseOf(acquireLock);

function releaseOf(step: AnyStep): Rollback {
  if (!step.rollback) throw new Error(`${step.name} has no rollback`);
  return step.rollback;
}
