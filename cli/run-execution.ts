// Starts an execution, shows each state as it happens, and ends with its outcome.
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { findOperation } from '../catalog/catalog.ts';
import { ServiceProxyError } from '../core/errors.ts';
import { parseInput } from '../core/input.ts';
import { designRoutes } from '../core/routes.ts';
import { allowedActions, deniedActions } from '../statemachine/settings.ts';
import { countCalls } from './calls.ts';
import type { Engine } from './engine.ts';
import { follow, readHistory, type StateProgress } from './follow.ts';
import { type Result, resultOf } from './outcome.ts';

/** Everything that can be said of an input without asking AWS; throws InvalidInput with every problem. */
export function designInput(value: Record<string, unknown>, stateMachineArn: string) {
  const [, partition = 'aws', , region = '', account = ''] = stateMachineArn.split(':');
  const target = { partition, region, account };
  const settings = { allow: allowedActions, deny: deniedActions };
  const input = parseInput(value);
  return { input, target, routes: designRoutes(input, { findOperation, target, settings }) };
}

export async function runExecution(
  engine: Omit<Engine, 'account' | 'close'>,
  input: Record<string, unknown>,
  show: (progress: StateProgress) => void,
): Promise<Result> {
  designInput(input, engine.stateMachineArn);
  const { clientToken } = input;
  const { executionArn } = await engine.sfn.send(
    new StartExecutionCommand({
      stateMachineArn: engine.stateMachineArn,
      input: JSON.stringify(input),
      // The same name with the same input is the same execution to Step Functions.
      ...(typeof clientToken === 'string' && { name: clientToken }),
    }),
  );
  if (!executionArn)
    throw new ServiceProxyError('Unavailable', `StartExecution at ${engine.address} gave no execution`);
  const ended = await follow(engine, executionArn, show);
  return resultOf(ended, countCalls(await readHistory(engine.sfn, executionArn)));
}
