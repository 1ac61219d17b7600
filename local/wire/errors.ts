// Errors as each protocol writes them.
import type { ServiceError, WireResponse } from '../service.ts';
import { writeBindings } from './bindings.ts';
import { writeJson } from './json.ts';
import type { ErrorModel, ServiceModel } from './model.ts';
import type { Protocol, WireService } from './services.ts';
import { type Members, membersOf } from './shapes.ts';
import { escapeXml, tag, writeMembers } from './xml.ts';

/** How one request wants to be answered. */
export interface AnswerStyle {
  readonly wire: Omit<WireService, 'load'>;
  /** The service's protocol, or the query protocol where the caller chose that. */
  readonly protocol: Protocol;
  /** A query request whose Accept header asks for JSON. */
  readonly wantsJson: boolean;
}

export function encodeError(
  style: AnswerStyle,
  model: ServiceModel | undefined,
  error: ServiceError,
  requestId: string,
): WireResponse {
  const modelled = model?.errors.get(error.code);
  switch (style.protocol) {
    case 'restJson1':
      return restJsonError(modelled, error, requestId);
    case 'awsJson1.0':
    case 'awsJson1.1':
      return awsJsonError(style, modelled, error, requestId);
    case 'awsQuery':
      return queryError(style, modelled, error, requestId);
    case 'restXml':
      return s3Error(error, requestId);
    default:
      return style.protocol satisfies never;
  }
}

function membersWithMessage(modelled: ErrorModel | undefined, error: ServiceError): Members {
  const names = modelled ? [...membersOf(modelled.schema)].map(([name]) => name) : [];
  const message = names.find(name => name.toLowerCase() === 'message') ?? 'message';
  const type = names.includes('Type') ? { Type: error.status < 500 ? 'User' : 'Service' } : {};
  return { ...type, [message]: error.message, ...error.members };
}

function restJsonError(
  modelled: ErrorModel | undefined,
  error: ServiceError,
  requestId: string,
): WireResponse {
  const members = membersWithMessage(modelled, error);
  const bound = modelled && writeBindings(modelled.schema, members);
  const body = bound ? documentWithMessage(bound.body, members) : Buffer.from(JSON.stringify(members));
  return {
    status: error.status,
    headers: {
      ...bound?.headers,
      'content-type': 'application/json',
      'x-amzn-requestid': requestId,
      'x-amzn-errortype': modelled?.name ?? error.code,
    },
    body,
  };
}

/** Some modelled errors declare no message, yet answer with one. */
function documentWithMessage(body: Uint8Array, members: Members): Uint8Array {
  const document: Members = JSON.parse(Buffer.from(body).toString());
  if ('message' in document || 'Message' in document) return body;
  return Buffer.from(JSON.stringify({ ...document, message: members.message }));
}

const coralErrors = new Set([
  'AccessDeniedException',
  'ExpiredTokenException',
  'InternalFailure',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'SerializationException',
  'UnknownOperationException',
  'UnrecognizedClientException',
]);

function typeOf(style: AnswerStyle, name: string): string {
  if (!style.wire.errorPrefix) return name;
  if (name === 'ValidationException') return `com.amazon.coral.validate#${name}`;
  return `${coralErrors.has(name) ? 'com.amazon.coral.service#' : style.wire.errorPrefix}${name}`;
}

function awsJsonError(
  style: AnswerStyle,
  modelled: ErrorModel | undefined,
  error: ServiceError,
  requestId: string,
): WireResponse {
  const members = membersWithMessage(modelled, error);
  const written = modelled ? writeJson(modelled.schema, members, { jsonNames: false }) : {};
  const queryCode = `${modelled?.queryCode ?? error.code};${error.status < 500 ? 'Sender' : 'Receiver'}`;
  return {
    status: error.status,
    headers: {
      'content-type': `application/x-amz-json-${style.protocol === 'awsJson1.0' ? '1.0' : '1.1'}`,
      'x-amzn-requestid': requestId,
      ...(style.wire.queryCompatible && { 'x-amzn-query-error': queryCode }),
    },
    body: Buffer.from(
      JSON.stringify({
        __type: typeOf(style, modelled?.name ?? error.code),
        ...members,
        ...(written as Members),
      }),
    ),
  };
}

function queryError(
  style: AnswerStyle,
  modelled: ErrorModel | undefined,
  error: ServiceError,
  requestId: string,
): WireResponse {
  const code = modelled?.queryCode ?? error.code;
  const type = error.status < 500 ? 'Sender' : 'Receiver';
  if (style.wantsJson) {
    const body = { Error: { Code: code, Message: error.message, Type: type }, RequestId: requestId };
    return { status: error.status, headers: jsonHeaders(requestId), body: Buffer.from(JSON.stringify(body)) };
  }
  const members = modelled ? writeMembers(modelled.schema, error.members) : '';
  const xml =
    `<ErrorResponse xmlns="${style.wire.xmlNamespace ?? ''}">` +
    tag('Error', tag('Type', type) + tag('Code', code) + tag('Message', escapeXml(error.message)) + members) +
    `${tag('RequestId', requestId)}</ErrorResponse>`;
  return { status: error.status, headers: xmlHeaders(requestId), body: Buffer.from(xml) };
}

function s3Error(error: ServiceError, requestId: string): WireResponse {
  const details = Object.entries(error.members).map(([name, value]) => tag(name, escapeXml(String(value))));
  const content = tag('Code', error.code) + tag('Message', escapeXml(error.message)) + details.join('');
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n${tag('Error', content + tag('RequestId', requestId))}`;
  return {
    status: error.status,
    headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId },
    body: Buffer.from(xml),
  };
}

export const jsonHeaders = (requestId: string) => ({
  'content-type': 'application/json',
  'x-amzn-requestid': requestId,
});

export const xmlHeaders = (requestId: string) => ({
  'content-type': 'text/xml',
  'x-amzn-requestid': requestId,
});
