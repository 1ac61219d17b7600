// The data plane: a request to a stage, routed, authorized and answered.
import { collections } from '../apigateway/model.ts';
import type { DataPlaneAddress } from '../data-plane-address.ts';
import type { Aws, WireRequest, WireResponse } from '../service.ts';
import { authorizeRequest } from './authorize.ts';
import { GatewayError, gatewayResponse } from './gateway-response.ts';
import { invokeMethod } from './invoke-method.ts';
import { contextOf, parseQuery, type RouteRequest, type Values } from './request.ts';
import { matchRoute } from './route.ts';

/** API Gateway's limit for a payload, in bytes. */
const largestPayload = 10 * 1024 * 1024;

function headersOf({ headers, rawHeaders }: WireRequest): Values {
  const all: Record<string, string[]> = {};
  for (const [name, value] of rawHeaders ?? Object.entries(headers)) {
    const values = all[name] ?? [];
    values.push(value);
    all[name] = values;
  }
  return all;
}

export async function serveRequest(
  aws: Aws,
  wire: WireRequest,
  address: DataPlaneAddress,
): Promise<WireResponse> {
  const requestId = aws.ids.uuid();
  const { restApiId, stageName, path } = address;
  const answered = (response: WireResponse): WireResponse => ({
    ...response,
    headers: {
      'x-amzn-RequestId': requestId,
      'x-amz-apigw-id': aws.ids.alphanumeric(15),
      ...response.headers,
    },
  });
  const all = collections(aws);
  const stage = all.stages.get(`${restApiId}/${stageName}`);
  const deployment = stage && all.deployments.get(`${restApiId}/${stage.deploymentId}`);
  if (!deployment || !stage)
    return answered(gatewayResponse(new GatewayError('FORBIDDEN', 'Forbidden'), undefined, {}));
  const { snapshot } = deployment;
  const match = matchRoute(snapshot, wire.method, path);
  if (!match) {
    const error = new GatewayError('MISSING_AUTHENTICATION_TOKEN', 'Missing Authentication Token');
    return answered(gatewayResponse(error, snapshot, { requestId }));
  }
  const request: RouteRequest = {
    aws,
    snapshot,
    stageName,
    stageVariables: stage.variables ?? {},
    ...match,
    httpMethod: wire.method,
    path,
    query: parseQuery(wire.query),
    headers: headersOf(wire),
    body: wire.body,
    requestId,
    log: () => {},
  };
  try {
    if (wire.body.byteLength > largestPayload)
      throw new GatewayError('REQUEST_TOO_LARGE', 'Request Too Long');
    const callerArn = authorizeRequest(request, wire);
    return answered(await invokeMethod(callerArn === undefined ? request : { ...request, callerArn }));
  } catch (error) {
    const failure =
      error instanceof GatewayError ? error : new GatewayError('INTERNAL', 'Internal server error');
    return answered(gatewayResponse(failure, snapshot, contextOf(request)));
  }
}
