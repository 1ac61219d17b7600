// The catalog: look-up of operations in the generated service files, one file read when asked for.
import { readFileSync } from 'node:fs';
import { nearest } from '../core/nearest.ts';
import type { Operation, Protocol, Shape } from '../core/operation.ts';
import { needsOf } from './needs.ts';
import { decodeOperation, decodeShapes, type ServiceFile } from './service-file.ts';
import { nearestServices, serviceId } from './service-names.ts';

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

const shapesOf = new WeakMap<ServiceFile, Readonly<Record<string, Shape>>>();

export const readIndex = (directory = besideThis): IndexFile => readOnce(new URL(indexFile, directory));

export const listServices = (directory = besideThis): string[] =>
  readIndex(directory).services.map(({ service }) => service);

export function readService(name: string, directory = besideThis): ServiceFile | undefined {
  const service = serviceId(name, readIndex(directory).services);
  return service === undefined ? undefined : readOnce(new URL(`${service}.json`, directory));
}

/** `S3.GetObject` and `s3:GetObject` name the operation as logs and policies do. */
const withoutService = (name: string) => name.replace(/^.*[.:]/, '');

function nearestToService(name: string, directory: URL): readonly string[] {
  const [, before, after] = /^(.+)[.:](.+)$/.exec(name) ?? [];
  const both =
    before !== undefined && after !== undefined ? findOperation(before, after, directory) : undefined;
  if (both && 'action' in both) return [`${both.service} ${both.action}`];
  return nearestServices(before ?? name, readIndex(directory).services);
}

/** Some services are split in two: `bedrock` and `bedrock-runtime`, `iot` and `iot-data`. */
function inSiblings(service: string, actionName: string, directory: URL): string[] {
  const siblings = listServices(directory).filter(one => one.startsWith(`${service}-`));
  return siblings.flatMap(sibling => {
    const found = findOperation(sibling, actionName, directory);
    return 'action' in found ? `${sibling} ${found.action}` : [];
  });
}

/** The operation, whatever the case of its name; or what is missing, with the nearest names. */
export function findOperation(
  serviceName: string,
  actionName: string,
  directory = besideThis,
): Operation | NotFound {
  const file = readService(serviceName, directory);
  if (!file) return { missing: 'service', nearest: nearestToService(serviceName, directory) };
  const names = Object.keys(file.operations);
  const action = names.find(name => name.toLowerCase() === actionName.toLowerCase());
  const entry = action === undefined ? undefined : file.operations[action];
  if (action === undefined || !entry) {
    const siblings = inSiblings(file.service, actionName, directory);
    const near = nearest(withoutService(actionName), names);
    return { missing: 'action', nearest: [...siblings, ...near].slice(0, 3) };
  }
  const shapes = shapesOf.get(file) ?? decodeShapes(file);
  shapesOf.set(file, shapes);
  const operation = decodeOperation(file, action, entry, shapes);
  return { ...operation, iam: { ...operation.iam, needs: needsOf(operation) } };
}
