// The integration of a route: operation + parameters → URI, headers, mapping template, model, responses.
import type { Problem } from './errors.ts';
import type { Operation, Target } from './operation.ts';
import { type BoundMember, bindParameters, type Route } from './parameters.ts';
import { requestModel } from './request-model.ts';
import { responsesOf } from './responses.ts';
import { formTemplate, jsonTemplate } from './templates.ts';

export interface MethodResponse {
  readonly statusCode: string;
  readonly responseParameters: Record<string, boolean>;
  readonly responseModels: Record<string, string>;
}

export interface IntegrationResponse {
  readonly statusCode: string;
  readonly selectionPattern?: string;
  readonly responseParameters: Record<string, string>;
  readonly responseTemplates: Record<string, string>;
  readonly contentHandling?: 'CONVERT_TO_TEXT' | 'CONVERT_TO_BINARY';
}

export interface IntegrationDefinition {
  readonly type: 'AWS' | 'MOCK';
  /** Method of the request to the service. */
  readonly httpMethod?: string;
  readonly uri?: string;
  readonly requestParameters: Record<string, string>;
  readonly requestTemplates: Record<string, string>;
  readonly passthroughBehavior: 'NEVER' | 'WHEN_NO_MATCH' | 'WHEN_NO_TEMPLATES';
  readonly contentHandling?: 'CONVERT_TO_TEXT' | 'CONVERT_TO_BINARY';
}

/** A method with everything below it, exactly as it is sent to API Gateway. */
export interface MethodDefinition {
  readonly requestParameters: Record<string, boolean>;
  readonly validate: { readonly body: boolean; readonly parameters: boolean };
  readonly requestModel?: { readonly contentType: string; readonly name: string; readonly schema: string };
  readonly methodResponses: readonly MethodResponse[];
  readonly integration: IntegrationDefinition;
  readonly integrationResponses: readonly IntegrationResponse[];
  /** Media types the API must treat as binary for this method. */
  readonly binaryMediaTypes: readonly string[];
}

export type { Target };

export interface DerivedMethod {
  readonly definition: MethodDefinition;
  readonly members: readonly BoundMember[];
}

const methodParameter = (member: BoundMember): [name: string, required: boolean] | undefined => {
  const { source, required } = member;
  if (!('from' in source)) return undefined;
  if (source.from === 'query') return [`method.request.querystring.${source.name}`, required];
  if (source.from === 'header') return [`method.request.header.${source.name}`, required];
  if (source.from === 'path') return [`method.request.path.${source.name}`, true];
  return undefined;
};

/** A mapping expression: where a request parameter of the integration comes from. */
function mapping({ source }: BoundMember): string | undefined {
  if ('value' in source) {
    const text = typeof source.value === 'string' ? source.value : JSON.stringify(source.value);
    return `'${text}'`;
  }
  const names = { query: 'querystring', header: 'header', path: 'path' } as const;
  if (source.from === 'body' || source.from === 'payload') return undefined;
  return `method.request.${names[source.from]}.${source.name}`;
}

interface Backend {
  readonly httpMethod: string;
  readonly service: string;
  readonly requestParameters: Record<string, string>;
  readonly template?: string;
  readonly isBinary: boolean;
}

const typed = (contentType: string) => ({ 'integration.request.header.Content-Type': `'${contentType}'` });

