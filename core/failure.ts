// A failure in words: what a person reads of an error that a function ended with.

/** Lambda's cause is a JSON text; its errorMessage is the sentence a person should read. */
export function causeInWords(cause: string): string {
  try {
    const { errorMessage } = JSON.parse(cause) as { readonly errorMessage?: unknown };
    return typeof errorMessage === 'string' ? errorMessage : cause;
  } catch {
    return cause; // not every error comes from a function
  }
}

/** Finishes executions that could not end by themselves. */
export const rollbackStateMachineName = 'ServiceProxyRollback';

/** The rollback machine of the account and region an execution or a state machine is in. */
export const rollbackMachineOf = (arn: string) =>
  `${arn.split(':').slice(0, 5).join(':')}:stateMachine:${rollbackStateMachineName}`;

/** An execution of that state machine, by its name. */
export const executionArnBeside = (stateMachineArn: string, name: string) =>
  `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;

/** What an operator calls to have an execution finished that could not finish by itself. */
export const finishCommand = (executionArn: string) => `service-proxy rollback ${executionArn}`;
