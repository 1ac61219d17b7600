// The request an integration sends to the service: method, the service's part of the URI, headers, body.
import { type BoundMember, isOwnXml } from './binding.ts';
import { jsonBody } from './body-template.ts';
import { formTemplate } from './form-template.ts';
import { jsonTemplate } from './json-template.ts';
import type { Operation, Shape, Target } from './operation.ts';
import { headerText, isQueryList, textOf } from './parameter-problems.ts';
import { isRecord } from './template-text.ts';
import { xmlPayloadTemplate, xmlTemplate } from './xml-template.ts';

export interface Backend {
  readonly httpMethod: string;
  /** What follows the service's name in the URI. */
  readonly service: string;
  readonly requestParameters: Record<string, string>;
  readonly template?: string;
  readonly isBinary: boolean;
  /** A member without whose constant value the URI cannot be written. */
  readonly lacks?: string;
}

const typed = (contentType: string) => ({ 'integration.request.header.Content-Type': `'${contentType}'` });

function queryBackend(operation: Operation, members: readonly BoundMember[]): Backend {
  // As in AWS's walkthrough: without input, the action alone; the service then answers in JSON.
  if (members.length === 0) {
    return {
      httpMethod: 'GET',
      service: `action/${operation.action}`,
      requestParameters: {},
      // Renders to nothing: what a caller sends as a body must not reach the service as further parameters.
      template: '#set($body = "")',
      isBinary: false,
    };
  }
  return {
    httpMethod: 'POST',
    service: 'path//',
    requestParameters: typed('application/x-www-form-urlencoded'),
    template: formTemplate(operation, members),
    isBinary: false,
  };
}

/** Recorded on AWS with a JSON body; ssm's action/… went out as the query protocol and ignored its body. */
const actionServices = new Set(['dynamodb', 'kinesis', 'states', 'events']);

function jsonBackend(operation: Operation, members: readonly BoundMember[]): Backend {
  let service = actionServices.has(operation.endpointPrefix) ? `action/${operation.action}` : 'path//';
  const queue = members.find(({ member }) => operation.service === 'sqs' && member === 'QueueUrl')?.source;
  // SQS is recorded on AWS with the queue in the path; that needs a queue known beforehand.
  if (queue && 'value' in queue) service = `path/${textOf(queue.value).split('/').slice(-2).join('/')}`;
  return {
    httpMethod: 'POST',
    service,
    requestParameters: {
      ...typed(`application/x-amz-${operation.protocol}`),
      // API Gateway adds the target for some services only (recorded: kinesis and dynamodb yes, events no).
      'integration.request.header.X-Amz-Target': `'${operation.targetPrefix}.${operation.action}'`,
    },
    template: jsonTemplate(operation, members),
    isBinary: false,
  };
}

/** A mapping expression: where a request parameter of the integration comes from. */
function mapping(operation: Operation, bound: BoundMember): string | undefined {
  const { source } = bound;
  if ('context' in source) return `context.${source.context}`;
  if ('value' in source) return `'${headerText(source.value)}'`;
  if (source.from === 'body' || source.from === 'payload') return undefined;
  if (isQueryList(operation, bound)) return `method.request.multivaluequerystring.${source.name}`;
  const names = { query: 'querystring', header: 'header', path: 'path' } as const;
  return `method.request.${names[source.from]}.${source.name}`;
}

/** A constant in a path, percent-encoded; only a greedy place keeps slashes. */
function inPath(value: string, isGreedy: boolean): string {
  const encoded = encodeURIComponent(value).replaceAll("'", '%27');
  return isGreedy ? encoded.replaceAll('%2F', '/') : encoded;
}

