// Ctrl-C while an execution is followed: it goes on without us, and we say how to come back to it or end it.

/** What a shell reports of a program that SIGINT has ended. */
export const interruptedExitCode = 130;

export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** The work, or Interrupted as soon as somebody presses Ctrl-C; `flags` are those that reach the engine. */
export async function unlessInterrupted<T>(executionArn: string, work: Promise<T>, flags = ''): Promise<T> {
  let interrupt = () => {};
  const interrupted = new Promise<never>((_, reject) => {
    interrupt = () => reject(new Interrupted(farewell(executionArn, flags)));
    process.once('SIGINT', interrupt);
  });
  try {
    return await Promise.race([work, interrupted]);
  } finally {
    process.off('SIGINT', interrupt);
  }
}

const farewell = (executionArn: string, flags: string) => `
The execution goes on without this command.
Follow it:  service-proxy follow ${executionArn}${flags}
Stop it:    aws stepfunctions stop-execution --execution-arn ${executionArn}${flags}
and then:   service-proxy rollback ${executionArn}${flags}`;
