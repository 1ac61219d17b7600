// Mapping templates of error responses: a service's error, in whatever form, as one shape of JSON.
import { readBody } from './body-template.ts';
import type { Operation, OperationError } from './operation.ts';

const asJson = (variable: string) => `"$util.escapeJavaScript(${variable}).replaceAll("\\\\'","'")"`;

const body = `{"error":{"type":${asJson('$type')},"message":${asJson('$message')},"requestId":"$context.requestId"}}`;

/** XML is no tree in a mapping template: an element is cut out of the text. */
const cut = (element: string, variable: string) =>
  `#if($text.contains("<${element}>"))#set($rest = $text.split("<${element}>"))#set($rest = $rest[1].split("</${element}>"))#set($${variable} = $rest[0])#end`;

/** What a caller gets for an error: one shape for all services, or the service's own body. */
export type ErrorForm = 'mapped' | 'service';

/** Ends a template: `type` is what to say where the answer names none. The service's own body stands alone in it. */
const ended = (form: ErrorForm, type: string, lines: readonly string[]): string =>
  form === 'service' ? [...lines, '$text'].join('') : [...lines, fallback(type), body].join('\n');

/** Sets $type and $message from a backend's answer, by protocol. */
function readError({ protocol }: Operation): string[] {
  const nothing = `${readBody}#set($type = "")#set($message = "")`;
  switch (protocol) {
    case 'rest-xml':
    case 'ec2':
      return [nothing, cut('Code', 'type'), cut('Message', 'message')];
    case 'query':
      // JSON, for API Gateway asks for it; a service that cannot answers in XML.
      return [
        nothing,
        '#if("$!body.Error.Code" != "")#set($type = "$!body.Error.Code")#set($message = "$!body.Error.Message")',
        `#else${cut('Code', 'type')}${cut('Message', 'message')}#end`,
      ];
    default:
      return [
        nothing,
        '#set($type = "$!body.__type")#if($type == "")#set($type = "$!body.code")#end',
        '#if($type.contains("#"))#set($parts = $type.split("#"))#set($type = $parts[1])#end',
        '#set($message = "$!body.message")#if($message == "")#set($message = "$!body.Message")#end',
      ];
  }
}

/** Codes AWS documents as common to all services, besides those the model lists for the operation. */
const commonErrors: readonly OperationError[] = [
  ...['AccessDenied', 'AccessDeniedException', 'AuthorizationError', 'ExpiredToken', 'InvalidClientTokenId'],
  ...['InvalidAccessKeyId', 'SignatureDoesNotMatch', 'UnrecognizedClientException'],
]
  .map(code => ({ code, status: 403 }))
  .concat(
    [
      'NoSuchBucket',
      'NoSuchKey',
      'NoSuchUpload',
      'NoSuchVersion',
      'NotFound',
      'ResourceNotFoundException',
    ].map(code => ({ code, status: 404 })),
    { code: 'MethodNotAllowed', status: 405 },
    ['BucketAlreadyExists', 'BucketAlreadyOwnedByYou', 'BucketNotEmpty', 'OperationAborted'].map(code => ({
      code,
      status: 409,
    })),
    { code: 'PreconditionFailed', status: 412 },
    { code: 'InvalidRange', status: 416 },
    ['Throttling', 'ThrottlingException', 'TooManyRequestsException', 'RequestLimitExceeded'].map(code => ({
      code,
      status: 429,
    })),
    ['ServiceUnavailable', 'SlowDown', 'ServiceUnavailableException'].map(code => ({ code, status: 503 })),
  );

/** awsJson services answer every client error with 400: what is missing or too much is said by the code alone. */
export function statusOf({ code, status }: OperationError): number {
  if (status !== 400) return status;
  if (/Thrott|TooManyRequests|ThroughputExceeded|LimitExceeded|OverLimit/.test(code)) return 429;
  if (/NotFound|NoSuch|NonExistent|DoesNotExist/.test(code)) return 404;
  if (/AccessDenied|Unauthorized|Forbidden/.test(code)) return 403;
  return status;
}

/** Gives back the status that a code stands for, where it is not the one of the integration response. */
function overrides(operation: Operation, from: number, below: number): string[] {
  const byStatus = new Map<number, Set<string>>();
  for (const error of [...operation.errors, ...commonErrors]) {
    const status = statusOf(error);
    if (status <= from || status >= below) continue;
    byStatus.set(status, (byStatus.get(status) ?? new Set()).add(error.code));
  }
  return [...byStatus].map(([status, codes]) => {
    const isOne = [...codes].map(code => `$type == "${code}"`).join(' || ');
    return `#if(${isOne})#set($context.responseOverride.status = ${status})#end`;
  });
}

const fallback = (type: string) => `#if("$!type" == "")#set($type = "${type}")#end`;

/** The template of 4xx answers. */
export const clientErrorTemplate = (operation: Operation, form: ErrorForm): string =>
  ended(form, 'ClientError', [...readError(operation), ...overrides(operation, 400, 500)]);

export const serverErrorTemplate = (operation: Operation, form: ErrorForm): string =>
  ended(form, 'ServerError', [...readError(operation), ...overrides(operation, 500, 600)]);

/**
 * For one status of a REST service that speaks JSON: the code stands in a header, out of a template's reach,
 * so the status says it.
 */
export const statusTemplate = (operation: Operation, type: string, form: ErrorForm): string =>
  ended(form, type, readError(operation));

/** For Lambda, API Gateway matches the pattern with the function's errorMessage, not with a status. */
export const functionErrorTemplate = (form: ErrorForm): string =>
  ended(form, 'FunctionError', [
    readBody,
    '#set($type = "$!body.errorType")#set($message = "$!body.errorMessage")',
  ]);
