// Functions whose clock runs ahead: locks have to be renewed, and what was read of a fence no longer counts.

import type { RunFunction } from '../../cli/embedded.ts';
import type { Settings } from '../../core/step.ts';
import { makeClients } from '../../handlers/clients.ts';
import type { FunctionEnvironment } from '../../local/embedded.ts';

/** The clients that a function of the embedded account has. */
export function clientsIn(
  { region, credentials, requestHandler, http, now }: FunctionEnvironment,
  settings: Settings,
  clock = now,
) {
  const endpoint = 'http://embedded.localhost';
  return makeClients(settings, { region, credentials, requestHandler, endpoint, now: clock, send: http });
}

/** Four minutes from one call to the next, and two seconds whenever a function looks at the clock. */
export function runSlowly(): RunFunction {
  let late = 0;
  return (called, event, environment, settings) => {
    late += 4 * 60_000;
    const clock = () => {
      late += 2000;
      return environment.now() + late;
    };
    return called.run(event, clientsIn(environment, settings, clock));
  };
}
