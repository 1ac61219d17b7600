// The request an integration makes of a request to a route: template, parameters, address.
import type { Integration } from '@aws-sdk/client-api-gateway';
import { isBinary, toBackend } from './content.ts';
import { GatewayError } from './gateway-response.ts';
import { requestValue } from './mapping.ts';
import { header, type RouteRequest, singles } from './request.ts';
import { renderTemplate } from './vtl.ts';

export interface BackendRequest {
  readonly path: Record<string, string>;
  readonly query: Record<string, readonly string[]>;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
  /** Content type of the request to the route, without parameters. */
  readonly contentType: string;
}

const mediaType = (value: string | undefined) =>
  (value ?? 'application/json').split(';')[0]?.trim() || 'application/json';

/** The template for the request's content type, or none where the body passes through. */
function chooseTemplate(integration: Integration, contentType: string): string | undefined {
  const templates = integration.requestTemplates ?? {};
  const template = templates[contentType] ?? templates.$default;
  if (template !== undefined && template !== null) return template;
  const behaviour = integration.passthroughBehavior ?? 'WHEN_NO_MATCH';
  const isRefused =
    behaviour === 'NEVER' || (behaviour === 'WHEN_NO_TEMPLATES' && Object.keys(templates).length > 0);
  if (isRefused) throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', 'Unsupported Media Type');
  return undefined;
}

export function backendRequest(
  request: RouteRequest,
  integration: Integration,
  context: Record<string, unknown>,
): BackendRequest {
  const contentType = mediaType(header(request.headers, 'content-type'));
  const built: BackendRequest = { path: {}, query: {}, headers: {}, body: new Uint8Array(), contentType };
  for (const [target, expression] of Object.entries(integration.requestParameters ?? {})) {
    const [, kind, name = ''] = /^integration\.request\.(\w+)\.(.*)$/s.exec(target) ?? [];
    const values = requestValue(expression, request, context);
    if (values === undefined) continue;
    if (kind === 'path') built.path[name] = values.at(-1) ?? '';
    if (kind === 'querystring') built.query[name] = values;
    if (kind === 'header') built.headers[name] = values.join(',');
  }
  const template = chooseTemplate(integration, contentType);
  if (template === undefined) {
    const body = toBackend(
      request.body,
      integration.contentHandling,
      isBinary(request.snapshot, contentType),
    );
    return { ...built, body };
  }
  const rendered = renderTemplate(template, {
    input: {
      body: Buffer.from(request.body).toString(),
      path: request.pathParameters,
      querystring: singles(request.query),
      header: singles(request.headers),
    },
    context,
    stageVariables: request.stageVariables,
  });
  const { path = {}, querystring = {}, header: headers = {} } = rendered.requestOverride;
  for (const [name, value] of Object.entries(path)) built.path[name] = String(value);
  for (const [name, value] of Object.entries(querystring)) built.query[name] = [String(value)];
  for (const [name, value] of Object.entries(headers)) {
    for (const other of Object.keys(built.headers))
      if (other.toLowerCase() === name.toLowerCase()) delete built.headers[other];
    built.headers[name] = String(value);
  }
  return { ...built, body: Buffer.from(rendered.text) };
}
