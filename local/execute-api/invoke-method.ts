// Runs a method: validation, integration request, backend, integration response.
import type { Integration } from '@aws-sdk/client-api-gateway';
import type { WireResponse } from '../service.ts';
import { callService } from './aws-integration.ts';
import { type BackendRequest, backendRequest } from './backend-request.ts';
import { configurationError } from './gateway-response.ts';
import { callHttp, callHttpProxy } from './http-integration.ts';
import { functionArnOf, withStageVariables } from './integration-address.ts';
import { integrationResponse } from './integration-response.ts';
import { callFunction, proxyFunction } from './lambda-integration.ts';
import type { BackendAnswer } from './mapping.ts';
import { answerMock } from './mock-integration.ts';
import type { MethodRequest } from './request.ts';
import { withinTimeout } from './time-out.ts';
import { validateRequest } from './validate.ts';

/** @throws GatewayError for what API Gateway answers itself. */
export async function invokeMethod(request: MethodRequest): Promise<WireResponse> {
  validateRequest(request);
  const given = request.method.methodIntegration;
  if (!given) throw configurationError(request, 'No integration defined for method');
  const { uri, credentials } = given;
  const filled = (text: string) => withStageVariables(text, request.stageVariables);
  const integration: Integration = {
    ...given,
    ...(uri !== undefined && { uri: filled(uri) }),
    ...(credentials !== undefined && { credentials: filled(credentials) }),
  };
  const response = await withinTimeout(request, integration, signal =>
    integrate(request, integration, signal),
  );
  if (integration.type === 'MOCK' || integration.type === 'HTTP_PROXY') return response;
  return { ...response, headers: { 'X-Amzn-Trace-Id': request.traceId, ...response.headers } };
}

async function integrate(
  request: MethodRequest,
  integration: Integration,
  signal: AbortSignal,
): Promise<WireResponse> {
  const functionArn = functionArnOf(integration.uri ?? '');
  if (integration.type === 'AWS_PROXY' && functionArn !== undefined) {
    return proxyFunction({ request, integration, functionArn, signal });
  }
  if (integration.type === 'HTTP_PROXY') {
    const { requestTemplates: _, passthroughBehavior: __, ...passing } = integration;
    return callHttpProxy(request, integration, backendRequest(request, passing), signal);
  }
  const backend = backendRequest(request, integration);
  const isFunction = integration.type === 'AWS' && functionArn !== undefined;
  const answer = isFunction
    ? await callFunction({ request, integration, functionArn, signal }, backend)
    : await callBackend(request, integration, backend, signal);
  return integrationResponse(request, integration, answer, isFunction);
}

function callBackend(
  request: MethodRequest,
  integration: Integration,
  backend: BackendRequest,
  signal: AbortSignal,
): Promise<BackendAnswer> | BackendAnswer {
  switch (integration.type) {
    case 'MOCK':
      return answerMock(request, backend);
    case 'HTTP':
      return callHttp(request, integration, backend, signal);
    case 'AWS':
      return callService(request, integration, backend);
    default:
      throw configurationError(request, 'this integration is not part of the embedded AWS');
  }
}
