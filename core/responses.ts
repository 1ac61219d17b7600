// Method and integration responses: a backend's 4xx and 5xx stay errors, in one shape of JSON.
import type { IntegrationResponse, MethodResponse } from './integration.ts';
import type { Operation } from './operation.ts';

const asJson = (variable: string) => `"$util.escapeJavaScript(${variable}).replaceAll("\\\\'","'")"`;

/** Error code and message of a backend's answer, by protocol. */
function readError(operation: Operation): string[] {
  switch (operation.protocol) {
    case 'rest-xml':
    case 'ec2':
      // XML is no tree in a mapping template: the two elements are cut out of the text.
      return [
        '#set($type = "")#set($message = "")#set($text = "$!input.body")',
        '#if($text.contains("<Code>"))#set($rest = $text.split("<Code>"))#set($rest = $rest[1].split("</Code>"))#set($type = $rest[0])#end',
        '#if($text.contains("<Message>"))#set($rest = $text.split("<Message>"))#set($rest = $rest[1].split("</Message>"))#set($message = $rest[0])#end',
      ];
    case 'query':
      return [
        '#set($error = $input.path("$.Error"))',
        '#set($type = "$!error.Code")#set($message = "$!error.Message")',
      ];
    default:
      return [
        '#set($error = $input.path("$"))',
        '#set($type = "$!error.__type")#if($type == "")#set($type = "$!error.Type")#end',
        '#if($type.contains("#"))#set($parts = $type.split("#"))#set($type = $parts[1])#end',
        '#set($message = "$!error.message")#if($message == "")#set($message = "$!error.Message")#end',
      ];
  }
}

/** Codes AWS documents as common to all services, besides those the model lists for the operation. */
const commonErrors = [
  { code: 'AccessDenied', status: 403 },
  { code: 'AccessDeniedException', status: 403 },
  { code: 'AuthorizationError', status: 403 },
  { code: 'ExpiredToken', status: 403 },
  { code: 'InvalidClientTokenId', status: 403 },
  { code: 'NoSuchBucket', status: 404 },
  { code: 'NoSuchKey', status: 404 },
  { code: 'NotFound', status: 404 },
  { code: 'PreconditionFailed', status: 412 },
  { code: 'ResourceNotFoundException', status: 404 },
  { code: 'Throttling', status: 429 },
  { code: 'ThrottlingException', status: 429 },
  { code: 'TooManyRequestsException', status: 429 },
];

/** awsJson services answer every client error with 400: what is missing or too much is said by the code alone. */
function statusOf({ code, status }: { code: string; status: number }): number {
  if (status !== 400) return status;
  if (/Thrott|TooManyRequests|ThroughputExceeded|LimitExceeded/.test(code)) return 429;
  if (/NotFound|NoSuch|NonExistent|DoesNotExist/.test(code)) return 404;
  if (/AccessDenied|Unauthorized|Forbidden/.test(code)) return 403;
  return status;
}

/** The template of 4xx answers: gives the status back that the code stands for, where it is not 400. */
function clientErrorTemplate(operation: Operation): string {
  const byStatus = new Map<number, Set<string>>();
  for (const error of [...operation.errors, ...commonErrors]) {
    const status = statusOf(error);
    if (status === 400 || status >= 500) continue;
    byStatus.set(status, (byStatus.get(status) ?? new Set()).add(error.code));
  }
  const overrides = [...byStatus].map(([status, codes]) => {
    const isOne = [...codes].map(code => `$type == "${code}"`).join(' || ');
    return `#if(${isOne})#set($context.responseOverride.status = ${status})#end`;
  });
  return [...readError(operation), ...overrides, errorBody].join('\n');
}

const errorBody = `{"error":{"type":${asJson('$type')},"message":${asJson('$message')},"requestId":"$context.requestId"}}`;

/** Response headers that API Gateway lets an integration response map. */
function responseHeaders(operation: Operation): string[] {
  const names = Object.values(operation.output?.members ?? {}).flatMap(({ location, locationName }) =>
    location === 'header' &&
    locationName &&
    !/^(content-length|transfer-encoding|connection)$/i.test(locationName)
      ? [locationName]
      : [],
  );
  return [...new Set(names)].sort();
}

export function responsesOf(
  operation: Operation,
  isBinary: boolean,
): { methodResponses: MethodResponse[]; integrationResponses: IntegrationResponse[] } {
  const success = String(operation.http.responseCode ?? 200);
  const isRest = operation.protocol === 'rest-json' || operation.protocol === 'rest-xml';
  const headers = isRest ? responseHeaders(operation) : [];
  if (operation.protocol === 'rest-xml' && !headers.includes('Content-Type')) headers.push('Content-Type');
  const text = { contentHandling: 'CONVERT_TO_TEXT' } as const;
  const models = { 'application/json': 'Empty' };
  const error = (statusCode: string, selectionPattern: string, template: string): IntegrationResponse => ({
    statusCode,
    selectionPattern,
    responseParameters:
      operation.protocol === 'rest-xml'
        ? { 'method.response.header.Content-Type': "'application/json'" }
        : {},
    responseTemplates: {
      'application/json': template,
      ...(operation.protocol === 'rest-xml' && { 'application/xml': template }),
    },
    ...text,
  });
  const errorHeaders =
    operation.protocol === 'rest-xml' ? { 'method.response.header.Content-Type': false } : {};
  const isFunction = operation.service === 'lambda' && operation.action === 'Invoke';
  return {
    methodResponses: [
      {
        statusCode: success,
        responseParameters: Object.fromEntries(
          headers.map(name => [`method.response.header.${name}`, false]),
        ),
        responseModels: models,
      },
      { statusCode: '400', responseParameters: errorHeaders, responseModels: models },
      { statusCode: isFunction ? '502' : '500', responseParameters: errorHeaders, responseModels: models },
    ],
    integrationResponses: [
      {
        statusCode: success,
        responseParameters: Object.fromEntries(
          headers.map(name => [`method.response.header.${name}`, `integration.response.header.${name}`]),
        ),
        responseTemplates: {},
        ...(isBinary ? {} : text),
      },
      ...(isFunction
        ? [error('502', '(\\n|.)+', functionErrorTemplate)]
        : [
            error('400', '4\\d{2}', clientErrorTemplate(operation)),
            error('500', '5\\d{2}', [...readError(operation), errorBody].join('\n')),
          ]),
    ],
  };
}

/** For Lambda, API Gateway matches the pattern with the function's errorMessage, not with a status. */
const functionErrorTemplate = [
  '#set($error = $input.path("$"))',
  '#set($type = "$!error.errorType")#set($message = "$!error.errorMessage")',
  '#if($type == "")#set($type = "FunctionError")#end',
  errorBody,
].join('\n');
