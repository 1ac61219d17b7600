// The request an integration makes of a request to a route: template, parameters, body.
import type { Integration } from '@aws-sdk/client-api-gateway';
import { type Content, isBinary, toBackend } from './content.ts';
import { configurationError, GatewayError } from './gateway-response.ts';
import { requestValue } from './mapping.ts';
import { header, type MethodRequest, mediaTypeOf, setHeader, templateInput } from './request.ts';
import { javaText } from './velocity/java.ts';
import { renderTemplate } from './vtl.ts';

export interface BackendRequest {
  readonly path: Record<string, string>;
  readonly query: Record<string, readonly string[]>;
  /** Those that are mapped or overridden. */
  readonly headers: Record<string, string>;
  readonly body: Content;
  /** Media type of the request to the route. */
  readonly contentType: string;
}

/** The template for the request's media type, or none where the body passes through. */
function chooseTemplate(integration: Integration, mediaType: string): string | undefined {
  const templates = integration.requestTemplates ?? {};
  const matching = Object.entries(templates).find(([type]) => type.toLowerCase() === mediaType);
  const template = matching?.[1] ?? templates.$default;
  if (template) return template;
  if (matching || '$default' in templates) return undefined;
  const behaviour = integration.passthroughBehavior ?? 'WHEN_NO_MATCH';
  const isRefused =
    behaviour === 'NEVER' || (behaviour === 'WHEN_NO_TEMPLATES' && Object.keys(templates).length > 0);
  if (isRefused) throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', 'Unsupported Media Type');
  return undefined;
}

function readBody(request: MethodRequest, integration: Integration): Content {
  const binary = isBinary(request.snapshot, header(request.headers, 'content-type'));
  try {
    return toBackend(request.body, integration.contentHandling, binary);
  } catch (error) {
    request.log(`Execution failed: ${error instanceof Error ? error.message : String(error)}`);
    throw new GatewayError('API_CONFIGURATION_ERROR', 'Internal server error');
  }
}

export function backendRequest(request: MethodRequest, integration: Integration): BackendRequest {
  const contentType = mediaTypeOf(request.headers);
  const template = chooseTemplate(integration, contentType);
  const content = readBody(request, integration);
  const mapped = mapParameters(request, integration);
  if (template === undefined) return { ...mapped, body: content, contentType };
  // A template reads text: bytes have to be converted first.
  if (typeof content !== 'string') throw configurationError(request, 'Unable to transform request');
  let body: string;
  try {
    const { context, stageVariables } = request;
    body = renderTemplate(template, { input: templateInput(request, content), context, stageVariables });
  } catch (error) {
    request.log(`Execution failed: ${error instanceof Error ? error.message : String(error)}`);
    throw configurationError(request, 'Unable to transform request');
  }
  applyOverrides(request, mapped);
  return { ...mapped, body, contentType };
}

type Mapped = Pick<BackendRequest, 'path' | 'query' | 'headers'>;

function mapParameters(request: MethodRequest, integration: Integration): Mapped {
  const mapped: Mapped = { path: {}, query: {}, headers: {} };
  for (const [target, expression] of Object.entries(integration.requestParameters ?? {})) {
    const [, kind, name = ''] = /^integration\.request\.([a-z]+)\.(.+)$/s.exec(target) ?? [];
    const values = requestValue(expression, request);
    if (values === undefined) continue;
    if (kind === 'path') mapped.path[name] = values.at(-1) ?? '';
    else if (kind?.endsWith('querystring')) mapped.query[name] = values;
    else setHeader(mapped.headers, name, headerValue(request, name, values.join(',')));
  }
  return mapped;
}

/** A line break from a query string or a path would begin a header of the caller's choice: HTTP clients refuse it. */
function headerValue(request: MethodRequest, name: string, value: string): string {
  if (/[\r\n\0]/.test(value)) throw configurationError(request, `Invalid value of header ${name}`);
  return value;
}

/** What the template wrote into $context.requestOverride beats what is mapped. */
function applyOverrides({ context }: MethodRequest, { path, query, headers }: Mapped): void {
  const override = context.requestOverride;
  for (const [name, value] of Object.entries(override.path)) path[name] = javaText(value);
  for (const [name, value] of Object.entries(override.querystring)) {
    query[name] = Array.isArray(value) ? value.map(javaText) : [javaText(value)];
  }
  for (const [name, value] of Object.entries(override.header)) {
    setHeader(headers, name, Array.isArray(value) ? value.map(javaText).join(',') : javaText(value));
  }
}
