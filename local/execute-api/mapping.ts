// Parameter mapping: values of a request or an answer by the expressions an integration names them with.
import { JSONPath } from 'jsonpath-plus';
import { header, last, type RouteRequest, type Values } from './request.ts';

function jsonPath(body: string, path: string): string | undefined {
  try {
    const found = JSONPath({
      path: `$${path === '' ? '' : `.${path}`}`,
      json: JSON.parse(body),
      wrap: false,
      eval: 'safe',
    });
    return found === undefined ? undefined : typeof found === 'string' ? found : JSON.stringify(found);
  } catch {
    return undefined;
  }
}

function contextValue(context: Record<string, unknown>, path: string): string | undefined {
  let value: unknown = context;
  for (const part of path.split('.'))
    value =
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[part] : undefined;
  return value === undefined ? undefined : String(value);
}

/** `method.request.querystring.q`, `'constant'`, `context.requestId`, `stageVariables.x`, `method.request.body.a.b`. */
export function requestValue(
  expression: string,
  request: RouteRequest,
  context: Record<string, unknown>,
): readonly string[] | undefined {
  if (/^'.*'$/s.test(expression)) return [expression.slice(1, -1)];
  const one = (value: string | undefined) => (value === undefined ? undefined : [value]);
  if (expression.startsWith('context.'))
    return one(contextValue(context, expression.slice('context.'.length)));
  if (expression.startsWith('stageVariables.'))
    return one(request.stageVariables[expression.slice('stageVariables.'.length)]);
  const [, kind = '', name = ''] = /^method\.request\.(\w+)\.?(.*)$/s.exec(expression) ?? [];
  const text = () => Buffer.from(request.body).toString();
  switch (kind) {
    case 'path':
      return one(request.pathParameters[name]);
    case 'querystring':
      return one(last(request.query[name]));
    case 'multivaluequerystring':
      return request.query[name];
    case 'header':
      return one(header(request.headers, name));
    case 'multivalueheader':
      return allOf(request.headers, name);
    case 'body':
      return one(name === '' ? text() : jsonPath(text(), name));
    default:
      return undefined;
  }
}

function allOf(headers: Values, name: string): readonly string[] | undefined {
  const found = Object.keys(headers).find(one => one.toLowerCase() === name.toLowerCase());
  return found === undefined ? undefined : headers[found];
}

export interface BackendAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: Uint8Array;
}

export function responseValue(
  expression: string,
  answer: BackendAnswer,
  context: Record<string, unknown>,
): string | undefined {
  if (/^'.*'$/s.test(expression)) return expression.slice(1, -1);
  if (expression.startsWith('context.')) return contextValue(context, expression.slice('context.'.length));
  const [, kind = '', name = ''] = /^integration\.response\.(\w+)\.?(.*)$/s.exec(expression) ?? [];
  if (kind === 'header') return last(answer.headers[name.toLowerCase()]);
  if (kind === 'multivalueheader') return answer.headers[name.toLowerCase()]?.join(',');
  if (kind === 'body') return jsonPath(Buffer.from(answer.body).toString(), name);
  return undefined;
}
