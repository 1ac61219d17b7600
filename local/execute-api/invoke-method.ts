// Runs a method: validation, integration request, backend, integration response.
import type { Integration } from '@aws-sdk/client-api-gateway';
import type { WireResponse } from '../service.ts';
import { callService } from './aws-integration.ts';
import { type BackendRequest, backendRequest } from './backend-request.ts';
import { GatewayError } from './gateway-response.ts';
import { callHttp, isOfHop } from './http-integration.ts';
import { integrationResponse } from './integration-response.ts';
import { callFunction, functionArnOf, proxyFunction } from './lambda-integration.ts';
import type { BackendAnswer } from './mapping.ts';
import { contextOf, type RouteRequest } from './request.ts';
import { validateRequest } from './validate.ts';

const withVariables = (text: string, variables: Readonly<Record<string, string>>) =>
  text.replace(/\$\{stageVariables\.([^}]+)\}/g, (_, name: string) => variables[name] ?? '');

/** The mock integration's template says with which status its answer is chosen. */
function mockAnswer(request: RouteRequest, { body }: BackendRequest): BackendAnswer {
  let statusCode: unknown;
  try {
    ({ statusCode } = JSON.parse(Buffer.from(body).toString()) as { statusCode?: unknown });
  } catch {
    // The reader of a mock's template is lenient: unquoted names and single quotes are common.
    statusCode = /['"]?statusCode['"]?\s*:\s*['"]?(\d+)/.exec(Buffer.from(body).toString())?.[1];
  }
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 100) {
    request.log(
      'Execution failed due to configuration error: Unable to parse statusCode. It should be an integer that is defined in the request template.',
    );
    throw new GatewayError('API_CONFIGURATION_ERROR', 'Internal server error');
  }
  return { status, headers: {}, body: new Uint8Array() };
}

async function httpProxy(
  request: RouteRequest,
  integration: Integration,
  backend: BackendRequest,
): Promise<WireResponse> {
  const own = Object.fromEntries(
    Object.entries(request.headers).map(([name, values]) => [name, values.join(',')]),
  );
  const method =
    integration.httpMethod === 'ANY' || !integration.httpMethod ? request.httpMethod : integration.httpMethod;
  const answer = await callHttp(request, integration.uri ?? '', method, {
    ...backend,
    query: { ...request.query, ...backend.query },
    headers: { ...own, ...backend.headers },
    body: request.body,
  });
  const headers = Object.fromEntries(
    Object.entries(answer.headers)
      .filter(([name]) => !isOfHop(name))
      .map(([name, values]) => [name, [...values]]),
  );
  return { status: answer.status, headers, body: answer.body };
}

export async function invokeMethod(request: RouteRequest): Promise<WireResponse> {
  validateRequest(request);
  const given = request.method.methodIntegration;
  if (!given) throw new GatewayError('API_CONFIGURATION_ERROR', 'Internal server error');
  const uri = withVariables(given.uri ?? '', request.stageVariables);
  const credentials = given.credentials && withVariables(given.credentials, request.stageVariables);
  const integration: Integration = { ...given, uri, ...(credentials && { credentials }) };
  const context = contextOf(request);
  const functionArn = functionArnOf(uri);
  if (integration.type === 'AWS_PROXY' && functionArn !== undefined)
    return proxyFunction(request, integration, functionArn);
  const isProxy = integration.type === 'HTTP_PROXY';
  const backend = backendRequest(
    request,
    isProxy ? { ...integration, requestTemplates: {}, passthroughBehavior: 'WHEN_NO_MATCH' } : integration,
    context,
  );
  if (isProxy) return httpProxy(request, integration, backend);
  const answer = await callBackend(request, integration, backend, functionArn);
  request.log(`Received response. Status: ${answer.status}`);
  return integrationResponse(request, integration, answer, context, functionArn !== undefined);
}

function callBackend(
  request: RouteRequest,
  integration: Integration,
  backend: BackendRequest,
  functionArn: string | undefined,
): Promise<BackendAnswer> | BackendAnswer {
  switch (integration.type) {
    case 'MOCK':
      return mockAnswer(request, backend);
    case 'HTTP':
      return callHttp(request, integration.uri ?? '', integration.httpMethod ?? request.httpMethod, {
        ...backend,
        headers: { 'Content-Type': backend.contentType, Accept: 'application/json', ...backend.headers },
      });
    case 'AWS':
      if (functionArn !== undefined) return callFunction(request, integration, functionArn, backend.body);
      return callService(request, integration, backend);
    default:
      request.log(
        'Execution failed due to configuration error: this kind of integration is not part of the embedded AWS',
      );
      throw new GatewayError('API_CONFIGURATION_ERROR', 'Internal server error');
  }
}
