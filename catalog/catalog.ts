// The catalog: look-up of operations in the generated service files, one file read when asked for.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { nearest } from '../core/nearest.ts';
import type { Operation, OperationError, OperationPermissions, Protocol, Shape } from '../core/operation.ts';

/** One file of `services/`. */
export interface ServiceFile {
  /** Release of the models it was made from. */
  readonly models: string;
  readonly service: string;
  readonly title: string;
  readonly protocol: Protocol;
  readonly apiVersion: string;
  readonly endpointPrefix: string;
  readonly targetPrefix?: string;
  readonly operations: Record<
    string,
    {
      readonly http: Operation['http'];
      readonly input?: string;
      readonly output?: Shape;
      readonly errors: readonly OperationError[];
      readonly readOnly: boolean;
      readonly iam: OperationPermissions;
      readonly status: Operation['status'];
      readonly reason?: string;
      readonly source?: string;
    }
  >;
  readonly shapes: Readonly<Record<string, Shape>>;
}

/** What was not found, and what it may have meant. */
export interface NotFound {
  readonly missing: 'service' | 'action';
  readonly nearest: readonly string[];
}

/** Other names people give a service: endpoint prefixes and products. */
const aliases: Readonly<Record<string, string>> = {
  states: 'stepfunctions',
  'step-functions': 'stepfunctions',
  sfn: 'stepfunctions',
  eventbridge: 'events',
  'amazon-sns': 'sns',
  simplenotificationservice: 'sns',
  'aws-lambda': 'lambda',
  'amazon-s3': 's3',
  dynamo: 'dynamodb',
};

// In a bundle the files stand beside the function; in the source tree beside this file.
const directory = new URL('./services/', import.meta.url);
const cache = new Map<string, ServiceFile | undefined>();

export function listServices(): string[] {
  return readdirSync(directory)
    .filter(name => name.endsWith('.json'))
    .map(name => name.slice(0, -'.json'.length))
    .sort();
}

export function readService(name: string): ServiceFile | undefined {
  const lower = name.toLowerCase();
  const service = aliases[lower.replaceAll(' ', '')] ?? aliases[lower] ?? lower;
  if (!/^[a-z0-9-]+$/.test(service)) return undefined;
  if (!cache.has(service)) {
    const file = new URL(`${service}.json`, directory);
    cache.set(
      service,
      existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ServiceFile) : undefined,
    );
  }
  return cache.get(service);
}

/** The operation, whatever the case of its name; or what is missing, with the nearest names. */
export function findOperation(serviceName: string, actionName: string): Operation | NotFound {
  const file = readService(serviceName);
  if (!file)
    return {
      missing: 'service',
      nearest: nearest(serviceName, [...listServices(), ...Object.keys(aliases)]).map(
        name => aliases[name] ?? name,
      ),
    };
  const names = Object.keys(file.operations);
  const action = names.find(name => name.toLowerCase() === actionName.toLowerCase());
  const found = action === undefined ? undefined : file.operations[action];
  if (action === undefined || !found) return { missing: 'action', nearest: nearest(actionName, names) };
  const { input, ...facts } = found;
  const { service, protocol, apiVersion, endpointPrefix, targetPrefix, shapes } = file;
  const inputShape = input === undefined ? undefined : shapes[input];
  return {
    ...facts,
    service,
    action,
    protocol,
    apiVersion,
    endpointPrefix,
    ...(targetPrefix !== undefined && { targetPrefix }),
    ...(inputShape && { input: inputShape }),
    shapes,
  };
}
