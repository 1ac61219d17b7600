// The services of the embedded AWS by signing name, each loaded when first called.
import { existsSync } from 'node:fs';
import type { FunctionEnvironment } from './built-in-functions.ts';
import type { DataPlaneAddress } from './data-plane-address.ts';
import type { EmbeddedOptions } from './embedded.ts';
import type { FindFault } from './faults.ts';
import type {
  Aws,
  Credentials,
  FunctionResult,
  RelayedService,
  Service,
  WireRequest,
  WireResponse,
} from './service.ts';
import { ServiceError } from './service.ts';

export type AnyService = Service | RelayedService;

export interface ServicesSetup {
  readonly options: EmbeddedOptions;
  readonly findFault: FindFault;
  readonly environment: (credentials: Credentials, signal: AbortSignal) => FunctionEnvironment;
}

export interface Services {
  find(name: string): Promise<AnyService | undefined>;
  serveRequest(request: WireRequest, address: DataPlaneAddress, signal?: AbortSignal): Promise<WireResponse>;
  invokeFunction: Aws['invokeFunction'];
  start(): Promise<void>;
  close(): Promise<void>;
}

const modules: Readonly<Record<string, readonly [file: string, exported: string]>> = {
  apigateway: ['./apigateway/service.ts', 'apiGatewayService'],
  states: ['./states/service.ts', 'statesService'],
  iam: ['./iam/service.ts', 'iamService'],
  sts: ['./iam/sts.ts', 'stsService'],
  lambda: ['./lambda/service.ts', 'lambdaService'],
  sns: ['./relays/sns.ts', 'snsService'],
  sqs: ['./relays/sqs.ts', 'sqsService'],
  s3: ['./relays/s3.ts', 's3Service'],
  dynamodb: ['./relays/dynamodb.ts', 'dynamodbService'],
  kinesis: ['./relays/kinesis.ts', 'kinesisService'],
};

export function openServices(aws: Aws, setup: ServicesSetup): Services {
  const loaded = new Map<string, Promise<AnyService | undefined>>();
  const load = async (name: string): Promise<AnyService | undefined> => {
    const [file, exported] = modules[name] ?? [];
    if (!file || !exported || !existsSync(new URL(file, import.meta.url))) return undefined;
    const found = (await import(file))[exported];
    return typeof found === 'function' ? found(aws, setup.options.functions ?? []) : found;
  };
  return {
    find(name) {
      let service = loaded.get(name);
      if (!service) {
        service = load(name);
        loaded.set(name, service);
      }
      return service;
    },
    async serveRequest(request, address) {
      const file = './execute-api/serve.ts';
      if (!existsSync(new URL(file, import.meta.url))) throw new Error('no data plane yet');
      return (await import(file)).serveRequest(aws, request, address);
    },
    async invokeFunction(): Promise<FunctionResult> {
      throw new ServiceError('NotImplemented', 501, 'lambda');
    },
    async start() {},
    async close() {},
  };
}
