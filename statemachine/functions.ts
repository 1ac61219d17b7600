// Every function the definition calls, by the name it is called with.
import type { Clients, Permission } from '../core/step.ts';
import { deleteSuperseded } from '../handlers/delete-superseded.ts';
import { execute, type Servable } from '../handlers/serve.ts';
import { planning, steps } from './steps.ts';

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
  return [planning, ...steps, deleteSuperseded].flatMap(step => {
    const file = fileOf(step.name);
    const forward = functionOf(step as Servable, file, 'handler');
    return step.rollback ? [forward, functionOf(step.rollback, file, 'rollbackHandler')] : [forward];
  });
}
