// Answers that API Gateway gives itself: its types, statuses and messages, and what an API made of them.
import type { ApiSnapshot } from '../apigateway/model.ts';
import type { WireResponse } from '../service.ts';
import { renderTemplate } from './vtl.ts';

interface Default {
  readonly status: number;
  /** Value of x-amzn-ErrorType. */
  readonly errorType?: string;
  readonly family: 'DEFAULT_4XX' | 'DEFAULT_5XX';
}

const client = (status: number, errorType: string): Default => ({ status, errorType, family: 'DEFAULT_4XX' });
const server = (status: number, errorType: string): Default => ({ status, errorType, family: 'DEFAULT_5XX' });

const defaults = {
  ACCESS_DENIED: client(403, 'AccessDeniedException'),
  API_CONFIGURATION_ERROR: server(500, 'InternalServerErrorException'),
  AUTHORIZER_CONFIGURATION_ERROR: server(500, 'AuthorizerConfigurationException'),
  BAD_REQUEST_BODY: client(400, 'BadRequestException'),
  BAD_REQUEST_PARAMETERS: client(400, 'BadRequestException'),
  FORBIDDEN: client(403, 'ForbiddenException'),
  INTEGRATION_FAILURE: server(504, 'InternalServerErrorException'),
  INTEGRATION_TIMEOUT: server(504, 'InternalServerErrorException'),
  INTERNAL: server(500, 'InternalServerErrorException'),
  INVALID_API_KEY: client(403, 'ForbiddenException'),
  INVALID_SIGNATURE: client(403, 'InvalidSignatureException'),
  MALFORMED_PROXY: server(502, 'InternalServerErrorException'),
  MISSING_AUTHENTICATION_TOKEN: client(403, 'MissingAuthenticationTokenException'),
  REQUEST_TOO_LARGE: client(413, 'RequestTooLargeException'),
  UNAUTHORIZED: client(401, 'UnauthorizedException'),
  UNSUPPORTED_MEDIA_TYPE: client(415, 'BadRequestException'),
} as const satisfies Record<string, Default>;

export type GatewayResponseType = keyof typeof defaults;

export class GatewayError extends Error {
  readonly type: GatewayResponseType;
  constructor(type: GatewayResponseType, message: string) {
    super(message);
    this.type = type;
  }
}

/** The API's own version of the answer where it has one, for the type or for its family. */
export function gatewayResponse(
  error: GatewayError,
  snapshot: ApiSnapshot | undefined,
  context: Record<string, unknown>,
): WireResponse {
  const { status, errorType, family }: Default = typeDefaults(error.type);
  const custom =
    snapshot?.gatewayResponses.find(one => one.responseType === error.type) ??
    snapshot?.gatewayResponses.find(one => one.responseType === family);
  const headers: Record<string, string> = { 'Content-Type': 'application/json' };
  if (errorType) headers['x-amzn-ErrorType'] = errorType;
  for (const [target, source] of Object.entries(custom?.responseParameters ?? {})) {
    const name = target.replace('gatewayresponse.header.', '');
    if (/^'.*'$/.test(source)) headers[name] = source.slice(1, -1);
  }
  const template = custom?.responseTemplates?.['application/json'];
  const body =
    template === undefined
      ? JSON.stringify({ message: error.message })
      : renderTemplate(template, {
          input: { body: '', path: {}, querystring: {}, header: {} },
          context: {
            ...context,
            error: {
              message: error.message,
              messageString: JSON.stringify(error.message),
              responseType: error.type,
              validationErrorString: error.message,
            },
          },
          stageVariables: {},
        }).text;
  return {
    status: custom?.statusCode ? Number(custom.statusCode) : status,
    headers,
    body: Buffer.from(body),
  };
}

const typeDefaults = (type: GatewayResponseType): Default => defaults[type];
