// The only place where AWS clients are made: one attempt per call, the state machine retries.
import { APIGatewayClient, type APIGatewayClientConfig } from '@aws-sdk/client-api-gateway';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { SFNClient } from '@aws-sdk/client-sfn';
import { STSClient } from '@aws-sdk/client-sts';
import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest as SignableRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import type { RecordedCall } from '../core/recorded-call.ts';
import type { Clients, HttpRequest, HttpResponse, Settings } from '../core/step.ts';
import type { PlannedTarget } from '../core/target.ts';
import { assumesRole, sessionOf } from './assumed-role.ts';
import { recordingMiddleware, recordingSend } from './recording.ts';

/** An account's endpoint and keys, as SDK clients take them. */
export interface Target {
  readonly region?: string;
  readonly endpoint?: string;
  readonly credentials?: AwsCredentialIdentity | AwsCredentialIdentityProvider;
  /** An SDK request handler that answers in process. */
  readonly requestHandler?: NonNullable<APIGatewayClientConfig['requestHandler']>;
}

/** How to reach AWS: nothing for the function's own environment, or what an embedded AWS hands over. */
export interface Connection extends Target {
  /** Where the ledger is, if not beside everything else. */
  readonly ledger?: Target;
  /** Sends a request to a deployed route; `fetch` unless the data plane is in process. */
  readonly send?: (request: HttpRequest) => Promise<HttpResponse>;
  readonly now?: () => number;
}

/** Longer than the longest integration takes (29 s). Without a limit a lost connection holds a function until its own. */
const longestCall = 30_000;

/** Without throwOnRequestTimeout the SDK only warns, and goes on waiting. */
const limited = { connectionTimeout: 5000, requestTimeout: longestCall, throwOnRequestTimeout: true };

async function fetchResponse({ url, ...request }: HttpRequest): Promise<HttpResponse> {
  const response = await fetch(url, { ...request, signal: AbortSignal.timeout(longestCall) });
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
  };
}

/** In process, what the SDK would look up in this machine's environment and ~/.aws for each client is settled. */
const inProcess = {
  defaultsMode: 'standard',
  retryMode: 'standard',
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  authSchemePreference: [],
  userAgentAppId: async () => undefined,
} as const satisfies APIGatewayClientConfig;

function once<Made>(make: () => Made): () => Made {
  let made: Made | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

export function makeClients(settings: Settings, connection: Connection = {}): Clients {
  const { now = Date.now, ledger, send: plainSend = fetchResponse, ...target } = connection;
  // The SDK's own retries would hide attempts from the history, and repeat a create whose answer was lost.
  const settle = (one: Target) => ({
    requestHandler: limited,
    ...(one.requestHandler && inProcess),
    ...one,
    maxAttempts: 1,
  });
  const config = settle(target);
  // The ledger and the state machines are always where the product itself runs.
  const home = ledger ? settle(ledger) : config;
  const calls: RecordedCall[] = [];
  const send = recordingSend(plainSend, calls, now);
  const first = { step: 'initialize', name: 'recordsCalls' } as const;
  const dynamodb = once(() => {
    const client = new DynamoDBClient(home);
    client.middlewareStack.add(recordingMiddleware('dynamodb', calls, now), first);
    return client;
  });
  const sfn = once(() => new SFNClient(home));
  let last: { readonly key: string; readonly clients: Clients } | undefined;

  /** `there` is the account and region where APIs are. Few functions call every service, and a client takes time to make. */
  const clientsFor = (there: typeof config, ofPlace: Pick<Clients, 'settings' | 'place'>): Clients => {
    const apigateway = once(() => {
      const client = new APIGatewayClient(there);
      client.middlewareStack.add(recordingMiddleware('apigateway', calls, now), first);
      return client;
    });
    const iam = once(() => {
      const client = new IAMClient(there);
      client.middlewareStack.add(recordingMiddleware('iam', calls, now), first);
      return client;
    });
    return {
      ...ofPlace,
      get apigateway() {
        return apigateway();
      },
      get iam() {
        return iam();
      },
      get dynamodb() {
        return dynamodb();
      },
      get sfn() {
        return sfn();
      },
      now,
      calls,
      http: async (request, { sign }) => send(sign ? await signed(request, apigateway(), now) : request),
      at(reach, executionName) {
        const key = JSON.stringify([reach, executionName]);
        // A function that stays warm serves one execution after the other.
        if (last?.key !== key) last = { key, clients: reaching(reach, executionName) };
        return last.clients;
      },
    };
  };

  function reaching(reach: PlannedTarget, executionName: string): Clients {
    const { region, place } = reach;
    if (!assumesRole(reach)) return clientsFor({ ...config, region }, { settings, place });
    const sts = new STSClient(config);
    sts.middlewareStack.add(recordingMiddleware('sts', calls, now), first);
    const credentials = sessionOf(sts, reach, executionName, now);
    const { permissionsBoundary: _, ...others } = settings;
    const { permissionsBoundary } = reach;
    // The functions' own boundary is a policy of their account.
    const bounded = { ...others, ...(permissionsBoundary !== undefined && { permissionsBoundary }) };
    return clientsFor({ ...config, region, credentials }, { settings: bounded, place });
  }
  return clientsFor(config, { settings });
}

async function signed(
  request: HttpRequest,
  { config }: APIGatewayClient,
  now: () => number,
): Promise<HttpRequest> {
  const url = new URL(request.url);
  const signer = new SignatureV4({
    service: 'execute-api',
    region: await config.region(),
    credentials: config.credentials,
    sha256: Sha256,
  });
  const query: Record<string, string[]> = {};
  for (const [name, value] of url.searchParams) query[name] = [...(query[name] ?? []), value];
  const { headers } = await signer.sign(
    new SignableRequest({
      method: request.method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query,
      headers: { ...request.headers, host: url.host },
      ...(request.body !== undefined && { body: request.body }),
    }),
    { signingDate: new Date(now()) },
  );
  return { ...request, headers };
}
