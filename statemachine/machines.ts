// The state machines by name: what a deployment makes of each, and where its generated definition is.
import { rollbackStateMachineName } from '../core/failure.ts';
import { definition } from './definition.ts';
import { rollbackDefinition } from './rollback-definition.ts';
import { stateMachineName } from './settings.ts';

export const stateMachines = [
  { name: stateMachineName, file: new URL('./service-proxy.asl.json', import.meta.url), definition },
  {
    name: rollbackStateMachineName,
    file: new URL('./service-proxy-rollback.asl.json', import.meta.url),
    definition: rollbackDefinition,
  },
] as const;
