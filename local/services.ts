// The services of the embedded AWS by signing name, each loaded when first called.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FunctionEnvironment } from './built-in-functions.ts';
import type { DataPlaneAddress } from './data-plane-address.ts';
import type { EmbeddedOptions } from './embedded.ts';
import type { FindFault } from './faults.ts';
import {
  type Aws,
  type Credentials,
  type RelayedService,
  type Service,
  ServiceError,
  type WireRequest,
  type WireResponse,
} from './service.ts';
import { ensureStateMachines, ensureTables, functionRole } from './setup.ts';
import type { StatesService } from './states/service.ts';

export type AnyService = (Service | RelayedService) & { close?(): Promise<void> | void };

export interface ServicesSetup {
  readonly options: EmbeddedOptions;
  readonly findFault: FindFault;
  readonly environment: (credentials: Credentials, signal: AbortSignal) => FunctionEnvironment;
}

export interface Services {
  find(name: string): Promise<AnyService | undefined>;
  states(): Promise<StatesService>;
  serveRequest(request: WireRequest, address: DataPlaneAddress, signal?: AbortSignal): Promise<WireResponse>;
  invokeFunction: Aws['invokeFunction'];
  start(): Promise<void>;
  close(): Promise<void>;
}

const pending: Readonly<Record<string, readonly [file: string, exported: string]>> = {
  lambda: ['./lambda/service.ts', 'lambdaService'],
};

export function openServices(aws: Aws, setup: ServicesSetup): Services {
  const { functions = [], stateMachines = [], tables = [], dataDir, seed } = setup.options;
  const random = seed === undefined ? Math.random : () => Number.parseInt(aws.ids.hex(12), 16) / 2 ** 48;

  const loadPending = async (name: string): Promise<AnyService | undefined> => {
    const [file, exported] = pending[name] ?? [];
    if (!file || !exported || !existsSync(new URL(file, import.meta.url))) return undefined;
    const found = (await import(file))[exported];
    return typeof found === 'function' ? found(aws, functions) : found;
  };
  const loaders: Readonly<Record<string, () => Promise<AnyService>>> = {
    apigateway: async () => (await import('./apigateway/service.ts')).apiGatewayService(aws),
    async dynamodb() {
      const { dynamodbService } = await import('./relays/dynamodb.ts');
      const service = dynamodbService(aws, undefined, dataDir && join(dataDir, 'dynamodb'));
      await ensureTables(aws, service, tables);
      return service;
    },
    iam: async () => (await import('./iam/service.ts')).iamService(aws),
    sts: async () => (await import('./iam/sts.ts')).stsService(aws),
    sns: async () => (await import('./relays/sns.ts')).snsService(aws),
    sqs: async () => (await import('./relays/sqs.ts')).sqsService(aws),
    s3: async () => (await import('./relays/s3.ts')).s3Service(aws),
    kinesis: async () => (await import('./relays/kinesis.ts')).kinesisService(aws),
    states: () => services.states(),
  };

  const loaded = new Map<string, Promise<AnyService | undefined>>();
  let states: Promise<StatesService> | undefined;
  const loadStates = async (): Promise<StatesService> => {
    const { statesService } = await import('./states/service.ts');
    const service = statesService(aws, { random });
    await ensureStateMachines(aws, service, stateMachines, functions);
    service.resume();
    return service;
  };

  const services: Services = {
    find(name) {
      let service = loaded.get(name);
      if (!service) {
        service = loaders[name]?.() ?? loadPending(name);
        loaded.set(name, service);
      }
      return service;
    },
    states() {
      states ??= loadStates();
      return states;
    },
    async serveRequest(request, address) {
      const { serveRequest } = await import('./execute-api/serve.ts');
      return serveRequest(aws, request, address);
    },
    async invokeFunction() {
      throw new ServiceError('NotImplemented', 501, 'lambda');
    },
    async start() {
      for (const builtIn of functions) functionRole(aws, builtIn);
      // Executions that a restart interrupted go on without waiting for a call.
      if (stateMachines.length > 0 || dataDir !== undefined) await services.states();
    },
    async close() {
      for (const service of await Promise.all(loaded.values())) await service?.close?.();
      if (states && !loaded.has('states')) (await states).close();
    },
  };
  return services;
}
