// The embedded AWS, put together: one account with its services, its front door and its built-in functions.
import { assumeRoleAs } from './assume-role.ts';
import type {
  BuiltInFunction,
  FunctionEnvironment,
  PlainRequest,
  PlainResponse,
} from './built-in-functions.ts';
import { type Clock, realClock } from './clock.ts';
import { openTrail } from './cloudtrail/trail.ts';
import { rootCredentials } from './credentials.ts';
import { dataPlanePrefix } from './data-plane-address.ts';
import { type DirectCall, directCall } from './direct-call.ts';
import type { EventSourceSetup } from './event-sources.ts';
import type { RuleSetup } from './events/setup.ts';
import { type Fault, findFaults } from './faults.ts';
import { type Listening, listenHttp } from './http-server.ts';
import { randomIds, seededIds } from './ids.ts';
import { openPlaces } from './places.ts';
import { sendPlain } from './plain-http.ts';
import { apiGatewayQuotas } from './quotas.ts';
import { type InProcessHandler, inProcessHandler } from './request-handler.ts';
import { type CallRecord, frontDoor, type Handle } from './server.ts';
import type { Aws, Credentials, Ids, Service } from './service.ts';
import { openServices } from './services.ts';
import { ensureManagedPolicy, functionRole, type ManagedPolicySetup, stateMachineRole } from './setup.ts';
import { partitionOf } from './sigv4.ts';
import type { StatesService } from './states/service.ts';
import { openStore, type Store } from './store.ts';

export type { BuiltInFunction, FunctionEnvironment } from './built-in-functions.ts';
export type { RuleSetup } from './events/setup.ts';
export type { Fault } from './faults.ts';
export type { CallRecord } from './server.ts';

export interface StateMachineSetup {
  readonly name: string;
  /** Amazon States Language, as JSON text. */
  readonly definition: string;
  /** The inline policy of its role; default: it may invoke the built-in functions. */
  readonly rolePolicy?: object;
}

export interface EmbeddedOptions {
  readonly account?: string;
  readonly region?: string;
  readonly clock?: Clock;
  /** Makes every id, and so every answer, the same for the same calls. */
  readonly seed?: number;
  readonly ids?: Ids;
  /** Keeps the account in this directory; default: in memory only. */
  readonly dataDir?: string;
  /** Enforces API Gateway's documented control-plane rates. */
  readonly quotas?: boolean;
  /** IAM's quota of roles; default: 1,000. */
  readonly rolesPerAccount?: number;
  readonly faults?: readonly Fault[];
  readonly functions?: readonly BuiltInFunction[];
  readonly stateMachines?: readonly StateMachineSetup[];
  /** Customer managed policies that exist from the start. */
  readonly managedPolicies?: readonly ManagedPolicySetup[];
  /** Holds the account's content instead of a store of its own. */
  readonly store?: Store;
  /** Implementations to use instead of the account's own, by signing name. */
  readonly services?: Readonly<Record<string, (aws: Aws) => Service>>;
  /** How long after its last change API Gateway cannot assume a role yet, in milliseconds; default: at once. */
  readonly rolePropagation?: () => number;
  /** How long after a call CloudTrail knows of it, in milliseconds; default: at once. */
  readonly trailDelay?: () => number;
  /** What the data plane sees of the account, where it lags behind; default: the account as it is. */
  readonly dataPlaneStore?: Store;
  /** DynamoDB tables that exist from the start: CreateTable inputs. */
  readonly tables?: readonly TableSetup[];
  /** SQS queues that exist from the start: CreateQueue inputs. */
  readonly queues?: readonly QueueSetup[];
  /** Queues whose messages are handed to a built-in function. */
  readonly eventSources?: readonly EventSourceSetup[];
  /** EventBridge rules of the default bus that exist from the start. */
  readonly rules?: readonly RuleSetup[];
}

export interface TableSetup {
  readonly TableName: string;
  readonly [member: string]: unknown;
}

export interface QueueSetup {
  readonly QueueName: string;
  readonly [member: string]: unknown;
}