function queryBackend(operation: Operation, members: readonly BoundMember[]): Backend {
  // As in AWS's walkthrough: without input, the action alone; the service then answers in JSON.
  if (members.length === 0) {
    return {
      httpMethod: 'GET',
      service: `action/${operation.action}`,
      requestParameters: {},
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

function jsonBackend(operation: Operation, members: readonly BoundMember[]): Backend {
  return {
    httpMethod: 'POST',
    // action/ is how AWS's own tutorials and recordings address these services.
    service: operation.status === 'verified' ? `action/${operation.action}` : 'path//',
    requestParameters: {
      ...typed(`application/x-amz-${operation.protocol}`),
      // API Gateway adds the target for some services only (recorded: kinesis and dynamodb yes, events no).
      'integration.request.header.X-Amz-Target': `'${operation.targetPrefix}.${operation.action}'`,
    },
    template: jsonTemplate(operation, members),
    isBinary: false,
  };
}

function restBackend(
  operation: Operation,
  members: readonly BoundMember[],
  target: Target,
  resources: readonly string[],
): Backend {
  const requestParameters: Record<string, string> = {};
  const [rawPath = '', staticQuery] = operation.http.uri.split('?');
  let path = rawPath;
  const inBody: BoundMember[] = [];
  let hasPayload = false;
  for (const bound of members) {
    const { member, definition, source } = bound;
    const wire = definition.locationName ?? member;
    const from = mapping(bound);
    if ('from' in source && source.from === 'payload') hasPayload = true;
    else if (definition.location === 'uri' && operation.service === 'lambda' && wire === 'FunctionName') {
      path = path.replace('{FunctionName}', functionArn(source, target, resources));
    } else if (definition.location === 'uri') {
      const name = wire.toLowerCase();
      path = path.replace(`{${wire}+}`, `{${name}}`).replace(`{${wire}}`, `{${name}}`);
      if (from !== undefined) requestParameters[`integration.request.path.${name}`] = from;
    } else if (definition.location === 'querystring' && from !== undefined) {
      requestParameters[`integration.request.querystring.${wire}`] = from;
    } else if (definition.location === 'header' && from !== undefined) {
      requestParameters[`integration.request.header.${wire}`] = from;
    } else if (definition.location === undefined) inBody.push(bound);
  }
  const payload = operation.input?.payload;
  const isBlob =
    payload !== undefined &&
    operation.shapes[operation.input?.members?.[payload]?.shape ?? '']?.type === 'blob';
  const isBinary = operation.protocol === 'rest-xml' && (isBlob || operation.output?.payload !== undefined);
  const usesTemplate = !hasPayload && inBody.length > 0 && operation.protocol === 'rest-json';
  if (usesTemplate) Object.assign(requestParameters, typed('application/json'));
  for (const pair of staticQuery?.split('&') ?? []) {
    const [name = '', value = ''] = pair.split('=');
    requestParameters[`integration.request.querystring.${name}`] = `'${value}'`;
  }
  return {
    httpMethod: operation.http.method,
    service: path === '/' ? 'path//' : `path${path}`,
    requestParameters,
    ...(usesTemplate && { template: jsonTemplate(operation, inBody) }),
    isBinary,
  };
}

/** API Gateway wants the function's whole ARN in the path (AWS: "Create a REST API with an AWS integration"). */
function functionArn(
  source: BoundMember['source'],
  { partition, region, account }: Target,
  resources: readonly string[],
): string {
  const given = 'value' in source ? String(source.value) : resources.length === 1 ? (resources[0] ?? '') : '';
  if (given.startsWith('arn:')) return given;
  return given === '' ? '' : `arn:${partition}:lambda:${region}:${account}:function:${given}`;
}

function backendOf(
  operation: Operation,
  members: readonly BoundMember[],
  target: Target,
  resources: readonly string[],
): Backend {
  switch (operation.protocol) {
    case 'query':
    case 'ec2':
      return queryBackend(operation, members);
    case 'json-1.0':
    case 'json-1.1':
      return jsonBackend(operation, members);
    default:
      return restBackend(operation, members, target, resources);
  }
}

/** Members a GET to an operation without required input is better off without: paging, mostly. */
function usedMembers(operation: Operation, route: Route, members: readonly BoundMember[]): BoundMember[] {
  const isSimple =
    (operation.input?.required ?? []).length === 0 && Object.keys(route.parameters).length === 0;
  const isQuery = operation.protocol === 'query' || operation.protocol === 'ec2';
  return isQuery && isSimple && route.httpMethod === 'GET' ? [] : [...members];
}

/**
 * Derives everything below a method from the service model. What does not fit is added to `problems`
 * with its place in the input; the result is then not to be used.
 */
export function deriveMethod(
  operation: Operation,
  route: Route & { readonly resources: readonly string[] },
  target: Target,
  at: string,
  problems: Problem[],
): DerivedMethod {
  const members = usedMembers(operation, route, bindParameters(operation, route, at, problems));
  const backend = backendOf(operation, members, target, route.resources);
  if (operation.service === 'lambda' && /functions\/(\/|$)/.test(backend.service)) {
    problems.push({
      path: `${at}.parameters.FunctionName`,
      message:
        'fix it with {"value":"NAME"}, or name the one function in resources: API Gateway needs its ARN',
    });
  }
  const model = requestModel(operation, members);
  const requestParameters = Object.fromEntries(
    members.flatMap(member => [methodParameter(member) ?? []].filter(pair => pair.length > 0)),
  );
  const hasTemplate = backend.template !== undefined;
  return {
    members,
    definition: {
      requestParameters,
      validate: {
        body: model !== undefined,
        parameters: Object.values(requestParameters).some(isRequired => isRequired),
      },
      ...(model && { requestModel: model }),
      integration: {
        type: 'AWS',
        httpMethod: backend.httpMethod,
        uri: `arn:${target.partition}:apigateway:${target.region}:${operation.endpointPrefix}:${backend.service}`,
        requestParameters: backend.requestParameters,
        requestTemplates: hasTemplate ? { 'application/json': backend.template ?? '' } : {},
        passthroughBehavior: hasTemplate ? 'NEVER' : 'WHEN_NO_MATCH',
        // An API with binary media types hands every body over as bytes unless the integration says otherwise.
        ...(hasTemplate && { contentHandling: 'CONVERT_TO_TEXT' }),
      },
      ...responsesOf(operation, backend.isBinary),
      binaryMediaTypes: backend.isBinary ? ['*/*'] : [],
    },
  };
}
