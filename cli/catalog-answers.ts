// What the catalog answers: an overview, a service's operations, or how one operation is exposed.
import { findOperation, readIndex, readService } from '../catalog/catalog.ts';
import { verdictOf } from '../catalog/service-file.ts';
import { invalidInput } from '../core/errors.ts';
import { deriveMethod } from '../core/integration.ts';
import type { IntegrationDefinition } from '../core/method-definition.ts';
import type { Operation } from '../core/operation.ts';
import { defaultHttpMethod } from '../core/parameters.ts';

export interface Overview {
  readonly models: string;
  readonly services: number;
  readonly operations: number;
  readonly derivable: number;
  /** Derivable operations. */
  readonly byProtocol: Readonly<Record<string, number>>;
  /** The others. */
  readonly byReason: Readonly<Record<string, number>>;
  readonly byStatus: Readonly<Record<string, number>>;
}

const add = (counts: Record<string, number>, name: string, count: number) => {
  counts[name] = (counts[name] ?? 0) + count;
};

export function overview(): Overview {
  const { models, services } = readIndex();
  const byProtocol: Record<string, number> = {};
  const byReason: Record<string, number> = {};
  const byStatus: Record<string, number> = { verified: 0, unverified: 0, rejected: 0 };
  for (const { protocol, derivable, reasons } of services) {
    add(byProtocol, protocol, derivable);
    for (const [verdict, count] of Object.entries(reasons)) {
      const [status = '', reason = ''] = verdict.split(': ');
      add(byStatus, status, count);
      if (status === 'rejected') add(byReason, reason, count);
    }
  }
  const sum = (of: (one: (typeof services)[number]) => number) =>
    services.reduce((all, one) => all + of(one), 0);
  const operations = sum(one => one.operations);
  const derivable = sum(one => one.derivable);
  return { models, services: services.length, operations, derivable, byProtocol, byReason, byStatus };
}

export interface ListedOperation {
  readonly action: string;
  readonly status: string;
  readonly reason: string | null;
}

function missing(kind: 'service' | 'action', name: string, near: readonly string[]): Error {
  const meant = near.length > 0 ? `; did you mean ${near.join(' or ')}?` : '';
  return invalidInput([{ path: kind, message: `there is no ${kind} "${name}"${meant}` }]);
}

export function ofService(name: string): ListedOperation[] {
  const file = readService(name);
  if (!file) {
    const found = findOperation(name, '');
    throw missing('service', name, 'missing' in found ? found.nearest : []);
  }
  return Object.entries(file.operations).map(([action, entry]) => {
    const { status, reason } = verdictOf(file, entry);
    return { action, status, reason: reason ?? null };
  });
}

export interface ExposedOperation extends Pick<Operation, 'service' | 'action' | 'protocol' | 'readOnly'> {
  readonly status: Operation['status'];
  readonly reason: string | null;
  readonly source: string | null;
  readonly httpMethod: string;
  /** None for an operation that cannot be exposed. */
  readonly integration: Pick<
    IntegrationDefinition,
    'httpMethod' | 'uri' | 'requestParameters' | 'requestTemplates' | 'passthroughBehavior'
  > | null;
  readonly requestModel: unknown;
  readonly parameters: readonly {
    readonly member: string;
    readonly required: boolean;
    readonly type: string;
    readonly from?: string;
    readonly name?: string;
    readonly value?: unknown;
  }[];
  readonly iam: Operation['iam'];
}

/** The integration with its place left open: partition, region and account are placeholders. */
export function ofOperation(serviceName: string, actionName: string): ExposedOperation {
  const operation = findOperation(serviceName, actionName);
  if ('missing' in operation) {
    const name = operation.missing === 'service' ? serviceName : actionName;
    throw missing(operation.missing, name, operation.nearest);
  }
  const { service, action, protocol, readOnly, status, reason, source, iam } = operation;
  const httpMethod = defaultHttpMethod(operation);
  const route = { httpMethod, path: `/${service}/${action}`, parameters: {}, resources: [] };
  const target = { partition: '{partition}', region: '{region}', account: '{account}' };
  const { definition, members } = deriveMethod(operation, route, target, '$', []);
  const { uri, requestParameters, requestTemplates, passthroughBehavior } = definition.integration;
  const method = definition.integration.httpMethod;
  return {
    service,
    action,
    protocol,
    readOnly,
    status,
    reason: reason ?? null,
    source: source ?? null,
    httpMethod,
    integration:
      status === 'rejected' || method === undefined || uri === undefined
        ? null
        : { httpMethod: method, uri, requestParameters, requestTemplates, passthroughBehavior },
    requestModel: definition.requestModel ? JSON.parse(definition.requestModel.schema) : null,
    parameters: members.map(({ member, required, definition: { shape }, source: from }) => ({
      member,
      required,
      type: operation.shapes[shape]?.type ?? 'string',
      ...('from' in from ? { from: from.from, name: 'name' in from ? from.name : member } : from),
    })),
    iam: { ...iam, resources: iam.resources.length > 0 || iam.actions.length === 0 ? iam.resources : ['*'] },
  };
}
