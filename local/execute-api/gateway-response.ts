// Answers that API Gateway gives itself: its types, statuses and messages, and what an API made of them.
import type { ApiSnapshot } from '../apigateway/model.ts';
import type { WireResponse } from '../service.ts';
import { fillIn } from './gateway-template.ts';
import { contextValue } from './mapping.ts';
import { allOf, decoded, last, type RouteRequest, setHeader } from './request.ts';

interface Default {
  readonly status: number;
  /** Value of x-amzn-ErrorType. */
  readonly errorType: string;
  readonly family: 'DEFAULT_4XX' | 'DEFAULT_5XX';
}

const client = (status: number, errorType: string): Default => ({ status, errorType, family: 'DEFAULT_4XX' });
const server = (status: number, errorType: string): Default => ({ status, errorType, family: 'DEFAULT_5XX' });

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html */
const defaults = {
  ACCESS_DENIED: client(403, 'AccessDeniedException'),
  API_CONFIGURATION_ERROR: server(500, 'InternalServerErrorException'),
  AUTHORIZER_CONFIGURATION_ERROR: server(500, 'AuthorizerConfigurationException'),
  AUTHORIZER_FAILURE: server(500, 'AuthorizerConfigurationException'),
  BAD_REQUEST_BODY: client(400, 'BadRequestException'),
  BAD_REQUEST_PARAMETERS: client(400, 'BadRequestException'),
  EXPIRED_TOKEN: client(403, 'ExpiredTokenException'),
  INTEGRATION_FAILURE: server(504, 'InternalServerErrorException'),
  INTEGRATION_TIMEOUT: server(504, 'InternalServerErrorException'),
  INVALID_API_KEY: client(403, 'ForbiddenException'),
  INVALID_SIGNATURE: client(403, 'InvalidSignatureException'),
  MISSING_AUTHENTICATION_TOKEN: client(403, 'MissingAuthenticationTokenException'),
  REQUEST_TOO_LARGE: client(413, 'RequestTooLargeException'),
  UNAUTHORIZED: client(401, 'UnauthorizedException'),
  UNSUPPORTED_MEDIA_TYPE: client(415, 'BadRequestException'),
} as const satisfies Record<string, Default>;

export type GatewayResponseType = keyof typeof defaults;

export interface GatewayErrorDetails {
  readonly status?: number;
  readonly errorType?: string;
  /** The whole body, where it is not the message alone. */
  readonly body?: string;
  /** What of a body its model refuses. */
  readonly validationError?: string;
}

export class GatewayError extends Error {
  readonly type: GatewayResponseType;
  readonly details: GatewayErrorDetails;
  constructor(type: GatewayResponseType, message: string, details: GatewayErrorDetails = {}) {
    super(message);
    this.type = type;
    this.details = details;
  }
}

/** A mistake in the API's configuration; the reason is for the log only. */
export function configurationError(request: RouteRequest, reason: string): GatewayError {
  request.log(`Execution failed due to configuration error: ${reason}`);
  return new GatewayError('API_CONFIGURATION_ERROR', 'Internal server error');
}

/** No such API or stage: there is nothing that could have customised the answer. */
export const forbidden = (): WireResponse => ({
  status: 403,
  headers: { 'Content-Type': 'application/json', 'x-amzn-ErrorType': 'ForbiddenException' },
  body: Buffer.from('{"message":"Forbidden"}'),
});

/** The front of API Gateway writes its messages without a space, the back with one (seen in recorded answers). */
function defaultBody({ type, message, details }: GatewayError): string {
  if (details.body !== undefined) return details.body;
  const text = JSON.stringify(message);
  const isFront = [401, 403].includes(defaults[type].status);
  return isFront ? `{"message":${text}}` : `{"message": ${text}}`;
}

/** What an answer can be made of. */
export interface Sender {
  readonly snapshot: ApiSnapshot;
  readonly headers: RouteRequest['headers'];
  readonly query: RouteRequest['query'];
  /** Of the route, where the request got that far. */
  readonly pathParameters?: RouteRequest['pathParameters'];
  readonly stageVariables: RouteRequest['stageVariables'];
}

/** The API's own version of the answer where it has one, for the type or for its family. */
export function gatewayResponse(
  error: GatewayError,
  sender: Sender,
  context: Readonly<Record<string, unknown>>,
): WireResponse {
  const { status, errorType, family } = defaults[error.type];
  const { gatewayResponses } = sender.snapshot;
  const custom = [error.type, family].flatMap(type =>
    gatewayResponses.filter(one => one.responseType === type && one.defaultResponse !== true),
  )[0];
  const { message, type: responseType, details } = error;
  const scope = {
    ...context,
    error: {
      message,
      messageString: JSON.stringify(message),
      responseType,
      // Escaped for JSON, but without quotes, unlike messageString (seen in answers of AWS).
      validationErrorString: JSON.stringify(details.validationError ?? '').slice(1, -1),
    },
  };
  const headers: Record<string, string> = {
    'Content-Type': 'application/json',
    'x-amzn-ErrorType': details.errorType ?? errorType,
  };
  for (const [target, source] of Object.entries(custom?.responseParameters ?? {})) {
    const [, name] = /^gatewayresponse\.header\.(.+)$/.exec(target) ?? [];
    const value = sourceValue(source, sender, scope);
    if (name !== undefined && value !== undefined) setHeader(headers, name, value);
  }
  const templates = custom?.responseTemplates ?? {};
  const [type, template] = Object.entries(templates).find(([one]) => one === 'application/json') ??
    Object.entries(templates)[0] ?? ['application/json', undefined];
  if (template !== undefined) setHeader(headers, 'Content-Type', headers['Content-Type'] ?? type);
  return {
    status: custom?.statusCode ? Number(custom.statusCode) : (details.status ?? status),
    headers,
    body: Buffer.from(
      template === undefined
        ? defaultBody(error)
        : fillIn(template, expression => sourceValue(expression, sender, scope)),
    ),
  };
}

function sourceValue(source: string, sender: Sender, context: Record<string, unknown>): string | undefined {
  if (/^'.*'$/s.test(source)) return source.slice(1, -1);
  if (source.startsWith('context.')) return contextValue(context, source.slice('context.'.length));
  if (source.startsWith('stageVariables.'))
    return sender.stageVariables[source.slice('stageVariables.'.length)];
  const [, kind, name = ''] = /^method\.request\.(header|querystring|path)\.(.+)$/.exec(source) ?? [];
  if (kind === 'header') return last(allOf(sender.headers, name));
  if (kind === 'querystring') return last(sender.query[name]);
  const { pathParameters = {} } = sender;
  return kind === 'path' && Object.hasOwn(pathParameters, name)
    ? decoded(pathParameters[name] ?? '')
    : undefined;
}
