// Executions stopped from outside, at a moment of their history.
import { type HistoryEvent, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { executionArn } from '../../local/states/arns.ts';
import type { TestAccount } from './account.ts';

type Moment = 'entered' | 'left';

const isMoment = (
  event: Pick<HistoryEvent, 'stateEnteredEventDetails' | 'stateExitedEventDetails'>,
  state: string,
  moment: Moment,
) => (moment === 'entered' ? event.stateEnteredEventDetails : event.stateExitedEventDetails)?.name === state;

/** Starts an execution and stops it when the state is entered or left; a call that is under way goes on. */
export async function runUntil(
  { aws, engine }: TestAccount,
  input: Record<string, unknown>,
  state: string,
  moment: Moment,
): Promise<string> {
  const states = await aws.states();
  const name = `until-${state}-${moment}`;
  const arn = executionArn(engine.stateMachineArn, name);
  let stop: Promise<unknown> | undefined;
  const forget = states.onHistoryEvent(arn, event => {
    if (isMoment(event as HistoryEvent, state, moment))
      // Without the wire, so that no further state begins meanwhile.
      stop ??= aws.call(
        'states',
        'StopExecution',
        { executionArn: arn, error: 'Operator', cause: 'stopped' },
        aws.credentials,
      );
  });
  await engine.sfn.send(
    new StartExecutionCommand({
      stateMachineArn: engine.stateMachineArn,
      name,
      input: JSON.stringify(input),
    }),
  );
  await states.ended(arn);
  await stop;
  forget();
  return arn;
}
