// Starts an execution, shows each state as it happens, and ends with its outcome.
import { DescribeExecutionCommand, ExecutionAlreadyExists, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { findOperation } from '../catalog/catalog.ts';
import { invalidInput, ServiceProxyError } from '../core/errors.ts';
import { executionNameFor, fingerprintOf } from '../core/execution-name.ts';
import { parseInput } from '../core/input.ts';
import { designRoutes } from '../core/routes.ts';
import { readHistory } from '../handlers/execution-history.ts';
import { allowedActions, deniedActions } from '../statemachine/settings.ts';
import { countCalls } from './calls.ts';
import { type Engine, executionArnOf } from './engine.ts';
import { follow, type StateProgress } from './follow.ts';
import { unlessInterrupted } from './interrupt.ts';
import { type Result, resultOf } from './outcome.ts';

/** Everything that can be said of an input without asking AWS; throws InvalidInput with every problem. */
export function designInput(
  value: Record<string, unknown>,
  { stateMachineArn, targets }: Pick<Engine, 'stateMachineArn' | 'targets'>,
) {
  const [, partition = 'aws', , region = '', account = ''] = stateMachineArn.split(':');
  const home = { partition, region, account };
  const settings = { allow: allowedActions, deny: deniedActions, targets: targets ?? ('ANY' as const) };
  const input = parseInput(value);
  return { input, ...designRoutes(input, { findOperation, home, settings }) };
}

/** Started once for a client token, however often: the execution's name is made of it. */
async function startExecution(
  { sfn, stateMachineArn, address }: Omit<Engine, 'account' | 'close'>,
  input: Record<string, unknown>,
): Promise<string> {
  const { clientToken } = input;
  const name = typeof clientToken === 'string' ? executionNameFor(clientToken) : undefined;
  const text = JSON.stringify(input);
  try {
    const started = await sfn.send(
      new StartExecutionCommand({ stateMachineArn, input: text, ...(name && { name }) }),
    );
    if (started.executionArn) return started.executionArn;
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists) || name === undefined) throw error;
    const executionArn = executionArnOf({ stateMachineArn }, name);
    const first = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (fingerprintOf(JSON.parse(first.input ?? '{}')) === fingerprintOf(input)) return executionArn;
    const message = `${clientToken} stands for another input, that of execution ${executionArn}`;
    throw invalidInput([{ path: '$.clientToken', message }]);
  }
  throw new ServiceProxyError('Unavailable', `StartExecution at ${address} gave no execution`);
}

/** The input of the execution that is resumed, and what is given on top of it. */
export async function inputToResume(
  engine: Pick<Engine, 'sfn' | 'stateMachineArn'>,
  execution: string,
  given: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const executionArn = executionArnOf(engine, execution);
  const { name, input = '{}' } = await engine.sfn.send(new DescribeExecutionCommand({ executionArn }));
  // The token stands for the execution that failed; this is another one.
  const { clientToken: _, ...before } = JSON.parse(input);
  return { ...before, ...given, resume: name };
}

export async function runExecution(
  engine: Omit<Engine, 'account' | 'close'>,
  input: Record<string, unknown>,
  show: (progress: StateProgress) => void,
): Promise<Result> {
  designInput(input, engine);
  const executionArn = await startExecution(engine, input);
  return followToEnd(engine, executionArn, show);
}

/** @throws Interrupted when somebody presses Ctrl-C while an execution runs elsewhere */
export async function followToEnd(
  engine: Omit<Engine, 'account' | 'close'>,
  executionArn: string,
  show: (progress: StateProgress) => void,
): Promise<Result> {
  const following = follow(engine, executionArn, show);
  const ended = await (engine.embedded
    ? following
    : unlessInterrupted(executionArn, following, engine.flags));
  return resultOf(ended, countCalls(await readHistory(engine.sfn, executionArn)));
}
