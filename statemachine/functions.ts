// Every function of the product: those that states call, by the name they are called with, and those that are given events.
import type { Clients, EventFunction, Permission } from '../core/step.ts';
import { decideApproval } from '../handlers/decide-approval.ts';
import { deleteSuperseded } from '../handlers/delete-superseded.ts';
import { execute, executeEvent, type Servable } from '../handlers/serve.ts';
import { sweep } from '../handlers/sweep.ts';
import { watchdog } from '../handlers/watchdog.ts';
import { approval, inventory, pausing, planning, steps, takingOver } from './steps.ts';

export interface StateFunction {
  /** Also the name of the state, and of the substitution in the definition. */
  readonly name: string;
  /** Source file without its ending, and the export that Lambda calls. */
  readonly file: string;
  readonly handler: 'handler' | 'rollbackHandler';
  readonly timeoutSeconds: number;
  readonly permissions: readonly Permission[];
  run(event: unknown, clients: Clients): Promise<unknown>;
}

/** State `CreateRole` lives in `handlers/create-role.ts`. */
export const fileOf = (stateName: string) =>
  stateName.replace(/(?<!^)[A-Z]/g, letter => `-${letter}`).toLowerCase();

function functionOf(servable: Servable, file: string, handler: StateFunction['handler']): StateFunction {
  const { name, timeoutSeconds, permissions } = servable;
  return {
    name,
    file,
    handler,
    timeoutSeconds,
    permissions,
    run: (event, clients) => execute(servable, event, clients),
  };
}

/** The steps in order, each followed by its rollback. */
export function stateFunctions(): StateFunction[] {
  return [planning, ...steps, deleteSuperseded, inventory, approval, pausing, takingOver].flatMap(step => {
    const file = fileOf(step.name);
    const forward = functionOf(step as Servable, file, 'handler');
    return step.rollback ? [forward, functionOf(step.rollback, file, 'rollbackHandler')] : [forward];
  });
}

const calledWithEvents: readonly EventFunction[] = [watchdog, decideApproval, sweep];

/** The functions that no state calls. */
export function eventFunctions(): StateFunction[] {
  return calledWithEvents.map(called => ({
    ...called,
    file: fileOf(called.name),
    handler: 'handler',
    run: (event, clients) => executeEvent(called, event, clients),
  }));
}

export const allFunctions = (): StateFunction[] => [...stateFunctions(), ...eventFunctions()];
