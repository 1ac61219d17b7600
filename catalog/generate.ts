// Writes services/*.json from AWS's service models: npm run generate:catalog -- --models DIR [--services sns,s3]
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import type { OperationError, Shape } from '../core/operation.ts';
import type { ServiceFile } from './catalog.ts';
import { permissionsOf } from './permissions.ts';
import { verdictOf } from './verdict.ts';

/** The parts of a service model (botocore's JSON) that are read. */
interface ModelShape {
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
  readonly error?: { readonly code?: string; readonly httpStatusCode?: number };
  readonly exception?: boolean;
  readonly fault?: boolean;
}

interface ModelMember {
  readonly shape: string;
  readonly location?: string;
  readonly locationName?: string;
  readonly queryName?: string;
  readonly flattened?: boolean;
  readonly idempotencyToken?: boolean;
  readonly streaming?: boolean;
}

interface ModelOperation {
  readonly name: string;
  readonly http?: { readonly method: string; readonly requestUri: string; readonly responseCode?: number };
  readonly input?: ModelMember;
  readonly output?: ModelMember;
  readonly errors?: readonly { readonly shape: string }[];
}

interface Model {
  readonly metadata: Readonly<Record<string, string>> & { readonly protocols?: readonly string[] };
  readonly operations: Readonly<Record<string, ModelOperation>>;
  readonly shapes: Readonly<Record<string, ModelShape>>;
}

const pick = <T extends object, K extends keyof T>(from: T, ...names: K[]): Pick<T, K> =>
  Object.fromEntries(names.flatMap(name => (from[name] === undefined ? [] : [[name, from[name]]]))) as Pick<
    T,
    K
  >;

const sorted = <T>(record: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

function readModel(directory: string, service: string): Model {
  const versions = readdirSync(join(directory, service)).sort();
  for (const version of versions.reverse()) {
    const plain = join(directory, service, version, 'service-2.json');
    if (existsSync(plain)) return JSON.parse(readFileSync(plain, 'utf8')) as Model;
    if (existsSync(`${plain}.gz`))
      return JSON.parse(gunzipSync(readFileSync(`${plain}.gz`)).toString()) as Model;
  }
  throw new Error(`no service-2.json below ${join(directory, service)}`);
}

function protocolOf({ metadata }: Model): string {
  // A service that speaks CBOR first also offers JSON, which is what an integration can send.
  const known = new Set(['query', 'ec2', 'json', 'rest-json', 'rest-xml']);
  const protocol =
    [metadata.protocol, ...(metadata.protocols ?? [])].find(name => known.has(name ?? '')) ?? 'json';
  return protocol === 'json' ? `json-${metadata.jsonVersion ?? '1.0'}` : protocol;
}

function compactShape(shape: ModelShape): Shape {
  const members = shape.members
    ? Object.fromEntries(
        Object.entries(shape.members).map(([name, member]) => [
          name,
          pick(member, 'shape', 'location', 'locationName', 'queryName', 'flattened', 'idempotencyToken'),
        ]),
      )
    : undefined;
  return {
    ...pick(
      shape,
      'type',
      'required',
      'payload',
      'flattened',
      'enum',
      'min',
      'max',
      'pattern',
      'document',
      'streaming',
    ),
    ...(members && { members }),
    ...(shape.member && { element: shape.member.shape }),
    ...(shape.member?.locationName && { elementName: shape.member.locationName }),
    ...(shape.key && { key: shape.key.shape }),
    ...(shape.key?.locationName && { keyName: shape.key.locationName }),
    ...(shape.value && { value: shape.value.shape }),
    ...(shape.value?.locationName && { valueName: shape.value.locationName }),
  } as Shape;
}

/** Every shape reachable from the input, and the output itself for its headers. */
function collectShapes(model: Model, names: readonly string[], into: Map<string, Shape>): void {
  const queue = [...names];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const shape = model.shapes[name];
    if (!shape || into.has(name)) continue;
    into.set(name, compactShape(shape));
    queue.push(...Object.values(shape.members ?? {}).map(member => member.shape));
    for (const part of [shape.member, shape.key, shape.value]) if (part) queue.push(part.shape);
  }
}

function errorsOf(model: Model, operation: ModelOperation): OperationError[] {
  return (operation.errors ?? []).map(({ shape }) => {
    const { error, fault } = model.shapes[shape] ?? { type: 'structure' };
    return { code: error?.code ?? shape, status: error?.httpStatusCode ?? (fault ? 500 : 400) };
  });
}

/** Only what an integration response can map: members that travel as headers, and the one that is the body. */
function headersOnly(shape: Shape): Shape {
  const members = Object.entries(shape.members ?? {}).filter(
    ([name, { location }]) => location === 'header' || name === shape.payload,
  );
  return { type: 'structure', members: Object.fromEntries(members), ...pick(shape, 'payload') };
}

async function generateService(directory: string, service: string, models: string): Promise<ServiceFile> {
  const model = readModel(directory, service);
  const { metadata } = model;
  const shapes = new Map<string, Shape>();
  const operations: ServiceFile['operations'] = {};
  for (const [action, operation] of sorted(model.operations)) {
    if (operation.input) collectShapes(model, [operation.input.shape], shapes);
    const output = operation.output ? model.shapes[operation.output.shape] : undefined;
    const { iam, readOnly } = await permissionsOf(
      service,
      metadata.signingName ?? metadata.endpointPrefix ?? service,
      action,
    );
    operations[action] = {
      http: {
        method: operation.http?.method ?? 'POST',
        uri: operation.http?.requestUri ?? '/',
        ...(operation.http?.responseCode && { responseCode: operation.http.responseCode }),
      },
      ...(operation.input && { input: operation.input.shape }),
      ...(output && { output: headersOnly(compactShape(output)) }),
      errors: errorsOf(model, operation),
      readOnly,
      iam,
      ...verdictOf(service, action, model, operation, iam),
    };
  }
  return {
    models,
    service,
    title: metadata.serviceId ?? service,
    protocol: protocolOf(model) as ServiceFile['protocol'],
    apiVersion: metadata.apiVersion ?? '',
    endpointPrefix: metadata.endpointPrefix ?? service,
    ...(metadata.targetPrefix && { targetPrefix: metadata.targetPrefix }),
    operations,
    shapes: Object.fromEntries(sorted(Object.fromEntries(shapes))),
  };
}

/** The release the models come from, as the archive itself says it. */
function releaseOf(directory: string, given: string | undefined): string {
  if (given) return given;
  const init = join(directory, '..', '__init__.py');
  const version = existsSync(init)
    ? /__version__ = '([^']+)'/.exec(readFileSync(init, 'utf8'))?.[1]
    : undefined;
  if (!version) throw new Error('say which release the models are from with --release');
  return `botocore ${version}`;
}

const { values } = parseArgs({
  options: {
    models: { type: 'string' },
    release: { type: 'string' },
    services: { type: 'string', default: 'kinesis,lambda,s3,sns' },
    out: { type: 'string', default: new URL('./services', import.meta.url).pathname },
  },
});
if (!values.models) throw new Error('usage: generate.ts --models DIR [--services sns,s3] [--out DIR]');
mkdirSync(values.out, { recursive: true });
for (const service of values.services.split(',')) {
  const file = await generateService(values.models, service, releaseOf(values.models, values.release));
  writeFileSync(join(values.out, `${service}.json`), `${JSON.stringify(file)}\n`);
}
