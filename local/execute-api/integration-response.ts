// Makes the method's answer of the backend's: which integration response, its template, its headers, its status.
import type { Integration, IntegrationResponse } from '@aws-sdk/client-api-gateway';
import type { WireResponse } from '../service.ts';
import { isBinary, toCaller } from './content.ts';
import { GatewayError } from './gateway-response.ts';
import { javaRegex } from './java.ts';
import { type BackendAnswer, responseValue } from './mapping.ts';
import { header, type RouteRequest, singles } from './request.ts';
import { renderTemplate } from './vtl.ts';

/** For Lambda the pattern is held against the function's errorMessage, for everything else against the status. */
function subjectOf(answer: BackendAnswer, isFunction: boolean): string {
  if (!isFunction) return String(answer.status);
  try {
    const { errorMessage } = JSON.parse(Buffer.from(answer.body).toString()) as { errorMessage?: unknown };
    return typeof errorMessage === 'string' ? errorMessage : '';
  } catch {
    return '';
  }
}

function choose(
  integration: Integration,
  answer: BackendAnswer,
  isFunction: boolean,
): IntegrationResponse | undefined {
  const responses = Object.values(integration.integrationResponses ?? {});
  const subject = subjectOf(answer, isFunction);
  const matched = responses.find(({ selectionPattern: pattern }) => {
    if (!pattern || (isFunction && subject === '')) return false;
    return javaRegex(`^(?:${pattern})$`).test(subject);
  });
  return matched ?? responses.find(({ selectionPattern }) => !selectionPattern);
}

export function integrationResponse(
  request: RouteRequest,
  integration: Integration,
  answer: BackendAnswer,
  context: Record<string, unknown>,
  isFunction: boolean,
): WireResponse {
  const response = choose(integration, answer, isFunction);
  if (!response?.statusCode) {
    request.log(
      'Execution failed due to configuration error: No match for output mapping and no default output mapping configured',
    );
    throw new GatewayError('API_CONFIGURATION_ERROR', 'Internal server error');
  }
  const { snapshot } = request;
  const accepts = isBinary(snapshot, header(request.headers, 'accept'));
  const answeredType = answer.headers['content-type']?.[0];
  const templates = response.responseTemplates ?? {};
  const mediaType = answeredType?.split(';')[0]?.trim() ?? 'application/json';
  const [firstType, firstTemplate] = Object.entries(templates)[0] ?? [];
  const template = templates[mediaType] ?? templates['application/json'] ?? firstTemplate;
  const headers: Record<string, string | string[]> = {};
  let status: number = Number(response.statusCode);
  let { body } = answer;
  const type =
    template === undefined || template === null
      ? 'application/json'
      : templates[mediaType] !== undefined
        ? mediaType
        : 'application/json' in templates
          ? 'application/json'
          : (firstType ?? 'application/json');
  for (const [target, expression] of Object.entries(response.responseParameters ?? {})) {
    const value = responseValue(expression, answer, context);
    if (value !== undefined) headers[target.replace('method.response.header.', '')] = value;
  }
  if (typeof template === 'string' && template !== '') {
    const rendered = renderTemplate(template, {
      input: {
        body: Buffer.from(answer.body).toString(),
        path: request.pathParameters,
        querystring: singles(request.query),
        header: singles(request.headers),
      },
      context,
      stageVariables: request.stageVariables,
    });
    body = Buffer.from(rendered.text);
    const { status: override, header: headerOverrides = {} } = rendered.responseOverride;
    if (override !== undefined) status = Number(override);
    for (const [name, value] of Object.entries(headerOverrides)) {
      for (const other of Object.keys(headers))
        if (other.toLowerCase() === name.toLowerCase()) delete headers[other];
      headers[name] = String(value);
    }
  } else {
    body = toCaller(body, response.contentHandling, isBinary(snapshot, answeredType), accepts);
  }
  if (!Object.keys(headers).some(name => name.toLowerCase() === 'content-type'))
    headers['Content-Type'] = type;
  return { status, headers, body };
}
