// Where an execution runs: in this process, or in an account (or whatever endpoint stands for one).
import { SFNClient } from '@aws-sdk/client-sfn';
import type { EmbeddedAws } from '../local/embedded.ts';
import { embeddedStateMachineArn, openEmbedded } from './embedded.ts';

export interface EngineOptions {
  readonly target?: 'embedded' | 'aws';
  readonly stateMachineArn?: string;
  readonly endpointUrl?: string;
  readonly region?: string;
  readonly data?: string;
}

export interface Engine {
  readonly sfn: SFNClient;
  readonly stateMachineArn: string;
  /** Milliseconds between two looks at a running execution. */
  readonly pollEvery: number;
  readonly embedded?: EmbeddedAws;
  /** Address for messages. */
  readonly address: string;
  close(): Promise<void>;
}

const isEmbedded = ({ target, stateMachineArn, endpointUrl }: EngineOptions) =>
  target === 'embedded' ||
  (target === undefined &&
    stateMachineArn === undefined &&
    endpointUrl === undefined &&
    !process.env.SERVICE_PROXY_STATE_MACHINE_ARN);

export async function openEngine(options: EngineOptions): Promise<Engine> {
  if (isEmbedded(options)) {
    const embedded = await openEmbedded(options.data === undefined ? {} : { dataDir: options.data });
    const { credentials, requestHandler, region } = embedded;
    const sfn = new SFNClient({
      region,
      credentials,
      requestHandler,
      endpoint: 'http://embedded.localhost',
      maxAttempts: 1,
    });
    return {
      sfn,
      stateMachineArn: embeddedStateMachineArn,
      pollEvery: 15,
      embedded,
      address: 'the embedded AWS in this process',
      close: () => embedded.close(),
    };
  }
  const stateMachineArn =
    options.stateMachineArn ?? process.env.SERVICE_PROXY_STATE_MACHINE_ARN ?? embeddedStateMachineArn;
  const region = options.region ?? process.env.AWS_REGION ?? stateMachineArn.split(':')[3] ?? 'us-east-1';
  const endpoint = options.endpointUrl ?? process.env.AWS_ENDPOINT_URL;
  const isLocal = endpoint !== undefined && /\/\/(127\.|localhost|\[::1\])/.test(endpoint);
  const sfn = new SFNClient({
    region,
    ...(endpoint !== undefined && { endpoint }),
    // A running `up` knows one pair of keys; an account is reached with the caller's own.
    ...(isLocal &&
      !process.env.AWS_ACCESS_KEY_ID && { credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }),
  });
  return {
    sfn,
    stateMachineArn,
    pollEvery: isLocal ? 50 : 1000,
    address: endpoint ?? `AWS Step Functions in ${region}`,
    close: async () => sfn.destroy(),
  };
}

/** Whether a failure means that nobody answered, or not as Step Functions does. */
export function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { $metadata, code } = error as Error & { $metadata?: { httpStatusCode?: number }; code?: string };
  if ($metadata?.httpStatusCode !== undefined) return false;
  return (
    /^E[A-Z]+$/.test(code ?? '') ||
    /TimeoutError|CredentialsProviderError|NetworkingError|UnknownEndpoint/.test(error.name)
  );
}
