// An engine that does not answer, or not as one does: which address was tried, and what came of it.

export class EngineUnreachable extends Error {
  override readonly name = 'EngineUnreachable';
  readonly address: string;

  constructor(address: string, cause: unknown) {
    super(
      `No engine answers at ${address} (${reasonOf(cause)}).\n` +
        'Start one with `service-proxy up`, or name another with --endpoint-url.',
      { cause },
    );
    this.address = address;
  }
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  // What Node's fetch and the SDK put into the error below the one they throw says more.
  const { message, name } = cause.cause instanceof Error ? cause.cause : cause;
  return message ? `${name}: ${message}` : name;
}

/** Whether a failed call means that nobody answered, or not as AWS does. */
export function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { $metadata, code } = error as Error & { $metadata?: { httpStatusCode?: number }; code?: string };
  // A status without an AWS error's name comes from something that is no engine, 5xx from one that is not well.
  if ($metadata?.httpStatusCode !== undefined) {
    return $metadata.httpStatusCode >= 500 || /^(Unknown(Error)?|SyntaxError)$/.test(error.name);
  }
  return (
    /^E[A-Z]+$/.test(code ?? '') ||
    /TimeoutError|CredentialsProviderError|NetworkingError|UnknownEndpoint/.test(error.name)
  );
}