export interface EmbeddedAws extends Aws {
  readonly handle: Handle;
  /** For SDK clients in this process. */
  readonly requestHandler: InProcessHandler;
  /** The root user's. */
  readonly credentials: Credentials;
  readonly invokeUrl: string;
  http(request: PlainRequest): Promise<PlainResponse>;
  /** One operation without the wire: the same permissions and quotas, no signature, no encoding. */
  call: DirectCall;
  /** The state machines, for awaiting an execution or following its history. */
  states(): Promise<StatesService>;
  /** Calls `listener` after every call; the returned function ends that. */
  onCall(listener: (record: CallRecord) => void): () => void;
  listen(port: number): Promise<Listening>;
  close(): Promise<void>;
}

export async function createEmbeddedAws(options: EmbeddedOptions = {}): Promise<EmbeddedAws> {
  const { account = '000000000000', region = 'us-east-1', clock = realClock, faults = [] } = options;
  const store = options.store ?? openStore(options.dataDir);
  const listeners = new Set<(record: CallRecord) => void>();
  const findFault = findFaults(faults);
  const trail = openTrail(options.trailDelay);
  let closed: Promise<void> | undefined;
  let dataPlane: Promise<typeof import('./execute-api/serve.ts')> | undefined;
  let listening: Listening | undefined;
  let handle: Handle = () => Promise.reject(new Error('the embedded AWS is not open yet'));

  const aws: EmbeddedAws = {
    account,
    region,
    partition: partitionOf(region),
    store,
    clock,
    ids: options.ids ?? (options.seed === undefined ? randomIds : seededIds(options.seed)),
    ...(options.rolesPerAccount !== undefined && { rolesPerAccount: options.rolesPerAccount }),
    credentials: rootCredentials,
    send: request => handle(request),
    handle: (request, signal) => handle(request, signal),
    requestHandler: inProcessHandler((request, signal) => handle(request, signal), clock),
    get invokeUrl() {
      return `${listening?.url ?? 'http://embedded.localhost'}${dataPlanePrefix}{api}/{stage}{path}`;
    },
    http: request => sendPlain(handle, request),
    call: (...given) => call(...given),
    at: (...place) => places.at(...place).aws,
    assumeRole: (roleArn, servicePrincipal, sessionName) =>
      assumeRoleAs(aws, roleArn, servicePrincipal, sessionName, options.rolePropagation?.()),
    invokeFunction: request => services.invokeFunction(request),
    states: () => services.states(),
    onCall(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async listen(port) {
      if (listening) throw new Error(`the embedded AWS already listens on ${listening.url}`);
      listening = await listenHttp(aws.handle, port);
      return listening;
    },
    close() {
      closed ??= (async () => {
        await listening?.close();
        await places.close();
        store.close();
      })();
      return closed;
    },
  };

  const services = openServices(aws, {
    options,
    findFault,
    trail,
    environment: (credentials: Credentials, signal: AbortSignal): FunctionEnvironment => ({
      credentials,
      region,
      account,
      requestHandler: inProcessHandler(aws.handle, clock, signal),
      now: () => clock.now(),
      invokeUrl: aws.invokeUrl,
      http: request => sendPlain(aws.handle, request, signal),
      signal,
    }),
  });
  const quotas = () => (options.quotas ? apiGatewayQuotas(clock) : () => {});
  const places = openPlaces({ aws, services, checkQuota: quotas() }, { options, findFault, trail, quotas });
  const call = directCall(aws, places);
  handle = frontDoor({
    aws,
    placeOf: places.at,
    async serveRequest(request, address) {
      dataPlane ??= import('./execute-api/serve.ts').finally(clock.hold());
      const { serveRequest } = await dataPlane;
      const { aws: there } = places.ofApi(address.restApiId);
      const seen =
        there === aws && options.dataPlaneStore ? { ...aws, store: options.dataPlaneStore } : there;
      return serveRequest(seen, request, address);
    },
    findFault,
    trail,
    onCall: record => {
      services.onCall(record);
      for (const listener of listeners) listener(record);
    },
  });
  // In the account from the start, whenever the services that use them are first called.
  const { functions = [], stateMachines = [], managedPolicies = [] } = options;
  for (const policy of managedPolicies) ensureManagedPolicy(aws, policy);
  for (const builtIn of functions) functionRole(aws, builtIn);
  for (const machine of stateMachines) stateMachineRole(aws, machine, functions);
  await services.resume();
  return aws;
}
