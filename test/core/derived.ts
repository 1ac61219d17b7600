// A route's method derived from the committed catalog, and what a caller's request becomes in its templates.
import { findOperation, listServices, readService } from '../../catalog/catalog.ts';
import type { Problem } from '../../core/errors.ts';
import type { Parameter } from '../../core/input.ts';
import { deriveMethod } from '../../core/integration.ts';
import type { MethodDefinition } from '../../core/method-definition.ts';
import type { Operation } from '../../core/operation.ts';
import { defaultHttpMethod } from '../../core/parameters.ts';
import { permissionsPolicy } from '../../core/policy.ts';
import { renderTemplate } from '../../local/execute-api/vtl.ts';

export const target = { partition: 'aws', region: 'us-east-1', account: '111122223333' };

export function operationOf(service: string, action: string, directory?: URL): Operation {
  const found = findOperation(service, action, directory);
  if ('missing' in found) throw new Error(`${service} ${action}: no such ${found.missing}`);
  return found;
}

/** Every so-manieth operation of the whole catalog, counted through all services, that can be exposed. */
export function sampleOperations(every: number): Operation[] {
  let count = 0;
  const sample: Operation[] = [];
  for (const service of listServices()) {
    for (const action of Object.keys(readService(service)?.operations ?? {})) {
      count += 1;
      if (count % every === 0) sample.push(operationOf(service, action));
    }
  }
  return sample.filter(({ status }) => status !== 'rejected');
}

export interface RouteOptions {
  readonly httpMethod?: string;
  readonly path?: string;
  readonly parameters?: Readonly<Record<string, Parameter>>;
  readonly resources?: readonly string[];
  readonly errors?: 'mapped' | 'service';
}

export function derive(operation: Operation, options: RouteOptions = {}, place = target) {
  const problems: Problem[] = [];
  const resources = options.resources ?? [];
  const route = {
    httpMethod: options.httpMethod ?? defaultHttpMethod(operation),
    path: options.path ?? '/x',
    parameters: options.parameters ?? {},
    resources,
    errors: options.errors ?? ('mapped' as const),
  };
  const { definition, members } = deriveMethod(operation, route, place, '$', problems);
  const derivation = [...problems];
  const policy = permissionsPolicy(operation, members, resources, place, '$', problems);
  return { definition, members, policy: JSON.parse(policy), problems, derivation, route };
}

export interface CallerRequest {
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string>>;
  readonly path?: Readonly<Record<string, string>>;
  readonly header?: Readonly<Record<string, string>>;
}

const contextOf = (): { requestId: string; responseOverride: { status?: unknown } } => ({
  requestId: 'id-1',
  responseOverride: {},
});

const nothing = { path: {}, querystring: {}, header: {} };

export function sent(
  definition: MethodDefinition,
  { body, query = {}, path = {}, header = {} }: CallerRequest,
): string {
  const template = definition.integration.requestTemplates['application/json'];
  if (template === undefined) throw new Error('no request template');
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const input = { body: text, path, querystring: query, header };
  return renderTemplate(template, { input, context: contextOf(), stageVariables: {} });
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** What a backend's answer becomes: the integration response that its status selects, rendered. */
export function answered(
  definition: MethodDefinition,
  status: number,
  body: string,
  type = 'application/json',
): Answer {
  const matching = definition.integrationResponses.filter(({ selectionPattern }) =>
    new RegExp(`^(?:${selectionPattern ?? '$.'})$`).test(String(status)),
  );
  if (matching.length > 1) throw new Error(`${status} selects ${matching.length} responses`);
  const response =
    matching[0] ?? definition.integrationResponses.find(one => one.selectionPattern === undefined);
  if (!response) throw new Error(`${status} selects nothing`);
  const template = response.responseTemplates[type] ?? response.responseTemplates['application/json'];
  if (template === undefined) return { status: Number(response.statusCode), body };
  const context = contextOf();
  const text = renderTemplate(template, { input: { ...nothing, body }, context, stageVariables: {} });
  const { status: override } = context.responseOverride;
  return { status: Number(override ?? response.statusCode), body: text };
}
