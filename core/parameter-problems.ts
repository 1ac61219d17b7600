// Why an input member cannot come from where a route wants it to come from.
import {
  type BoundMember,
  hasBody,
  isPlain,
  isRest,
  isUnmappable,
  isWholeBody,
  type Route,
} from './binding.ts';
import type { Operation, Shape } from './operation.ts';
import { pathVariables } from './path.ts';

const isRecord = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const accepts: Readonly<Record<string, (value: unknown) => boolean>> = {
  structure: isRecord,
  map: isRecord,
  list: Array.isArray,
  boolean: value => typeof value === 'boolean',
  timestamp: value => typeof value === 'string' || typeof value === 'number',
  string: value => typeof value === 'string',
  blob: value => typeof value === 'string',
};

function constantProblem(
  operation: Operation,
  { member, definition }: BoundMember,
  value: unknown,
): string | undefined {
  const shape = operation.shapes[definition.shape];
  const type = shape?.document ? undefined : shape?.type;
  const isRight =
    type === undefined ? () => true : (accepts[type] ?? ((one: unknown) => typeof one === 'number'));
  if (!isRight(value)) return `must be a ${type}, as in the service's model, not ${JSON.stringify(value)}`;
  if (shape?.enum && !shape.enum.includes(String(value))) {
    return `${JSON.stringify(value)} is none of ${shape.enum.slice(0, 20).join(', ')}`;
  }
  if (isWholeBody(operation, member, definition))
    return 'is the request body, which passes through whole: it cannot be a constant';
  if (definition.location === 'header' && Array.isArray(value) && value.some(isNested)) {
    return 'must be a list of plain values: it travels in a header';
  }
  const isInUri = definition.location === 'querystring' && isNested(value);
  const isMapped = definition.location !== undefined && definition.location !== 'uri' && !isInUri;
  // A mapping's constant stands between single quotes, with no way to escape one.
  if (isRest(operation) && isMapped && !/^[\x20-\x26\x28-\x7e]*$/.test(headerText(value))) {
    return 'cannot hold quotes, line breaks or characters outside ASCII: API Gateway has no way to write them in a mapping';
  }
  return undefined;
}

const isNested = (value: unknown): boolean => typeof value === 'object' && value !== null;

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** A constant as a header has it: a list is separated by commas, a map of headers is tested by its values. */
export const headerText = (value: unknown): string =>
  isNested(value) ? Object.values(Object(value)).map(textOf).join(',') : textOf(value);

/** A list of plain values fits into a query string, one parameter each. */
export function isQueryList(operation: Operation, { definition }: Pick<BoundMember, 'definition'>): boolean {
  const shape: Shape | undefined = operation.shapes[definition.shape];
  return isRest(operation) && definition.location === 'querystring' && isPlainList(operation, shape);
}

const isPlainList = (operation: Operation, shape: Shape | undefined): boolean =>
  shape?.type === 'list' && isPlain(operation.shapes[shape.element ?? '']);

export function parameterProblem(operation: Operation, bound: BoundMember, route: Route): string | undefined {
  const { member, definition, source } = bound;
  const header = definition.locationName ?? member;
  if (isUnmappable(definition))
    return `is the header ${header}, which API Gateway does not let an integration set`;
  if ('context' in source) return undefined;
  if ('value' in source) return constantProblem(operation, bound, source.value);
  if (source.from === 'payload') {
    return hasBody(route.httpMethod)
      ? undefined
      : `${route.httpMethod} requests have no body to take it from`;
  }
  if (isWholeBody(operation, member, definition))
    return 'is the request body as a whole: it cannot come from elsewhere';
  const isMapped = isRest(operation) && definition.location !== undefined;
  if (source.from === 'body') {
    if (!hasBody(route.httpMethod)) return `${route.httpMethod} requests have no body to take it from`;
    return isMapped
      ? 'travels outside the body: take it from the query string, the path or a header'
      : undefined;
  }
  const shape = operation.shapes[definition.shape];
  if (definition.location === 'headers' || (definition.location === 'querystring' && shape?.type === 'map')) {
    return `is a set of ${definition.location === 'headers' ? 'headers' : 'parameters'}, which API Gateway cannot map whole: name each, as in "${member}.name", or fix it with {"value":…}`;
  }
  // Structures do not fit into a query string or a header; a list does where the service has it there too.
  const isList =
    (source.from === 'query' && isQueryList(operation, bound)) ||
    (source.from === 'header' && definition.location === 'header' && isPlainList(operation, shape));
  if (!isPlain(shape) && !isList) {
    return 'is a list or a structure: take it from the body, or fix it with {"value":…}';
  }
  if (source.from === 'path' && !pathVariables(route.path).includes(source.name)) {
    return `the path ${route.path} has no variable {${source.name}}`;
  }
  return undefined;
}
