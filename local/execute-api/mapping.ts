// Parameter mapping: values of a request or an answer by the expressions an integration names them with.
import { allOf, decoded, header, last, type MethodRequest } from './request.ts';
import { javaText } from './velocity/java.ts';
import { parseJson, writeJson } from './velocity/json.ts';
import { findJson } from './velocity/json-path.ts';

export interface BackendAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: Uint8Array;
}

/** A member of a JSON body: text as it is, anything else as JSON. */
function bodyMember(body: Uint8Array, path: string): string | undefined {
  const text = Buffer.from(body).toString();
  if (path === '') return text;
  try {
    const found = findJson(parseJson(text), path.startsWith('[') ? `$${path}` : `$.${path}`);
    if (found === undefined || found === null) return undefined;
    return typeof found === 'string' ? found : writeJson(found);
  } catch {
    return undefined;
  }
}

export function contextValue(context: Readonly<Record<string, unknown>>, path: string): string | undefined {
  let value: unknown = context;
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value === undefined || value === null ? undefined : javaText(value);
}

const listed = (value: string | undefined) => (value === undefined ? undefined : [value]);

/** `method.request.querystring.q`, `'constant'`, `context.requestId`, `stageVariables.x`, `method.request.body.a.b`. */
export function requestValue(expression: string, request: MethodRequest): readonly string[] | undefined {
  if (/^'.*'$/s.test(expression)) return [expression.slice(1, -1)];
  if (expression.startsWith('context.'))
    return listed(contextValue(request.context, expression.slice('context.'.length)));
  if (expression.startsWith('stageVariables.'))
    return listed(request.stageVariables[expression.slice('stageVariables.'.length)]);
  const [, kind = '', name = ''] = /^method\.request\.([a-z]+)\.?(.*)$/s.exec(expression) ?? [];
  const { pathParameters, query, headers } = request;
  switch (kind) {
    case 'path':
      return Object.hasOwn(pathParameters, name) ? listed(decoded(pathParameters[name] ?? '')) : undefined;
    case 'querystring':
      return listed(last(query[name]));
    case 'multivaluequerystring':
      return query[name];
    case 'header':
      return listed(header(headers, name));
    case 'multivalueheader':
      return allOf(headers, name);
    case 'body':
      return listed(bodyMember(request.body, bodyPath(expression, 'method.request.body')));
    default:
      return undefined;
  }
}

const bodyPath = (expression: string, prefix: string) => expression.slice(prefix.length).replace(/^\./, '');

export function responseValue(
  expression: string,
  answer: BackendAnswer,
  request: MethodRequest,
): string | readonly string[] | undefined {
  if (/^'.*'$/s.test(expression)) return expression.slice(1, -1);
  if (expression.startsWith('context.'))
    return contextValue(request.context, expression.slice('context.'.length));
  if (expression.startsWith('stageVariables.'))
    return request.stageVariables[expression.slice('stageVariables.'.length)];
  const [, kind = '', name = ''] = /^integration\.response\.([a-z]+)\.?(.*)$/s.exec(expression) ?? [];
  if (kind === 'header') return last(answer.headers[name.toLowerCase()]);
  if (kind === 'multivalueheader') return answer.headers[name.toLowerCase()];
  if (kind === 'body') return bodyMember(answer.body, bodyPath(expression, 'integration.response.body'));
  return undefined;
}
