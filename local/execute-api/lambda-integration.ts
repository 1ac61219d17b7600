// Integrations with Lambda: the function's event and answer, mapped (AWS) or as a proxy (AWS_PROXY).
import type { Integration } from '@aws-sdk/client-api-gateway';
import { ServiceError, type WireResponse } from '../service.ts';
import { assumeIntegrationRole } from './aws-integration.ts';
import { isBinary } from './content.ts';
import { GatewayError } from './gateway-response.ts';
import type { BackendAnswer } from './mapping.ts';
import { contextOf, header, type RouteRequest, singles } from './request.ts';

export function functionArnOf(uri: string): string | undefined {
  return /:lambda:path\/2015-03-31\/functions\/(arn:[^/]+)\/invocations/.exec(uri)?.[1];
}

async function invoke(
  request: RouteRequest,
  integration: Integration,
  functionArn: string,
  payload: Uint8Array,
) {
  const { aws, snapshot } = request;
  const sourceArn = `arn:${aws.partition}:execute-api:${aws.region}:${aws.account}:${snapshot.restApi.id}/${request.stageName}/${request.httpMethod}${request.resource.path}`;
  const credentials = assumeIntegrationRole(request, integration.credentials);
  try {
    const as = credentials ?? { servicePrincipal: 'apigateway.amazonaws.com', sourceArn };
    return await aws.invokeFunction({ functionArn, payload, as });
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    request.log(`Execution failed due to configuration error: Invalid permissions on Lambda function`);
    throw new GatewayError('API_CONFIGURATION_ERROR', 'Internal server error');
  }
}

/** A failed function still answers 200 to API Gateway: integration responses match its errorMessage. */
export async function callFunction(
  request: RouteRequest,
  integration: Integration,
  functionArn: string,
  body: Uint8Array,
): Promise<BackendAnswer> {
  const payload = body.byteLength > 0 ? body : Buffer.from('{}');
  const result = await invoke(request, integration, functionArn, payload);
  const headers: Record<string, readonly string[]> = {
    'content-type': ['application/json'],
    ...(result.functionError !== undefined && { 'x-amz-function-error': [result.functionError] }),
  };
  return { status: 200, headers, body: result.payload };
}

function proxyEvent(request: RouteRequest): object {
  const { snapshot, resource } = request;
  const hasQuery = Object.keys(request.query).length > 0;
  const isBytes = isBinary(snapshot, header(request.headers, 'content-type'));
  const body = Buffer.from(request.body);
  const variables = request.stageVariables;
  return {
    resource: resource.path,
    path: request.path,
    httpMethod: request.httpMethod,
    headers: singles(request.headers),
    multiValueHeaders: request.headers,
    queryStringParameters: hasQuery ? singles(request.query) : null,
    multiValueQueryStringParameters: hasQuery ? request.query : null,
    pathParameters: Object.keys(request.pathParameters).length > 0 ? request.pathParameters : null,
    stageVariables: Object.keys(variables).length > 0 ? variables : null,
    requestContext: contextOf(request),
    body: body.byteLength === 0 ? null : body.toString(isBytes ? 'base64' : 'utf8'),
    isBase64Encoded: isBytes && body.byteLength > 0,
  };
}

interface ProxyAnswer {
  readonly statusCode?: number | string;
  readonly headers?: Readonly<Record<string, unknown>> | null;
  readonly multiValueHeaders?: Readonly<Record<string, readonly unknown[]>> | null;
  readonly body?: unknown;
  readonly isBase64Encoded?: boolean;
}

const malformed = () => new GatewayError('MALFORMED_PROXY', 'Internal server error');
const known = new Set(['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded']);

export async function proxyFunction(
  request: RouteRequest,
  integration: Integration,
  functionArn: string,
): Promise<WireResponse> {
  const result = await invoke(
    request,
    integration,
    functionArn,
    Buffer.from(JSON.stringify(proxyEvent(request))),
  );
  if (result.functionError !== undefined) throw malformed();
  let answer: ProxyAnswer;
  try {
    answer = JSON.parse(Buffer.from(result.payload).toString()) as ProxyAnswer;
  } catch {
    throw malformed();
  }
  if (typeof answer !== 'object' || answer === null) throw malformed();
  if (Object.keys(answer).some(name => !known.has(name))) throw malformed();
  const status = answer.statusCode === undefined ? 200 : Number(answer.statusCode);
  if (
    !Number.isInteger(status) ||
    (answer.body !== undefined && answer.body !== null && typeof answer.body !== 'string')
  )
    throw malformed();
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(answer.headers ?? {})) headers[name] = String(value);
  for (const [name, values] of Object.entries(answer.multiValueHeaders ?? {})) {
    for (const other of Object.keys(headers))
      if (other.toLowerCase() === name.toLowerCase()) delete headers[other];
    headers[name] = values.map(String);
  }
  if (!Object.keys(headers).some(name => name.toLowerCase() === 'content-type'))
    headers['Content-Type'] = 'application/json';
  const body = Buffer.from(answer.body ?? '', answer.isBase64Encoded ? 'base64' : 'utf8');
  return { status, headers, body };
}
