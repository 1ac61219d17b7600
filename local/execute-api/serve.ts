// The data plane: a request to a stage, routed, authorized and answered.
import type { DataPlaneAddress } from '../data-plane-address.ts';
import type { Aws, WireRequest, WireResponse } from '../service.ts';
import { authorize } from './authorize.ts';
import { contextOf } from './context.ts';
import { receivedHeaders } from './forwarded-headers.ts';
import { forbidden, GatewayError, gatewayResponse, type Sender } from './gateway-response.ts';
import { invokeMethod } from './invoke-method.ts';
import { type MethodRequest, parseQuery, type RouteRequest } from './request.ts';
import { matchRoute } from './route.ts';
import { findStage, type ServedStage } from './stage.ts';
import { newTrace, type Trace } from './trace.ts';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const largestPayload = 10 * 1024 * 1024;
const largestHeaders = 10_240;

export async function serveRequest(
  aws: Aws,
  wire: WireRequest,
  address: DataPlaneAddress,
): Promise<WireResponse> {
  const trace = newTrace(aws, wire.headers['x-amzn-trace-id']);
  const { requestId, extendedRequestId } = trace;
  const response = await answer(aws, wire, withStage(address), trace);
  const headers = { 'x-amzn-RequestId': requestId, 'x-amz-apigw-id': extendedRequestId, ...response.headers };
  return { ...response, headers, body: wire.method === 'HEAD' ? new Uint8Array() : response.body };
}

/** Slashes before the stage do not count. */
function withStage({ restApiId, stageName, path }: DataPlaneAddress): DataPlaneAddress {
  if (stageName !== '') return { restApiId, stageName, path };
  const [, stage = '', rest = ''] = /^\/*([^/]*)(.*)$/s.exec(path) ?? [];
  return { restApiId, stageName: stage, path: rest || '/' };
}

async function answer(
  aws: Aws,
  wire: WireRequest,
  address: DataPlaneAddress,
  trace: Trace,
): Promise<WireResponse> {
  const { restApiId, stageName } = address;
  const stage = findStage(aws, restApiId, stageName);
  if (!stage || stage.deployment.snapshot.restApi.disableExecuteApiEndpoint) return forbidden();
  const { snapshot } = stage.deployment;
  let sender: Sender = {
    snapshot,
    headers: receivedHeaders(aws, snapshot, wire, trace.traceId),
    query: parseQuery(wire.query),
    stageVariables: stage.variables,
  };
  let context: Readonly<Record<string, unknown>> = { ...trace, stage: stageName, apiId: restApiId };
  try {
    checkSize(wire);
    const route = routeOf(aws, wire, address, stage, trace);
    sender = route;
    context = contextOf(route, {});
    const identity = await authorize(route, wire);
    const request: MethodRequest = { ...route, identity, context: contextOf(route, identity) };
    context = request.context;
    return await invokeMethod(request);
  } catch (error) {
    const failure =
      error instanceof GatewayError
        ? error
        : new GatewayError('API_CONFIGURATION_ERROR', 'Internal server error');
    return gatewayResponse(failure, sender, context);
  }
}

function routeOf(
  aws: Aws,
  wire: WireRequest,
  { stageName, path: sentPath }: DataPlaneAddress,
  { deployment, variables, isCanary }: ServedStage,
  trace: Trace,
): RouteRequest {
  const path = sentPath.replace(/^\/+/, '/');
  const { snapshot } = deployment;
  const match = matchRoute(snapshot, wire.method, path);
  if (!match) throw new GatewayError('MISSING_AUTHENTICATION_TOKEN', 'Missing Authentication Token');
  return {
    aws,
    snapshot,
    stageName,
    stageVariables: variables,
    deploymentId: deployment.id,
    ...(isCanary !== undefined && { isCanary }),
    ...match,
    httpMethod: wire.method,
    path,
    fullPath: `/${stageName}${sentPath}`,
    query: parseQuery(wire.query),
    headers: receivedHeaders(aws, snapshot, wire, trace.traceId),
    body: wire.body,
    ...trace,
    log: () => {},
  };
}

function checkSize({ headers, body }: WireRequest): void {
  const ofHeaders = Object.entries(headers).reduce(
    (sum, [name, value]) => sum + name.length + value.length,
    0,
  );
  if (body.byteLength > largestPayload || ofHeaders > largestHeaders)
    throw new GatewayError('REQUEST_TOO_LARGE', 'Request Too Long');
}
