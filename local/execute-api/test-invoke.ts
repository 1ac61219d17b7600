// TestInvokeMethod: a method run as the console's test does, before any deployment, with its log.
import type { TestInvokeMethodRequest, TestInvokeMethodResponse } from '@aws-sdk/client-api-gateway';
import type { ApiSnapshot } from '../apigateway/model.ts';
import { type Aws, type Caller, ServiceError, type WireResponse } from '../service.ts';
import { contextOf } from './context.ts';
import { logTime, shown } from './execution-log.ts';
import { GatewayError, gatewayResponse } from './gateway-response.ts';
import { invokeMethod } from './invoke-method.ts';
import { type MethodRequest, parseQuery, type RouteRequest } from './request.ts';
import { matchPath } from './route.ts';
import { newTrace } from './trace.ts';

/** The answer of the call is 200 whatever the method's own status is: that stands in `status` and in the log. */
export async function testInvokeMethod(
  aws: Aws,
  snapshot: ApiSnapshot,
  input: TestInvokeMethodRequest,
  tester: Caller,
): Promise<TestInvokeMethodResponse> {
  const startedAt = aws.clock.now();
  const lines: string[] = [];
  const log = (line: string) => void lines.push(`${logTime(aws.clock)} : ${line}`);
  const route: RouteRequest = { ...routeOf(aws, snapshot, input, log), tester };
  lines.push(`Execution log for request ${route.requestId}`);
  log(`Starting execution for request: ${route.requestId}`);
  log(`HTTP Method: ${route.httpMethod}, Resource Path: ${route.path}`);
  log(`Method request path: ${shown(route.pathParameters)}`);
  log(`Method request query string: ${shown(route.query)}`);
  log(`Method request headers: ${shown(route.headers)}`);
  log(`Method request body before transformations: ${input.body ?? ''}`);
  const { status, headers, body } = await run(route);
  log(`Method completed with status: ${status}`);
  const listed = Object.entries(headers).map(([name, value]): [string, string[]] => [name, [value].flat()]);
  return {
    status,
    body: Buffer.from(body).toString(),
    headers: Object.fromEntries(listed.map(([name, values]) => [name, values.at(-1) ?? ''])),
    multiValueHeaders: Object.fromEntries(listed),
    log: `${lines.join('\n')}\n`,
    latency: aws.clock.now() - startedAt,
  };
}

function routeOf(
  aws: Aws,
  snapshot: ApiSnapshot,
  input: TestInvokeMethodRequest,
  log: RouteRequest['log'],
): RouteRequest {
  const { resourceId, httpMethod = '', pathWithQueryString, headers, multiValueHeaders } = input;
  const resource = snapshot.resources.find(({ id }) => id === resourceId);
  if (!resource) throw new ServiceError('NotFoundException', 404, 'Invalid Resource identifier specified');
  const method = resource.resourceMethods[httpMethod] ?? resource.resourceMethods.ANY;
  if (!method) throw new ServiceError('NotFoundException', 404, 'Invalid Method identifier specified');
  const [path = '', query = ''] = (pathWithQueryString || resource.path).split(/\?(.*)/s);
  const single = Object.entries(headers ?? {}).map(([name, value]) => [name, [value]]);
  return {
    aws,
    snapshot,
    stageName: 'test-invoke-stage',
    stageVariables: input.stageVariables ?? {},
    resource,
    method,
    httpMethod,
    path,
    fullPath: resource.path,
    // The path is taken as it is: one of another resource has no parameters for this one.
    pathParameters: matchPath(resource.path, path) ?? {},
    query: parseQuery(query),
    headers: { ...Object.fromEntries(single), ...multiValueHeaders },
    body: Buffer.from(input.body ?? ''),
    ...newTrace(aws),
    log,
  };
}

/** Authorization is left out, as in the console. */
async function run(route: RouteRequest): Promise<WireResponse> {
  const request: MethodRequest = { ...route, identity: {}, context: contextOf(route, {}) };
  const { log } = route;
  try {
    const response = await invokeMethod(request);
    const single = Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(',')]);
    log(`Method response body after transformations: ${Buffer.from(response.body).toString()}`);
    log(`Method response headers: ${shown(Object.fromEntries(single))}`);
    log('Successfully completed execution');
    return response;
  } catch (error) {
    if (error instanceof GatewayError) return gatewayResponse(error, route, request.context);
    log(`Execution failed: ${error instanceof Error ? error.message : String(error)}`);
    const failure = new GatewayError('API_CONFIGURATION_ERROR', 'Internal server error');
    return gatewayResponse(failure, route, request.context);
  }
}
