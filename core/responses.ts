// Method and integration responses: a backend's 4xx and 5xx stay errors, in one shape of JSON.
import type { BoundMember } from './binding.ts';
import {
  clientErrorTemplate,
  type ErrorForm,
  functionErrorTemplate,
  serverErrorTemplate,
  statusOf,
  statusTemplate,
} from './error-template.ts';
import type { IntegrationResponse, MethodResponse } from './method-definition.ts';
import type { Operation } from './operation.ts';

const text = { contentHandling: 'CONVERT_TO_TEXT' } as const;

const names: Readonly<Record<number, string>> = {
  403: 'AccessDenied',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  412: 'PreconditionFailed',
  413: 'RequestTooLarge',
  415: 'UnsupportedMediaType',
  416: 'InvalidRange',
  429: 'TooManyRequests',
};

/** Response headers that API Gateway lets an integration response map. */
function responseHeaders(operation: Operation): string[] {
  const isRest = operation.protocol === 'rest-json' || operation.protocol === 'rest-xml';
  if (!isRest) return operation.protocol === 'ec2' ? ['Content-Type'] : [];
  const found = (operation.output?.headers ?? []).filter(
    name =>
      !/^(?:content-length|transfer-encoding|connection)$/i.test(name) &&
      (!/^x-amz/i.test(name) || name === 'x-amz-version-id'),
  );
  const isText = operation.protocol === 'rest-json' && operation.output?.payload === undefined;
  const hasType = found.some(name => name.toLowerCase() === 'content-type');
  return [...new Set(isText || hasType ? found : [...found, 'Content-Type'])].sort();
}

const mapped = (headers: readonly string[]) =>
  Object.fromEntries(
    headers.map(name => [`method.response.header.${name}`, `integration.response.header.${name}`]),
  );

/**
 * An answer without a template: the service's own body and headers. No contentHandling, for on an API with binary
 * media types CONVERT_TO_TEXT would make base64 of it.
 */
const through = (
  statusCode: string,
  headers: readonly string[],
  selectionPattern?: string,
): IntegrationResponse => ({
  statusCode,
  ...(selectionPattern !== undefined && { selectionPattern }),
  responseParameters: mapped(headers),
  responseTemplates: {},
});

function error(
  operation: Operation,
  statusCode: string,
  selectionPattern: string,
  template: string,
  form: ErrorForm,
): IntegrationResponse {
  const isXml = operation.protocol === 'rest-xml' || operation.protocol === 'ec2';
  const contentType = form === 'service' ? 'integration.response.header.Content-Type' : "'application/json'";
  return {
    statusCode,
    selectionPattern,
    responseParameters: isXml ? { 'method.response.header.Content-Type': contentType } : {},
    // API Gateway chooses a template by the content type of what the service answered.
    responseTemplates: {
      'application/json': template,
      ...(isXml && { 'application/xml': template }),
      ...(operation.protocol === 'ec2' && { 'text/xml': template }),
    },
    ...text,
  };
}

const isHeader =
  (name: string) =>
  ({ definition }: BoundMember) =>
    definition.location === 'header' && definition.locationName?.toLowerCase() === name;
const conditional = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since'];

/** Answers besides success that are no errors, where the caller can ask for them. */
function partial(
  members: readonly BoundMember[],
  operation: Operation,
  headers: readonly string[],
): IntegrationResponse[] {
  const asks = (name: string) => members.some(isHeader(name));
  const reads = operation.http.method === 'GET' || operation.http.method === 'HEAD';
  return [
    ...(reads && asks('range') ? [through('206', headers, '206')] : []),
    ...(reads && conditional.some(asks) ? [through('304', headers, '304')] : []),
  ];
}

/**
 * Statuses that no code in the body tells: an answer to HEAD has no body, and a REST service that speaks JSON has
 * the code in a header.
 */
function untold(operation: Operation): number[] {
  if (operation.http.method === 'HEAD') return [403, 404, 412];
  if (operation.protocol !== 'rest-json') return [];
  const modelled = operation.errors
    .map(statusOf)
    .filter(status => status > 400 && status < 500 && names[status]);
  return [...new Set([403, ...modelled])].sort();
}

/** The error's name where the model knows one for the status. */
function typeOf(operation: Operation, status: number): string {
  const codes = operation.errors.filter(one => one.status === status).map(({ code }) => code);
  return (codes.length === 1 ? codes[0] : names[status]) ?? 'ClientError';
}

function errors(operation: Operation, form: ErrorForm): IntegrationResponse[] {
  if (operation.service === 'lambda' && operation.action === 'Invoke') {
    return [error(operation, '502', '(\\n|.)+', functionErrorTemplate(form), form)];
  }
  const statuses = untold(operation).map(String);
  const others = statuses.length > 0 ? `(?!${statuses.map(status => status.slice(1)).join('|')})` : '';
  const one = (status: string, pattern: string, template: string) =>
    error(operation, status, pattern, template, form);
  return [
    ...statuses.map(status =>
      one(status, status, statusTemplate(operation, typeOf(operation, Number(status)), form)),
    ),
    one('400', `4${others}\\d{2}`, clientErrorTemplate(operation, form)),
    one('500', '5\\d{2}', serverErrorTemplate(operation, form)),
  ];
}

export function responsesOf(
  operation: Operation,
  members: readonly BoundMember[],
  form: ErrorForm,
): { methodResponses: MethodResponse[]; integrationResponses: IntegrationResponse[] } {
  const success = String(operation.http.responseCode ?? 200);
  const headers = responseHeaders(operation);
  const integrationResponses = [
    through(success, headers),
    ...partial(members, operation, headers),
    ...errors(operation, form),
  ];
  return {
    integrationResponses,
    methodResponses: integrationResponses.map(({ statusCode, responseParameters }) => ({
      statusCode,
      responseParameters: Object.fromEntries(Object.keys(responseParameters).map(name => [name, false])),
      responseModels: { 'application/json': 'Empty' },
    })),
  };
}
