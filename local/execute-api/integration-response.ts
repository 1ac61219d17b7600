// Makes the method's answer of the backend's: which integration response, its template, its headers, its status.
import type { Integration, IntegrationResponse } from '@aws-sdk/client-api-gateway';
import type { WireResponse } from '../service.ts';
import { acceptsBinary, bytesOf, type Content, isBinary, toCaller } from './content.ts';
import { configurationError } from './gateway-response.ts';
import { type BackendAnswer, responseValue } from './mapping.ts';
import { header, type MethodRequest, setHeader, templateInput } from './request.ts';
import { javaText } from './velocity/java.ts';
import { javaRegex } from './velocity/java-regex.ts';
import { renderTemplate } from './vtl.ts';

/** For Lambda the pattern is held against the function's errorMessage, for everything else against the status. */
function subjectOf(answer: BackendAnswer, isFunction: boolean): string | undefined {
  if (!isFunction) return String(answer.status);
  try {
    const { errorMessage } = JSON.parse(Buffer.from(answer.body).toString()) as { errorMessage?: unknown };
    return typeof errorMessage === 'string' ? errorMessage : undefined;
  } catch {
    return undefined;
  }
}

/** The pattern has to match the whole subject; a response without one is the default. */
function choose(
  { integrationResponses = {} }: Integration,
  answer: BackendAnswer,
  isFunction: boolean,
): IntegrationResponse | undefined {
  const responses = Object.values(integrationResponses);
  const subject = subjectOf(answer, isFunction);
  const matched = responses.find(
    ({ selectionPattern: pattern }) =>
      pattern && subject !== undefined && javaRegex(`^(?:${pattern})$`).test(subject),
  );
  return matched ?? responses.find(({ selectionPattern }) => !selectionPattern);
}

interface ChosenTemplate {
  readonly mediaType: string;
  readonly template: string | undefined;
}

/** By the media type of the backend's answer; where none fits, the one for JSON, or the first there is. */
function chooseTemplate({ responseTemplates }: IntegrationResponse, answer: BackendAnswer): ChosenTemplate {
  const templates = responseTemplates ?? {};
  const answered = answer.headers['content-type']?.[0]?.split(';')[0]?.trim().toLowerCase();
  const types = Object.keys(templates);
  const mediaType =
    types.find(type => type.toLowerCase() === (answered ?? 'application/json')) ??
    types.find(type => type === 'application/json') ??
    types[0];
  if (mediaType === undefined) return { mediaType: 'application/json', template: undefined };
  return { mediaType, template: templates[mediaType] || undefined };
}

function readBody(request: MethodRequest, response: IntegrationResponse, answer: BackendAnswer): Content {
  const { snapshot, headers } = request;
  const binary = isBinary(snapshot, answer.headers['content-type']?.[0]);
  const accepted = acceptsBinary(snapshot, header(headers, 'accept'));
  try {
    return toCaller(answer.body, response.contentHandling, binary, accepted);
  } catch (error) {
    throw configurationError(request, error instanceof Error ? error.message : String(error));
  }
}

function transform(request: MethodRequest, template: string, body: string): string {
  const { context, stageVariables } = request;
  try {
    return renderTemplate(template, { input: templateInput(request, body), context, stageVariables });
  } catch (error) {
    request.log(`Execution failed: ${error instanceof Error ? error.message : String(error)}`);
    throw configurationError(request, 'Unable to transform response');
  }
}

export function integrationResponse(
  request: MethodRequest,
  integration: Integration,
  answer: BackendAnswer,
  isFunction: boolean,
): WireResponse {
  const response = choose(integration, answer, isFunction);
  if (!response?.statusCode) {
    throw configurationError(
      request,
      'No match for output mapping and no default output mapping configured. Endpoint Response Status Code: ' +
        answer.status,
    );
  }
  const { mediaType, template } = chooseTemplate(response, answer);
  const content = template === undefined ? readBody(request, response, answer) : answer.body;
  const body =
    template === undefined
      ? bytesOf(content)
      : Buffer.from(transform(request, template, textOf(request, response, answer)));
  const headers: Record<string, string | string[]> = { 'Content-Type': mediaType };
  for (const [target, expression] of Object.entries(response.responseParameters ?? {})) {
    const value = responseValue(expression, answer, request);
    const name = target.replace(/^method\.response\.(?:multivalue)?header\./, '');
    if (value !== undefined) setHeader(headers, name, typeof value === 'string' ? value : [...value]);
  }
  const { header: overrides, status } = request.context.responseOverride;
  for (const [name, value] of Object.entries(overrides)) {
    setHeader(headers, name, Array.isArray(value) ? value.map(javaText) : javaText(value));
  }
  return { status: Number(status ?? response.statusCode), headers, body };
}

/** A template reads text: bytes have to be converted first. */
function textOf(request: MethodRequest, response: IntegrationResponse, answer: BackendAnswer): string {
  const content = readBody(request, response, answer);
  if (typeof content !== 'string') throw configurationError(request, 'Unable to transform response');
  return content;
}