function restBackend(operation: Operation, members: readonly BoundMember[], target: Target): Backend {
  const requestParameters: Record<string, string> = {};
  const [rawPath = '', staticQuery] = operation.http.uri.split('?');
  let path = rawPath;
  const inBody: BoundMember[] = [];
  const fixed = staticQuery === undefined ? [] : [staticQuery];
  for (const bound of members) {
    const { definition, source } = bound;
    const wire = definition.locationName ?? bound.member;
    const from = mapping(operation, bound);
    if (definition.location === 'uri') {
      const isGreedy = path.includes(`{${wire}+}`);
      const place = 'value' in source ? inPath(textOf(source.value), isGreedy) : `{${wire.toLowerCase()}}`;
      path = path.replace(`{${wire}${isGreedy ? '+' : ''}}`, () => place);
      if (from !== undefined && !('value' in source)) {
        requestParameters[`integration.request.path.${wire.toLowerCase()}`] = from;
      }
    } else if (
      definition.location === 'querystring' &&
      'value' in source &&
      typeof source.value === 'object'
    ) {
      fixed.push(...inQuery(wire, source.value));
    } else if (definition.location === 'querystring' && from !== undefined) {
      requestParameters[`integration.request.querystring.${wire}`] = from;
    } else if (definition.location === 'header' && from !== undefined) {
      requestParameters[`integration.request.header.${wire}`] = from;
    } else if (definition.location === 'headers' && 'value' in source) {
      Object.assign(requestParameters, constantHeaders(wire, source.value));
    } else if (definition.location === undefined) inBody.push(bound);
  }
  const query = fixed.length === 0 ? '' : `?${fixed.join('&')}`;
  return {
    httpMethod: operation.http.method,
    service: path === '/' && query === '' ? 'path//' : `path${path}${query}`,
    requestParameters,
    // An object's bytes, an audio stream: bodies that are no text.
    isBinary: isRaw(payloadShape(operation)) || operation.output?.payload === 'blob',
    ...bodyOf(operation, inBody, requestParameters),
    ...(operation.service === 'lambda' && operation.action === 'Invoke' && invocation(path, members, target)),
  };
}

/** A mapping holds one value; the lists and sets of parameters that are constants stand in the URI itself. */
function inQuery(name: string, value: unknown): string[] {
  const named = isRecord(value) ? Object.entries(value) : [[name, value] as const];
  const encoded = (text: string) => encodeURIComponent(text).replaceAll("'", '%27');
  return named.flatMap(([key, one]) => [one].flat().map(item => `${encoded(key)}=${encoded(textOf(item))}`));
}

const constantHeaders = (prefix: string, value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(value as Readonly<Record<string, unknown>>).map(([name, one]) => [
      `integration.request.header.${prefix}${name}`,
      `'${textOf(one)}'`,
    ]),
  );

const payloadShape = (operation: Operation): Shape | undefined =>
  operation.shapes[operation.input?.members?.[operation.input.payload ?? '']?.shape ?? ''];
const isRaw = (shape: Shape | undefined): boolean => shape?.type === 'blob';

/** The body of a REST service: its members, or the caller's where one member is all of it. */
function bodyOf(
  operation: Operation,
  inBody: readonly BoundMember[],
  requestParameters: Record<string, string>,
): { readonly template?: string } {
  const [first] = inBody;
  const payload = payloadShape(operation);
  const passesThrough = isRaw(payload) || payload?.type === 'string' || isOwnXml(operation);
  if (first === undefined || passesThrough) return {};
  if (operation.protocol === 'rest-xml') {
    Object.assign(requestParameters, typed('application/xml'));
    return { template: payload ? xmlPayloadTemplate(operation, first) : xmlTemplate(operation, inBody) };
  }
  Object.assign(requestParameters, typed('application/json'));
  return { template: payload ? jsonBody : jsonTemplate(operation, inBody) };
}

/**
 * API Gateway wants the function's whole ARN in the path (AWS: "Create a REST API with an AWS integration"), and the
 * function takes JSON: the caller's own, never other bytes.
 */
function invocation(path: string, members: readonly BoundMember[], target: Target): Partial<Backend> {
  const source = members.find(({ member }) => member === 'FunctionName')?.source;
  const given = source && 'value' in source ? textOf(source.value) : undefined;
  const prefix = `arn:${target.partition}:lambda:${target.region}:${target.account}:function:`;
  const arn = given?.startsWith('arn:') ? given : `${prefix}${given ?? '{FunctionName}'}`;
  return {
    service: `path${path.replace(/\/functions\/[^/]+\//, () => `/functions/${arn}/`)}`,
    template: jsonBody,
    isBinary: false,
    ...(given === undefined && { lacks: 'FunctionName' }),
  };
}

export function backendOf(operation: Operation, members: readonly BoundMember[], target: Target): Backend {
  switch (operation.protocol) {
    case 'query':
    case 'ec2':
      return queryBackend(operation, members);
    case 'json-1.0':
    case 'json-1.1':
      return jsonBackend(operation, members);
    default:
      return restBackend(operation, members, target);
  }
}
