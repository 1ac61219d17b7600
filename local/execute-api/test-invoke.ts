// TestInvokeMethod: a method run as the console's test does, before any deployment, with its log.
import type { TestInvokeMethodRequest, TestInvokeMethodResponse } from '@aws-sdk/client-api-gateway';
import type { ApiSnapshot } from '../apigateway/model.ts';
import { type Aws, ServiceError } from '../service.ts';
import { GatewayError, gatewayResponse } from './gateway-response.ts';
import { invokeMethod } from './invoke-method.ts';
import { contextOf, parseQuery, type RouteRequest, type Values } from './request.ts';

function pathParameters(template: string, path: string): Record<string, string> {
  const names = template.split('/');
  const values = path.split('/');
  const found: Record<string, string> = {};
  for (const [index, part] of names.entries()) {
    const name = /^\{([^}+]+)(\+)?\}$/.exec(part);
    if (!name?.[1]) continue;
    const value = name[2] ? values.slice(index).join('/') : (values[index] ?? '');
    found[name[1]] = decodeURIComponent(value);
  }
  return found;
}

const shown = (values: object) =>
  `{${Object.entries(values)
    .map(([name, value]) => `${name}=${[value].flat().join(',')}`)
    .join(', ')}}`;

/** The answer of the call is 200 whatever the method's own status is: that stands in `status` and in the log. */
export async function testInvokeMethod(
  aws: Aws,
  snapshot: ApiSnapshot,
  input: TestInvokeMethodRequest,
): Promise<TestInvokeMethodResponse> {
  const { resourceId, httpMethod = 'GET', pathWithQueryString, body = '', headers = {} } = input;
  const resource = snapshot.resources.find(({ id }) => id === resourceId);
  const method = resource?.resourceMethods[httpMethod] ?? resource?.resourceMethods.ANY;
  if (!resource || !method) {
    throw new ServiceError(
      'NotFoundException',
      404,
      resource ? 'Invalid Method identifier specified' : 'Invalid Resource identifier specified',
    );
  }
  const requestId = aws.ids.uuid();
  const [path = '', query = ''] = (pathWithQueryString || resource.path).split('?');
  const multi: Values = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
  const startedAt = aws.clock.now();
  const lines: string[] = [];
  const log = (line: string) => {
    const time = new Date(aws.clock.now()).toUTCString().replace('GMT', 'UTC').replace(',', '');
    lines.push(`${time} : ${line}`);
  };
  lines.push(`Execution log for request ${requestId}`);
  const parameters = pathParameters(resource.path, path);
  log(`Starting execution for request: ${requestId}`);
  log(`HTTP Method: ${httpMethod}, Resource Path: ${path}`);
  log(`Method request path: ${shown(parameters)}`);
  log(`Method request query string: ${shown(parseQuery(query))}`);
  log(`Method request headers: ${shown(multi)}`);
  log(`Method request body before transformations: ${body}`);
  const request: RouteRequest = {
    aws,
    snapshot,
    stageName: 'test-invoke-stage',
    stageVariables: input.stageVariables ?? {},
    resource,
    method,
    httpMethod,
    path,
    pathParameters: parameters,
    query: parseQuery(query),
    headers: multi,
    body: Buffer.from(body),
    requestId,
    log,
  };
  const response = await run(request);
  const latency = aws.clock.now() - startedAt;
  const single = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(',')]),
  );
  const text = Buffer.from(response.body).toString();
  log(`Method response body after transformations: ${text}`);
  log(`Method response headers: ${shown(single)}`);
  log(`Successfully completed execution`);
  log(`Method completed with status: ${response.status}`);
  return {
    status: response.status,
    body: text,
    headers: single,
    multiValueHeaders: Object.fromEntries(
      Object.entries(response.headers).map(([name, value]) => [name, [value].flat() as string[]]),
    ),
    log: `${lines.join('\n')}\n`,
    latency,
  };
}

async function run(request: RouteRequest) {
  try {
    return await invokeMethod(request);
  } catch (error) {
    const failure =
      error instanceof GatewayError ? error : new GatewayError('INTERNAL', 'Internal server error');
    if (!(error instanceof GatewayError))
      request.log(`Execution failed: ${error instanceof Error ? error.message : String(error)}`);
    return gatewayResponse(failure, request.snapshot, contextOf(request));
  }
}
