// catalog: what can be exposed, how, and with which permissions.
import type { Command } from 'commander';
import { findOperation, listServices, readService } from '../../catalog/catalog.ts';
import { invalidInput } from '../../core/errors.ts';
import { deriveMethod } from '../../core/integration.ts';
import type { Operation } from '../../core/operation.ts';
import { defaultHttpMethod } from '../../core/parameters.ts';

function overview(): object {
  const byProtocol: Record<string, number> = {};
  const byReason: Record<string, number> = {};
  let operations = 0;
  let derivable = 0;
  let models = '';
  const services = listServices();
  for (const name of services) {
    const file = readService(name);
    if (!file) continue;
    models = file.models;
    for (const { status, reason } of Object.values(file.operations)) {
      operations += 1;
      if (status === 'rejected') {
        byReason[reason ?? ''] = (byReason[reason ?? ''] ?? 0) + 1;
        continue;
      }
      derivable += 1;
      byProtocol[file.protocol] = (byProtocol[file.protocol] ?? 0) + 1;
    }
  }
  return { models, services: services.length, operations, derivable, byProtocol, byReason };
}

function ofService(name: string): object[] {
  const file = readService(name);
  if (!file) throw missing('service', name, findOperation(name, ''));
  return Object.entries(file.operations).map(([action, { status, reason }]) => ({
    action,
    status,
    ...(reason && { reason }),
  }));
}

function missing(kind: 'service' | 'action', name: string, found: object): Error {
  const near = 'nearest' in found ? (found.nearest as readonly string[]) : [];
  const meant = near.length > 0 ? `; did you mean ${near.join(' or ')}?` : '';
  return invalidInput([{ path: kind, message: `there is no ${kind} "${name}"${meant}` }]);
}

/** The integration with its place left open: partition, region and account are placeholders. */
function ofOperation(operation: Operation): object {
  const target = { partition: '{partition}', region: '{region}', account: '{account}' };
  const httpMethod = defaultHttpMethod(operation);
  const path = `/${operation.service}/${operation.action}`;
  const { definition, members } = deriveMethod(
    operation,
    { httpMethod, path, parameters: {}, resources: [] },
    target,
    '$',
    [],
  );
  const { integration, requestModel } = definition;
  return {
    service: operation.service,
    action: operation.action,
    protocol: operation.protocol,
    readOnly: operation.readOnly,
    status: operation.status,
    reason: operation.reason ?? null,
    source: operation.source ?? null,
    httpMethod,
    integration: {
      httpMethod: integration.httpMethod,
      uri: integration.uri,
      requestParameters: integration.requestParameters,
      requestTemplates: integration.requestTemplates,
      passthroughBehavior: integration.passthroughBehavior,
    },
    requestModel: requestModel ? JSON.parse(requestModel.schema) : null,
    parameters: members.map(({ member, required, definition: { shape }, source }) => ({
      member,
      required,
      type: operation.shapes[shape]?.type ?? 'string',
      ...('from' in source ? { from: source.from, name: 'name' in source ? source.name : member } : {}),
    })),
    iam: {
      actions: operation.iam.actions,
      resources: operation.iam.resources.length > 0 ? operation.iam.resources : ['*'],
    },
  };
}

function lookUp(service?: string, action?: string): object {
  if (service === undefined) return overview();
  if (action === undefined) return ofService(service);
  const found = findOperation(service, action);
  if ('missing' in found) throw missing(found.missing, found.missing === 'service' ? service : action, found);
  return ofOperation(found);
}

export function addCatalog(program: Command, end: (code: number) => void): void {
  program
    .command('catalog [service] [action]')
    .description('what can be exposed, how, and with which permissions')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n    service-proxy catalog\n    service-proxy catalog kinesis\n    service-proxy catalog sns ListTopics --json',
    )
    .action((service: string | undefined, action: string | undefined, flags: { json?: boolean }) => {
      const found = lookUp(service, action);
      process.stdout.write(`${flags.json ? JSON.stringify(found) : inWords(found)}\n`);
      end(0);
    });
}

function inWords(found: object): string {
  if (!Array.isArray(found)) return JSON.stringify(found, null, 2);
  return found
    .map(
      ({ action, status, reason }) => `${String(action).padEnd(40)} ${status}${reason ? `: ${reason}` : ''}`,
    )
    .join('\n');
}
