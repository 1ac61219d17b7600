// The catalog: look-up of operations in the generated service files, one file read when asked for.
import { readFileSync } from 'node:fs';
import { nearest } from '../core/nearest.ts';
import type {
  Operation,
  OperationError,
  OperationOutput,
  OperationPermissions,
  Protocol,
  Shape,
} from '../core/operation.ts';

/** One file of `services/`. */
export interface ServiceFile {
  /** Release of the models it was made from. */
  readonly models: string;
  /** Release of the IAM facts. */
  readonly permissions: string;
  readonly service: string;
  /** Other names the models give it. */
  readonly names: readonly string[];
  readonly protocol: Protocol;
  readonly apiVersion: string;
  readonly endpointPrefix: string;
  readonly targetPrefix?: string;
  readonly operations: Record<
    string,
    {
      readonly http: Operation['http'];
      readonly input?: string;
      readonly output?: OperationOutput;
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

/** `services/index.json`: what is needed of all services without reading each. */
export interface IndexFile {
  readonly models: string;
  readonly services: readonly {
    readonly service: string;
    readonly names: readonly string[];
    readonly protocol: Protocol;
    readonly operations: number;
    readonly derivable: number;
    /** Verdict → number of operations. */
    readonly reasons: Readonly<Record<string, number>>;
  }[];
}

export const indexFile = 'index.json';

// In a bundle the files stand beside the function; in the source tree beside this file.
const besideThis = new URL('./services/', import.meta.url);
const cache = new Map<string, unknown>();

function readOnce<T>(url: URL): T {
  const { href } = url;
  if (!cache.has(href)) cache.set(href, JSON.parse(readFileSync(url, 'utf8')));
  return cache.get(href) as T;
}

export const readIndex = (directory = besideThis): IndexFile => readOnce(new URL(indexFile, directory));

export const listServices = (directory = besideThis): string[] =>
  readIndex(directory).services.map(({ service }) => service);

/** Names people use that no model states. */
const nicknames: Readonly<Record<string, string>> = {
  sfn: 'stepfunctions',
  eventbridge: 'events',
  dynamo: 'dynamodb',
  cloudwatchlogs: 'logs',
};

/** `Amazon Simple Notification Service (SNS)`, `amazon-sns` and `SNS` are the same without what surrounds them. */
const plain = (name: string): string => {
  const letters = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return letters.replace(/^(?:amazon|aws)(?=.)/, '');
};

/** The catalog's id of a service, by any of its names; a name that several services share means the one of that id. */
function serviceId(name: string, directory: URL): string | undefined {
  const { services } = readIndex(directory);
  const wanted = plain(name);
  const byId = services.find(({ service }) => plain(service) === wanted);
  if (byId) return byId.service;
  const nickname = nicknames[wanted];
  if (nickname) return nickname;
  const named = services.filter(({ names }) => names.some(one => plain(one) === wanted));
  return named.length === 1 ? named[0]?.service : undefined;
}

export function readService(name: string, directory = besideThis): ServiceFile | undefined {
  const service = serviceId(name, directory);
  return service === undefined ? undefined : readOnce(new URL(`${service}.json`, directory));
}

function nearestServices(name: string, directory: URL): string[] {
  const { services } = readIndex(directory);
  const owners = new Map<string, string>();
  for (const { service, names } of services) {
    for (const one of [service, ...names]) if (!owners.has(one)) owners.set(one, service);
  }
  return [...new Set(nearest(name, owners.keys()).map(one => owners.get(one) ?? one))];
}

/** The operation, whatever the case of its name; or what is missing, with the nearest names. */
export function findOperation(
  serviceName: string,
  actionName: string,
  directory = besideThis,
): Operation | NotFound {
  const file = readService(serviceName, directory);
  if (!file) return { missing: 'service', nearest: nearestServices(serviceName, directory) };
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
