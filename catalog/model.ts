// AWS's service models, as botocore ships them: one folder per service, one per API version in it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Member } from '../core/operation.ts';

/** A reference to a shape, with the traits that stand where it is used. */
export interface ModelMember {
  readonly shape: string;
  readonly location?: Member['location'];
  readonly locationName?: string;
  readonly queryName?: string;
  readonly flattened?: boolean;
  readonly idempotencyToken?: boolean;
  readonly timestampFormat?: Member['timestampFormat'];
  readonly jsonvalue?: boolean;
  readonly xmlAttribute?: boolean;
  readonly xmlNamespace?: Member['xmlNamespace'];
  readonly streaming?: boolean;
}

/** The parts of a shape that are read. */
export interface ModelShape {
  readonly type: string;
  readonly members?: Readonly<Record<string, ModelMember>>;
  readonly required?: readonly string[];
  readonly payload?: string;
  readonly member?: ModelMember;
  readonly key?: ModelMember;
  readonly value?: ModelMember;
  readonly flattened?: boolean;
  readonly enum?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly document?: boolean;
  readonly streaming?: boolean;
  readonly timestampFormat?: Member['timestampFormat'];
  readonly locationName?: string;
  readonly eventstream?: boolean;
  readonly error?: { readonly code?: string; readonly httpStatusCode?: number };
  readonly fault?: boolean;
}

export interface ModelOperation {
  readonly name: string;
  readonly http?: { readonly method: string; readonly requestUri: string; readonly responseCode?: number };
  readonly input?: ModelMember;
  readonly output?: ModelMember;
  readonly errors?: readonly { readonly shape: string }[];
  readonly endpoint?: { readonly hostPrefix?: string };
  readonly authtype?: string;
  readonly auth?: readonly string[];
  readonly endpointdiscovery?: { readonly required?: boolean };
  readonly httpChecksumRequired?: boolean;
  readonly httpChecksum?: { readonly requestChecksumRequired?: boolean };
}

export interface Model {
  readonly metadata: {
    readonly apiVersion: string;
    readonly endpointPrefix: string;
    readonly protocol: string;
    readonly protocols?: readonly string[];
    readonly jsonVersion?: string;
    readonly targetPrefix?: string;
    readonly signingName?: string;
    readonly signatureVersion: string;
    readonly globalEndpoint?: string;
    readonly serviceId?: string;
    readonly serviceFullName: string;
    readonly serviceAbbreviation?: string;
  };
  readonly operations: Readonly<Record<string, ModelOperation>>;
  readonly shapes: Readonly<Record<string, ModelShape>>;
}

function newestFile(directory: string, service: string): string | undefined {
  const versions = readdirSync(join(directory, service)).sort().reverse();
  return versions
    .flatMap(version =>
      ['service-2.json', 'service-2.json.gz'].map(name => join(directory, service, version, name)),
    )
    .find(path => existsSync(path));
}

/** Every service that has a model below `directory`. */
export function modelledServices(directory: string): string[] {
  const folders = readdirSync(directory, { withFileTypes: true }).filter(entry => entry.isDirectory());
  return folders
    .map(({ name }) => name)
    .filter(name => newestFile(directory, name) !== undefined)
    .sort();
}

/** A service's newest API version. */
export function readModel(directory: string, service: string): Model {
  const path = newestFile(directory, service);
  if (path === undefined) throw new Error(`no service-2.json below ${join(directory, service)}`);
  const bytes = readFileSync(path);
  return JSON.parse((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
}

/** The release the models come from, as the archive itself says it. */
export function releaseOf(directory: string): string | undefined {
  const path = join(directory, '..', '__init__.py');
  if (!existsSync(path)) return undefined;
  const version = /^__version__ = '([^']+)'/m.exec(readFileSync(path, 'utf8'))?.[1];
  return version && `botocore ${version}`;
}
