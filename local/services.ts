// The services of the embedded AWS by signing name, each loaded when first called.
import type { FunctionEnvironment } from './built-in-functions.ts';
import type { Clock } from './clock.ts';
import type { Trail } from './cloudtrail/trail.ts';
import { findAccessKey } from './credentials.ts';
import type { EmbeddedOptions } from './embedded.ts';
import { rules as rulesOf } from './events/model.ts';
import { type FindFault, suffer } from './faults.ts';
import type { LambdaService } from './lambda/service.ts';
import { type CallRecord, functionName } from './server.ts';
import type { Aws, Caller, Credentials, RelayedService, Service } from './service.ts';
import { ensureQueues, ensureStateMachines, ensureTables, functionRole, rootCall } from './setup.ts';
import type { ExecutionDocument } from './states/records.ts';
import type { StatesService } from './states/service.ts';

type AnyService = (Service | RelayedService) & { close?(): Promise<void> | void };

export interface Services {
  find(name: string): Promise<AnyService | undefined>;
  states(): Promise<StatesService>;
  /** Goes on with what a restart interrupted, and waits for what is due by the clock, without a call. */
  resume(): Promise<void>;
  invokeFunction: Aws['invokeFunction'];
  /** A message that was sent may be one that a function waits for. */
  onCall(record: CallRecord): void;
  close(): Promise<void>;
}

export interface ServicesSetup {
  readonly options: EmbeddedOptions;
  readonly findFault: FindFault;
  readonly trail: Trail;
  readonly environment: (credentials: Credentials, signal: AbortSignal) => FunctionEnvironment;
}

export function openServices(aws: Aws, { options, findFault, trail, environment }: ServicesSetup): Services {
  const { functions = [], stateMachines = [], tables = [], rules = [], seed } = options;
  const { queues = [], eventSources = [] } = options;
  const random = seed === undefined ? Math.random : () => Number.parseInt(aws.ids.hex(12), 16) / 2 ** 48;

  const once = onceOn(aws.clock);
  const states = once(async () => {
    const { statesService } = await import('./states/service.ts');
    const service = statesService(aws, { random });
    service.onStatusChange(execution => void tellStatus(execution));
    await ensureStateMachines(aws, service, stateMachines, functions);
    service.resume();
    return service;
  });
  const lambda = once(async (): Promise<LambdaService> => {
    const { lambdaService } = await import('./lambda/service.ts');
    return lambdaService(aws, functions, environment);
  });
  const events = once(async () => {
    const { eventsService } = await import('./events/service.ts');
    const service = eventsService(aws);
    if (rules.length > 0) {
      const { ensureRules } = await import('./events/setup.ts');
      await ensureRules(aws, service, rules);
    }
    service.resume();
    return service;
  });
  const statusEvents = once(() => import('./states/status-event.ts'));
  const hasRules = () => rules.length > 0 || rulesOf(aws).size > 0;
  /** EventBridge need not be there while nobody listens. */
  const tellStatus = async (execution: ExecutionDocument) => {
    if (!hasRules()) return;
    const service = await events.get();
    const { statusChangeEvent } = await statusEvents.get();
    service.publish(statusChangeEvent(aws, execution));
  };
  const sqs = once(async () => {
    const service = (await import('./relays/sqs.ts')).sqsService(aws);
    await ensureQueues(aws, service, queues);
    return service;
  });
  const sources = once(async () => {
    const { EventSources } = await import('./event-sources.ts');
    const roleOf = (name: string) => {
      const called = functions.find(one => one.name === name);
      if (!called) throw new Error(`there is no built-in function ${name}`);
      return functionRole(aws, called);
    };
    return new EventSources(aws, eventSources, roleOf);
  });
  const pollSources = async () => (await sources.get()).poll();
  const s3 = once(async () => (await import('./relays/s3.ts')).s3Service(aws));
  const dynamodb = once(async () => {
    const { dynamodbService } = await import('./relays/dynamodb.ts');
    const service = dynamodbService(aws);
    await ensureTables(aws, service, tables);
    return service;
  });

  // In the order in which they are closed: callers before whom they call.
  const loaders = new Map<string, Once<AnyService>>([
    ['events', events],
    ['states', states],
    ['lambda', lambda],
    ['apigateway', once(async () => (await import('./apigateway/service.ts')).apiGatewayService(aws))],
    ['iam', once(async () => (await import('./iam/service.ts')).iamService(aws))],
    ['sts', once(async () => (await import('./iam/sts.ts')).stsService(aws))],
    ['sns', once(async () => (await import('./relays/sns.ts')).snsService(aws))],
    ['sqs', sqs],
    ['s3', s3],
    ['dynamodb', dynamodb],
    ['cloudtrail', once(async () => (await import('./cloudtrail/service.ts')).cloudTrailService(aws, trail))],
    ['ssm', once(async () => (await import('./ssm/service.ts')).ssmService(aws))],
    ['kinesis', once(async () => (await import('./relays/kinesis.ts')).kinesisService(aws))],
  ]);

  for (const [name, service] of Object.entries(options.services ?? {}))
    loaders.set(
      name,
      once(async () => service(aws)),
    );

  return {
    find: async name => loaders.get(name)?.get(),
    states: states.get,
    async resume() {
      // Reads the objects' files, to tell of a damaged one at once.
      if (aws.store.collection('s3/buckets').size > 0) await s3.get();
      if (aws.store.files) await states.get();
      const isDueByClock = rules.some(rule => rule.scheduleExpression !== undefined);
      if (isDueByClock || rulesOf(aws).size > 0) await events.get();
      if (eventSources.length > 0 && aws.store.collection('sqs/messages').size > 0) await pollSources();
    },
    onCall({ service, operation, status }) {
      if (eventSources.length === 0 || service !== 'sqs' || status !== 200) return;
      if (operation?.startsWith('SendMessage')) void pollSources();
    },
    // What states and integrations invoke does not come through the front door, faults meet it all the same.
    async invokeFunction(request) {
      const { functionArn, as, signal } = request;
      const call = {
        service: 'lambda',
        operation: 'Invoke',
        functionName: functionName(functionArn),
        caller: callerOf(aws, as),
        authorizations: [{ action: 'lambda:InvokeFunction', resource: functionArn }],
        signal,
      };
      const fault = findFault(call);
      if (fault && fault.when !== 'after') await suffer(fault, call);
      const result = await (await lambda.get()).invokeFunction(request);
      if (fault?.when === 'after') await suffer(fault, call);
      return result;
    },
    async close() {
      (await sources.started())?.close();
      for (const { started } of loaders.values()) await (await started())?.close?.();
    },
  };
}

/** For the message of a fault only: Lambda itself looks at who really calls. */
function callerOf(aws: Aws, as: Parameters<Aws['invokeFunction']>[0]['as']): Caller {
  if ('servicePrincipal' in as) return { account: aws.account, arn: as.servicePrincipal, accessKeyId: '' };
  return findAccessKey(aws, as.accessKeyId, as.sessionToken)?.caller ?? rootCall(aws).caller;
}

interface Once<T> {
  get(): Promise<T>;
  /** What `get` gave, if it was ever called. */
  started(): Promise<T> | undefined;
}

/** Loading a module takes no time of the account's clock. */
function onceOn(clock: Clock) {
  return <T>(load: () => Promise<T>): Once<T> => {
    let loaded: Promise<T> | undefined;
    return {
      get() {
        loaded ??= load().finally(clock.hold());
        return loaded;
      },
      started: () => loaded,
    };
  };
}
