// Integrations with Lambda: the function's payload mapped (AWS), or the request as an event and back (AWS_PROXY).
import type { Integration } from '@aws-sdk/client-api-gateway';
import { type FunctionResult, ServiceError, type WireResponse } from '../service.ts';
import type { BackendRequest } from './backend-request.ts';
import { acceptsBinary, bytesOf, isBinary } from './content.ts';
import { requestContextOf } from './context.ts';
import { logAnswer, logEndpointRequest } from './execution-log.ts';
import { remapped } from './forwarded-headers.ts';
import { configurationError, GatewayError } from './gateway-response.ts';
import type { BackendAnswer } from './mapping.ts';
import { header, type MethodRequest, setHeader, singles } from './request.ts';
import { assumeIntegrationRole } from './role.ts';

export interface FunctionCall {
  readonly request: MethodRequest;
  readonly integration: Integration;
  readonly functionArn: string;
  readonly signal: AbortSignal;
}

async function invoke(call: FunctionCall, payload: Uint8Array): Promise<FunctionResult> {
  const { request, integration, functionArn, signal } = call;
  const { aws, snapshot, stageName, resource, httpMethod } = request;
  const sourceArn = `arn:${aws.partition}:execute-api:${aws.region}:${aws.account}:${snapshot.restApi.id}/${stageName}/${httpMethod}${resource.path}`;
  const credentials = assumeIntegrationRole(request, integration.credentials);
  const as = credentials ?? { servicePrincipal: 'apigateway.amazonaws.com', sourceArn };
  const uri = `https://lambda.${aws.region}.amazonaws.com/2015-03-31/functions/${functionArn}/invocations`;
  logEndpointRequest(request, uri, {}, payload);
  try {
    return await aws.invokeFunction({ functionArn, payload, as, signal });
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    if (error.status === 403 || error.status === 404) {
      throw configurationError(request, 'Invalid permissions on Lambda function');
    }
    request.log(`Execution failed due to a backend error: ${error.code}: ${error.message}`);
    throw new GatewayError('API_CONFIGURATION_ERROR', 'Internal server error');
  }
}

/** A failed function still answers 200 to API Gateway: integration responses match its errorMessage. */
export async function callFunction(call: FunctionCall, backend: BackendRequest): Promise<BackendAnswer> {
  const { request } = call;
  const { clock } = request.aws;
  const startedAt = clock.now();
  const body = bytesOf(backend.body);
  const running = invoke(call, body.byteLength > 0 ? body : Buffer.from('{}'));
  const isEvent = Object.entries(backend.headers).some(
    ([name, value]) => name.toLowerCase() === 'x-amz-invocation-type' && value === 'Event',
  );
  if (isEvent) {
    // Nobody waits for what an asynchronous invocation comes to.
    running.catch(() => {});
    return { status: 202, headers: {}, body: new Uint8Array() };
  }
  const result = await running;
  const answer: BackendAnswer = {
    status: 200,
    headers: {
      'content-type': ['application/json'],
      'x-amz-executed-version': [result.executedVersion],
      ...(result.functionError !== undefined && { 'x-amz-function-error': [result.functionError] }),
    },
    body: result.payload,
  };
  logAnswer(request, answer, clock.now() - startedAt);
  return answer;
}

const orNull = <T extends object>(values: T): T | null => (Object.keys(values).length > 0 ? values : null);

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html */
function proxyEvent(request: MethodRequest): object {
  const body = Buffer.from(request.body);
  const isBytes = isBinary(request.snapshot, header(request.headers, 'content-type')) && body.byteLength > 0;
  return {
    resource: request.resource.path,
    path: request.path,
    httpMethod: request.httpMethod,
    headers: singles(request.headers),
    multiValueHeaders: request.headers,
    queryStringParameters: orNull(singles(request.query)),
    multiValueQueryStringParameters: orNull(request.query),
    pathParameters: orNull(request.pathParameters),
    stageVariables: orNull(request.stageVariables),
    requestContext: requestContextOf(request, request.identity),
    body: body.byteLength === 0 ? null : body.toString(isBytes ? 'base64' : 'utf8'),
    isBase64Encoded: isBytes,
  };
}

interface ProxyAnswer {
  readonly status: number;
  readonly headers: WireResponse['headers'];
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

const members = new Set(['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded', 'cookies']);

/** Undefined where the function's output has not the shape that a proxy integration asks for. */
function readProxyAnswer(payload: Uint8Array): ProxyAnswer | undefined {
  let output: unknown;
  try {
    output = JSON.parse(Buffer.from(payload).toString());
  } catch {
    return undefined;
  }
  if (typeof output !== 'object' || output === null || Array.isArray(output)) return undefined;
  if (Object.keys(output).some(name => !members.has(name))) return undefined;
  const { statusCode, headers, multiValueHeaders, body, isBase64Encoded } = output as Record<string, unknown>;
  const status = Number(statusCode ?? 200);
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined;
  if (typeof (body ?? '') !== 'string') return undefined;
  const merged = mergeHeaders(headers ?? {}, multiValueHeaders ?? {});
  if (!merged) return undefined;
  return { status, headers: merged, body: String(body ?? ''), isBase64Encoded: isBase64Encoded === true };
}

/** A header in both lists keeps the values of both, however its name is written (recorded on AWS). */
function mergeHeaders(headers: object, multi: object): WireResponse['headers'] | undefined {
  const merged: Record<string, string[]> = {};
  for (const [name, values] of Object.entries(multi)) {
    if (!Array.isArray(values)) return undefined;
    setHeader(merged, name, values.map(String));
  }
  for (const [name, value] of Object.entries(headers)) {
    const same = Object.keys(merged).find(one => one.toLowerCase() === name.toLowerCase());
    const before = same === undefined ? [] : (merged[same] ?? []);
    if (!before.includes(String(value))) setHeader(merged, name, [...before, String(value)]);
  }
  if (!Object.keys(merged).some(name => name.toLowerCase() === 'content-type')) {
    merged['Content-Type'] = ['application/json'];
  }
  return remapped(merged);
}

export async function proxyFunction(call: FunctionCall): Promise<WireResponse> {
  const { request, integration } = call;
  // Lambda's Invoke is a POST; any other method is refused by it.
  if ((integration.httpMethod ?? 'POST') !== 'POST') {
    request.log('Execution failed due to configuration error: Malformed Lambda request');
    throw new GatewayError('API_CONFIGURATION_ERROR', 'Internal server error');
  }
  const { clock } = request.aws;
  const startedAt = clock.now();
  const result = await invoke(call, Buffer.from(JSON.stringify(proxyEvent(request))));
  logAnswer(request, { status: 200, headers: {}, body: result.payload }, clock.now() - startedAt);
  const answer = result.functionError === undefined ? readProxyAnswer(result.payload) : undefined;
  if (!answer) {
    request.log('Execution failed due to configuration error: Malformed Lambda proxy response');
    throw new GatewayError('API_CONFIGURATION_ERROR', 'Internal server error', { status: 502 });
  }
  const { status, headers, body, isBase64Encoded } = answer;
  const isBytes = isBase64Encoded && acceptsBinary(request.snapshot, header(request.headers, 'accept'));
  return { status, headers, body: Buffer.from(body, isBytes ? 'base64' : 'utf8') };
}
